"""The label pages: they work without script, take nothing from elsewhere, and show what people wrote as text."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from analysis import serve
from data.labels import Label
from data.store import open_store
from data.words import entry, speak
from tests.filling import NOW
from tests.small_study import write_study

HERE = "http://localhost"
PAIN = {"kind": "complaint", "category": "quality", "target": "MiniCare", "severity": "3", "quote": "bị nóng"}


@pytest.fixture(autouse=True)
def in_english() -> Any:
    speak("en")
    yield
    speak(None)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return write_study(tmp_path).with_name("small.db")


class Browser:
    """A browser of one person on a server, without script."""

    def __init__(self, database: Path, lang: str = "en") -> None:
        self.datasette = serve.build(database, lang=lang)
        self.database = database
        self.cookies = {"chandung_coder": "lan"}

    def _ask(self, method: str, address: str, **more: Any) -> Any:
        async def asked() -> Any:
            await self.datasette.invoke_startup()
            return await self.datasette.client.request(method, address, cookies=self.cookies, **more)

        return asyncio.run(asked())

    def get(self, address: str) -> Any:
        return self._ask("GET", address)

    def send(self, address: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Any:
        return self._ask("POST", address, data=dict(fields), headers={"origin": HERE, **(headers or {})})

    def form(self, address: str, do: str, number: int = 0, **fields: str) -> Any:
        """Press the button ``do`` of the answer ``number`` (0: of the post) as it stands on the page."""
        page = self.get(address).text
        hidden = {"token": _value(page, "token")}
        if number:
            hidden["answer"] = _value(page[page.index(f'id="a{number}"') :], "answer")
        return self.send(address, {**hidden, "do": do, **fields})

    def labels(self) -> list[tuple[str, str, str | None]]:
        with open_store(self.database, read_only=True) as store:
            rows = store.query("select coder, verdict, quote from labels order by label_id")
            return [(row["coder"], row["verdict"], row["quote"]) for row in rows]


def _value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, name
    return html.unescape(found[1])


@pytest.fixture
def browser(database: Path) -> Browser:
    return Browser(database)


def test_the_list_leads_to_posts(browser: Browser) -> None:
    page = browser.get("/-/label").text
    assert "5 posts" in page
    assert 'href="/-/label/1?' in page
    assert "/-/label" in browser.get("/").text
    assert "1 post<" in browser.get("/-/label?words=MiniCare").text
    assert "hay bị nóng" in browser.get("/-/label?how=unsure&category=performance").text
    assert browser.get("/-/label?how=nonsense&state=x&page=zz").status_code == 200


def test_an_answer_is_accepted_rejected_changed_and_added(browser: Browser) -> None:
    for do, more in (("accept", {}), ("reject", {}), ("change", PAIN)):
        done = browser.form("/-/label/1", do, 1, **more)
        assert (done.status_code, "said=kept" in done.headers["location"]) == (303, True), do
    cue = {"what": "behaviour|repeat_buyer", "value": "", "who": "self", "group": "", "quote": "mới mua", "nth": ""}
    browser.form("/-/label/1", "add", **cue)
    assert browser.labels() == [
        ("lan", "accepted", "hay bị nóng"),
        ("lan", "rejected", "hay bị nóng"),
        ("lan", "changed", "bị nóng"),
        ("lan", "added", "mới mua"),
    ]
    page = browser.get("/-/label/1").text
    assert '<mark class="pain">bị nóng</mark>' in page
    assert '<mark class="cue">mới mua</mark>' in page


def test_done_leads_to_the_next_post_and_back(browser: Browser) -> None:
    first = browser.form("/-/label/1?state=open", "done")
    assert re.fullmatch(r"/-/label/\d\?state=open&from=1&said=done", first.headers["location"])
    there = browser.get(first.headers["location"]).text
    assert 'href="/-/label/1?state=open"' in there
    assert "5 posts" not in browser.get("/-/label?state=open").text
    assert "lan is done with this post" in browser.get("/-/label/1").text
    assert browser.labels() == [("lan", "accepted", "hay bị nóng"), ("lan", "done", None)]
    browser.form("/-/label/1", "reopen")
    browser.form("/-/label/1", "nothing")
    assert browser.labels()[1:] == [("lan", "rejected", "hay bị nóng"), ("lan", "nothing", None)]


def test_one_s_own_word_can_be_taken_back(browser: Browser) -> None:
    browser.form("/-/label/1", "accept", 1)
    browser.form("/-/label/1", "undo", 1)
    assert browser.labels() == []
    browser.form("/-/label/1", "accept", 1)
    browser.cookies = {"chandung_coder": "minh"}
    assert browser.form("/-/label/1", "undo", 1).status_code == 409
    assert browser.labels() == [("lan", "accepted", "hay bị nóng")]


def test_what_the_codebook_does_not_know_is_told_and_nothing_typed_is_lost(browser: Browser) -> None:
    done = browser.form("/-/label/1", "add", **{**PAIN, "quote": "bị lạnh", "target": "cái máy"})
    assert done.status_code == 400
    assert "the quote “bị lạnh” does not stand in the text" in done.text
    assert 'value="cái máy"' in done.text
    body = browser.form("/-/label/1", "add", what="weight_kg|", value="60", who="self", quote="mới mua")
    assert "read only where the study asks for it" in html.unescape(body.text)
    assert browser.labels() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:8001"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "", "referer": "https://evil.example/page"},
    ],
)
def test_forms_of_other_pages_are_refused(browser: Browser, headers: dict[str, str]) -> None:
    page = browser.get("/-/label/1").text
    fields = {"token": _value(page, "token"), "answer": _value(page, "answer"), "do": "reject"}
    assert browser.send("/-/label/1", fields, headers).status_code == 403
    assert browser.send("/-/label/1", {**fields, "token": "guessed"}).status_code == 403
    assert browser.send("/-/label/1", {"do": "done"}).status_code == 403
    assert browser.send("/-/label", {"coder": "x"}).status_code == 403
    assert browser.labels() == []


def test_no_page_can_frame_them_and_a_look_changes_nothing(browser: Browser) -> None:
    page = browser.get("/-/label/1?do=reject")
    assert page.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert browser.labels() == []
    assert browser.get("/-/label/99").status_code == 404


def test_hostile_posts_names_and_words_are_shown_as_text(browser: Browser) -> None:
    with open_store(browser.database) as store:
        store.save_labels([Label(4, "<img src=x>", "done", NOW)])
    page = browser.get('/-/label/4?words="><script>x</script>').text
    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<img src=x>" not in page
    assert "<script>x</script>" not in page + browser.get('/-/label?words="><script>x</script>').text


def test_the_name_is_kept_in_a_cookie_of_these_pages(browser: Browser) -> None:
    page = browser.get("/-/label").text
    done = browser.send("/-/label", {"token": _value(page, "token"), "coder": "Chị Mai", "state": "all"})
    kept = done.headers["set-cookie"]
    assert done.headers["location"] == "/-/label?state=all"
    assert ("HttpOnly" in kept, "SameSite=strict" in kept) == (True, True)
    browser.cookies = {"chandung_coder": kept.partition("=")[2].partition(";")[0]}
    assert 'value="Chị Mai"' in browser.get("/-/label").text


def test_an_answer_that_changed_meanwhile_is_not_judged(browser: Browser) -> None:
    page = browser.get("/-/label/1").text
    fields = {"token": _value(page, "token"), "answer": _value(page, "answer"), "do": "accept"}
    browser.form("/-/label/1", "change", 1, **PAIN)
    done = browser.send("/-/label/1", fields)
    assert done.status_code == 409
    assert "has changed since" in done.text
    assert [verdict for _, verdict, _ in browser.labels()] == ["changed"]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_codes_say_what_they_mean(database: Path, lang: str) -> None:
    page = html.unescape(Browser(database, lang).get("/-/label/1").text)
    for area, code in (("kinds", "unmet_need"), ("categories", "delivery"), ("severity", "3")):
        means = entry(f"codebook.{area}", lang)[code]
        assert f'title="{means}"' in page
        assert f"<dd>{means}</dd>" in page
    assert f'title="{entry("codebook.values.gender", lang)["female"]}"' in page


@pytest.mark.parametrize(("lang", "words"), [("vi", "Còn thiếu gì?"), ("en", "What is missing?")])
def test_both_languages(database: Path, lang: str, words: str) -> None:
    assert words in Browser(database, lang).get("/-/label/1").text
