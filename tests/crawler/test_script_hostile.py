"""Pages whose scripts mean harm, in a real browser: each ends in one sentence, and reaches nobody."""

from __future__ import annotations

import pytest

from data.browsers import script_trouble
from tests.conftest import StudyFolder
from tests.servers.site import Answer, Site

pytestmark = pytest.mark.browser
_TROUBLE = script_trouble()
in_browser = pytest.mark.skipif(_TROUBLE is not None, reason=f"pages cannot be opened in a browser here: {_TROUBLE}")

_HOSTILE = {
    "mai-khong-xong": "while (true) {}",
    "di-vong": "setInterval(() => { location.href = '/di-vong?' + Math.random() }, 10)",
    "hop-thoai": "onbeforeunload = () => 'no'; for (let i = 0; i < 20; i++) { alert(i); prompt(i) }; setInterval(() => alert(1), 5)",
    "cua-so": "setInterval(() => { window.open('/x' + Math.random()); window.open('INSIDE/open') }, 20)",
    "tai-ve": "const a = document.createElement('a'); a.href = '/tep.bin'; a.download = 'x'; document.body.append(a); a.click()",
    "ben-trong": "for (const url of ['INSIDE/a', '/nhay', 'http://10.0.0.1/']) fetch(url, {mode: 'no-cors'}).catch(() => 0);"
    "new WebSocket('INSIDE/ws'.replace('http', 'ws')); navigator.sendBeacon('INSIDE/beacon');"
    "for (const name of ['iframe', 'img']) { const e = document.createElement(name); e.src = 'INSIDE/' + name; document.body.append(e) };"
    "new Worker(URL.createObjectURL(new Blob(['fetch(\"INSIDE/worker\")'])))",
    "cuon-mai": "let n = 0; const more = () => fetch('/them?' + n++).then(r => r.text()).then(t => { document.body.append(t); more() });"
    "more()",
    "qua-lon": "const t = 'y'.repeat(10000); let h = ''; for (let i = 0; i < 5000; i++) h +="
    " '<p>' + t + '</p>'; document.body.innerHTML = h",
}


@in_browser
def test_hostile_pages_end_in_one_sentence_each_and_in_time(study: StudyFolder) -> None:
    inside = Site(lambda _: "mật")

    def page(path: str) -> Answer | str | None:
        name = path.strip("/").split("?")[0]
        if name == "nhay":
            return Answer("", 302, {"Location": f"{inside.url}/nhay"})
        if name not in _HOSTILE:
            return "thêm" if name == "them" else None
        script = _HOSTILE[name].replace("INSIDE", inside.url)
        return f"<html lang='vi'><title>Làng</title><body><div></div><script>{script}</script></body></html>"

    # ``inside`` is a server of somebody's own network, which the study does not name.
    with inside, Site(page) as site:
        study.write([{"url": f"{site.url}/{name}", "kind": "forum", "script": True} for name in _HOSTILE])
        sources = study.crawl("--timeout", "6", code=1)
    assert [source["state"] for source in sources] == ["failed"] * len(_HOSTILE)
    said = {source["url"].rsplit("/", 1)[1]: source["reason"] for source in sources}
    assert all(reason["sentence"] for reason in said.values())
    assert said["mai-khong-xong"]["key"] == "script.no_rest"
    assert said["ben-trong"]["key"] == "script.lacking"
    assert said["qua-lon"]["key"] in ("too_big", "script.no_rest")
    assert inside.asked == []
    asked = [path for path in site.paths() if path.strip("/") not in _HOSTILE]
    assert {path.split("?")[0] for path in asked} == {"/them", "/nhay"}
    assert len(asked) <= 84
