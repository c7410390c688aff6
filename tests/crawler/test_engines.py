"""Every engine on its saved pages, and on everybody else's: ``tests/pages/<engine>/<case>/``.

A case is a page and what must be read out of it: ``page.html`` or ``page.json``, and ``expected.json``, whose ``url`` is where
the page is said to come from. A new case needs ``{"url": …}`` there; then, and after a change that is right,
``python -m tests.crawler.test_engines --write [ENGINE/CASE …]`` writes the rest: read the difference.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler import shops, structured
from crawler.engines import detect, engine, engines
from crawler.engines.document import Document
from crawler.engines.shop import Shop
from crawler.engines.walls import login_wall
from crawler.extract import read
from data.errors import UnreadablePageError
from data.records import Page

PAGES = Path(__file__).parents[1] / "pages"
FETCHED = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
NOT_ENGINES = ("landing",)
CASES = sorted(path for path in PAGES.glob("*/*") if path.is_dir() and path.parent.name not in NOT_ENGINES)


def name(case: Path) -> str:
    return f"{case.parent.name}/{case.name}"


def expected_of(case: Path) -> dict[str, Any]:
    """What must be read out of a case; ``url`` is where the page is said to come from."""
    found: dict[str, Any] = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    return found


def document(case: Path) -> Document:
    path = next(case.glob("page.*"))
    kind = "application/json" if path.suffix == ".json" else "text/html; charset=utf-8"
    return Document(Page(expected_of(case)["url"], path.read_bytes(), content_type=kind, fetched_at=FETCHED))


def reading(case: Path) -> dict[str, Any]:
    """All that is read out of a case: what sort of page, by whom, and its thread or list."""
    doc = document(case)
    found = detect(doc)
    result: dict[str, Any] = {"url": doc.url, "engine": found.name if found else None, "kind": read(doc).kind}
    reader = found or engine("reviews" if case.parent.name == "reviews" else "general")
    if isinstance(reader, Shop) and reader.kind(doc) == "thread":
        result["thread"] = plain(asdict(shops.read_product(doc, reader)))
    elif reader.kind(doc) == "thread" and (result["kind"] == "thread" or reader.of_article):
        thread = structured.read_thread(doc) if case.parent.name == "structured" else reader.read_thread(doc)
        result["thread"] = plain(asdict(thread)) if thread else None
    elif reader.kind(doc) == "list":
        result["list"] = plain(asdict(reader.read_list(doc)))
    elif case.parent.name == "structured":
        thread = structured.read_thread(doc)
        result["thread"] = plain(asdict(thread)) if thread else None
    if case.parent.name == "none":
        result["reviews"] = [plain(asdict(post)) for post in structured.read_reviews(doc)]
    return result


def plain(value: Any) -> Any:
    """Ready for JSON; what is not shown is left out, so that expectations stay short."""
    if isinstance(value, dict):
        shown = {key: item for key, item in value.items() if item is not False and (item == 0 or item)}
        return {key: plain(item) for key, item in shown.items() if (key, item) != ("left_out", 0)}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, datetime) else value


@pytest.mark.parametrize("case", CASES, ids=name)
def test_a_page_is_read_as_expected(case: Path) -> None:
    assert reading(case) == expected_of(case)


@pytest.mark.parametrize("case", CASES, ids=name)
def test_an_engine_knows_its_own_pages_and_no_others(case: Path) -> None:
    doc = document(case)
    knows = [one.name for one in engines() if one.detect(doc)]
    own = case.parent.name
    assert knows == ([own] if own in {one.name for one in engines()} - {"general", "reviews"} else [])


def test_every_engine_has_a_case() -> None:
    assert {one.name for one in engines()} <= {case.parent.name for case in CASES}


def test_a_post_without_its_body_stops_the_whole_page() -> None:
    case = PAGES / "xenforo" / "thread"
    body = (
        (case / "page.html")
        .read_text(encoding="utf-8")
        .replace("bbWrapper", "x")
        .replace("message-body", "x")
        .replace("message-userContent", "x")
    )
    doc = Document(Page(expected_of(case)["url"], body.encode()))
    with pytest.raises(UnreadablePageError, match=r"ong\.example"):
        engine("xenforo").read_thread(doc)


def test_a_login_wall_is_said_to_be_one() -> None:
    assert login_wall(document(PAGES / "xenforo" / "login"))
    assert not login_wall(document(PAGES / "xenforo" / "thread"))
    assert not login_wall(document(PAGES / "none" / "shop"))


def test_quotes_in_the_same_words_lead_to_the_post_quoted() -> None:
    thread = engine("machina").read_thread(document(PAGES / "machina" / "thread"))
    assert [(post.quoted, post.reply_to) for post in thread.posts] == [(None, None), ("Có ai bị chưa?", "284")]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://hoi.example/t/thanh-toan-loi/611", "https://hoi.example/t/611.json"),
        ("https://hoi.example/t/thanh-toan-loi/611/3", "https://hoi.example/t/611.json"),
        ("https://hoi.example/t/611", "https://hoi.example/t/611.json"),
        ("https://hoi.example/forum/t/2024-review/611?page=2", "https://hoi.example/forum/t/611.json?page=2"),
        ("https://hoi.example/t/611.json", None),
        ("https://hoi.example/c/hoi-dap/5", None),
    ],
)
def test_discourse_threads_are_fetched_as_json(url: str, expected: str | None) -> None:
    assert engine("discourse").thread_address(url) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://hoi.example/", "https://hoi.example/latest.json"),
        ("https://hoi.example/c/hoi-dap/5", "https://hoi.example/c/hoi-dap/5.json"),
        ("https://hoi.example/c/hoi-dap/5.json", None),
        ("https://hoi.example/t/x/5", None),
    ],
)
def test_discourse_boards_are_fetched_as_json(url: str, expected: str | None) -> None:
    assert engine("discourse").board_address(url) == expected


@pytest.mark.parametrize(
    ("engine_name", "one", "two"),
    [
        ("xenforo", "https://a.example/threads/ta.4182/", "https://a.example/threads/ta-moi.4182/page-3#post-9"),
        ("phpbb", "https://a.example/viewtopic.php?f=2&t=778", "https://a.example/viewtopic.php?t=778&start=15&sid=ab"),
        ("vbulletin", "https://a.example/showthread.php?t=5", "https://a.example/showthread.php?t=5&page=2"),
        ("mybb", "https://a.example/showthread.php?tid=12", "https://a.example/thread-12-page-3.html"),
        ("mybb", "https://a.example/thread-12.html", "https://a.example/showthread.php?tid=12&pid=90#pid90"),
        (
            "smf",
            "https://a.example/index.php?topic=57.0",
            "https://a.example/index.php?topic=57.msg801;topicseen#msg801",
        ),
        (
            "smf",
            "https://a.example/index.php/topic,57.0.html",
            "https://a.example/index.php?PHPSESSID=ab12&topic=57.15",
        ),
        ("fluxbb", "https://a.example/viewtopic.php?id=61", "https://a.example/viewtopic.php?id=61&p=2"),
        ("punbb", "https://a.example/topic/90/phan/", "https://a.example/topic/90/phan/page/2/"),
        ("punbb", "https://a.example/topic90-phan.html", "https://a.example/viewtopic.php?id=90&p=2"),
        ("woltlab", "https://a.example/thread/77-noi/", "https://a.example/thread/77-noi/?pageNo=2&postID=9#post9"),
        (
            "woltlab",
            "https://a.example/index.php?thread/77-noi/",
            "https://a.example/index.php/Thread/77-Noi/?pageNo=3",
        ),
        ("ipboard", "https://a.example/topic/42-diu/", "https://a.example/index.php?/topic/42-diu/page__st__20"),
        ("phpbb2", "https://a.example/viewtopic.php?t=318", "https://a.example/viewtopic.php?t=318&start=15&sid=ab"),
        (
            "vbulletin",
            "https://a.example/forum/len/55-len-cho-be",
            "https://a.example/forum/len/55-len-cho-be/page2?p=140",
        ),
        ("spirit", "https://a.example/topic/36/x/", "https://a.example/topic/36/x/?page=2"),
        ("discourse", "https://a.example/t/ten-chu-de/611", "https://a.example/t/611.json?page=2"),
        ("general", "https://a.example/chu-de/xe-1", "https://a.example/chu-de/xe-1?page=4"),
    ],
)
def test_a_thread_is_the_same_on_every_page(engine_name: str, one: str, two: str) -> None:
    reader = engine(engine_name)
    assert reader.identify_thread(one) == reader.identify_thread(two)


if __name__ == "__main__" and "--write" in sys.argv:
    wanted = sys.argv[sys.argv.index("--write") + 1 :]
    for case in CASES:
        if not wanted or name(case) in wanted:
            text = json.dumps(reading(case), ensure_ascii=False, indent=1)
            (case / "expected.json").write_text(text + "\n", encoding="utf-8", newline="\n")
