"""Forums that show their posts by script only: proposed by ``check``, read with ``script: true``, in a real browser.

The forum and its people are invented.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from typing import Any

import pytest

from data.browsers import find_browser, script_trouble
from tests.conftest import StudyFolder
from tests.servers.plain_forum import SAYINGS
from tests.servers.script_forum import ScriptForum
from tests.servers.site import Answer

pytestmark = pytest.mark.browser
_TROUBLE = script_trouble()
in_browser = pytest.mark.skipif(_TROUBLE is not None, reason=f"pages cannot be opened in a browser here: {_TROUBLE}")


def _filled(threads: int = 6) -> ScriptForum:
    forum = ScriptForum()
    for number in range(threads):
        texts = [f"{SAYINGS[(number + place) % 5]} (lần {number}.{place})" for place in range(3 + 2 * (number % 2))]
        forum.thread(f"Loại nào tốt cho bé số {number}?", *texts)
    return forum


def _checked(study: StudyFolder, code: int) -> dict[str, Any]:
    done = study.run("check", "--json")
    assert done.returncode == code, done.stdout + done.stderr
    [source] = json.loads(done.stdout)["sources"]
    return dict(source)


@in_browser
def test_check_looks_again_in_a_browser_and_says_what_to_add(study: StudyFolder) -> None:
    with _filled(3) as forum:
        found = _checked(study.write([{"url": forum.url, "terms": "đọc 2026-11"}]), 1)
    assert found["problem"]["key"] == "script.needed"
    assert "Add “script: true”" in found["problem"]["sentence"]
    assert (found["kind"], found["threads"], found["posts"]) == ("forum", 3, 3)
    assert found["preview"]["text"] in {text for text, _ in forum.written}
    assert not study.database.exists()


def test_without_a_browser_check_says_what_is_missing(study: StudyFolder) -> None:
    study.environment["CHANDUNG_CHROMIUM"] = "/khong/co/trinh-duyet"
    with _filled(1) as forum:
        found = _checked(study.write([{"url": forum.url}]), 1)
        assert found["problem"]["key"] == "hardly_anything"
        assert "script.perhaps" in {warning["key"] for warning in found["warnings"]}
        study.write([{"url": forum.url, "script": True}])
        asked = len(forum.asked)
        [crawled] = study.crawl(code=1)
    assert crawled["state"] == "failed"
    assert crawled["reason"]["key"] in ("script.no_named_browser", "script.no_package")
    assert len(forum.asked) == asked, "nothing is asked of a site that cannot be read"


@in_browser
def test_a_program_that_is_no_browser_is_told_as_one_that_does_not_start(study: StudyFolder) -> None:
    study.environment["CHANDUNG_CHROMIUM"] = sys.executable
    with _filled(1) as forum:
        [crawled] = study.write([{"url": forum.url, "script": True}]).crawl(code=1)
    assert crawled["reason"]["key"] == "script.no_start"
    assert sys.executable in crawled["reason"]["sentence"]


@in_browser
def test_a_crawl_brings_every_post_and_the_next_one_only_what_is_new(study: StudyFolder) -> None:
    with _filled() as forum:
        study.write([{"url": forum.url, "script": True}])
        [first] = study.crawl()
        assert (first["state"], first["posts_new"], first["threads"]) == ("done", len(forum.written), 6)
        stored = study.rows("select text, posted_at, author from posts_flat")
        assert {(text, at) for text, at, _ in stored} == {
            (text, at.replace("+00:00", "Z")) for text, at in forum.written
        }
        assert all(author for _, _, author in stored)
        assert forum.paths().count("/draw.js") == 1, "a script is fetched once a crawl"
        unwanted = {"/logo.png", "/style.css", "/favicon.ico"}
        assert not unwanted & set(forum.paths())
        for asked in forum.asked:
            assert asked.headers["User-Agent"].startswith("Chandung/")
            assert "Cookie" not in asked.headers
            assert "If-None-Match" not in asked.headers, "the empty page never changes, and says nothing of its posts"

        [second] = study.crawl()
        assert (second["posts_new"], second["posts_changed"], second["pages"]) == (0, 0, 1)

        forum.reply(forum.threads[1], "Nhà em đổi sang loại dán, bé hết hăm rồi các mẹ ạ.")
        [third] = study.crawl()
        assert (third["posts_new"], third["posts_changed"]) == (1, 0)
    assert study.count("posts") == len(forum.written)


@in_browser
def test_robots_and_broken_answers_hold_for_scripts_too(study: StudyFolder) -> None:
    with ScriptForum(robots="User-agent: *\nDisallow: /api/") as forum:
        forum.thread("Tã nào tốt?", *SAYINGS[:3])
        [refused] = study.write([{"url": forum.url, "script": True}]).crawl(code=1)
        assert refused["reason"]["key"] == "script.lacking"
        assert "robots.txt" in refused["reason"]["sentence"]
        assert not [path for path in forum.paths() if path.startswith("/api")]
    with _filled(3) as forum:
        forum.broken["/api/threads/2-chu-de/"] = Answer("{}", 500)
        [partial] = study.write([{"url": forum.url, "script": True}]).crawl(code=1)
        assert (partial["state"], partial["threads"]) == ("partial", 2), "a page half drawn is no page"
        forum.broken.clear()
        [whole] = study.crawl()
    assert (whole["state"], study.count("posts")) == ("done", len(forum.written))


@in_browser
@pytest.mark.skipif(sys.platform == "win32", reason="processes are listed as Linux and macOS list them")
@pytest.mark.parametrize("sign", ["SIGKILL", "SIGTERM"])
def test_a_kill_leaves_no_browser_and_the_next_crawl_goes_on(study: StudyFolder, sign: str) -> None:
    psutil = pytest.importorskip("psutil", reason="psutil is not installed")
    with _filled(4) as forum:
        study.write([{"url": forum.url, "script": True}])
        page, over = forum.page, threading.Event()

        def held(path: str) -> Answer | str | None:
            if len(forum.paths()) > 8:
                over.wait(600)
            return page(path)

        forum.page = held  # type: ignore[method-assign]
        running = study.start("crawl", "--json")
        while len(forum.paths()) < 8 and running.poll() is None:
            time.sleep(0.05)
        assert running.poll() is None, running.communicate()
        started = psutil.Process(running.pid).children(recursive=True)
        browsers = [one for one in started if "--headless" in " ".join(one.cmdline())]
        assert browsers, [one.cmdline()[:1] for one in started]
        running.send_signal(getattr(signal, sign))
        over.set()
        running.communicate(timeout=600)
        assert not psutil.wait_procs(started, timeout=600)[1], "no browser and no helper of it stays behind"
        [whole] = study.crawl()
        assert whole["state"] == "done"
    assert study.count("posts") == len(forum.written)


def test_the_browser_named_is_the_one_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANDUNG_CHROMIUM", "/khong/co")
    assert find_browser() is None
    monkeypatch.setenv("CHANDUNG_CHROMIUM", sys.executable)
    assert find_browser() == sys.executable
