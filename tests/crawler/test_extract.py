"""``chandung extract``: pages in, posts out, and what it does with pages that are broken, hostile or no pages at all."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from crawler.engines.document import MAX_BYTES, Document
from crawler.engines.text import read_body
from crawler.extract import extract
from crawler.extract_file import extract_file
from data.errors import UnreadablePageError
from data.records import Page
from data.words import speak
from tests.effort import costs_less

THREAD = Path(__file__).parents[1] / "pages" / "xenforo" / "thread" / "page.html"
KEYS = {"url", "kind", "engine", "title", "text", "posts", "landing"}


def page(body: bytes | str, url: str = "https://dien-dan.example/threads/x.1/", **fields: Any) -> Page:
    return Page(url, body.encode() if isinstance(body, str) else body, **fields)


def run(*words: str, folder: Path, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-c", "from crawler.commands_extract import extract; extract()", *words],
        input=text,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=folder,
        env={**__import__("os").environ, "CHANDUNG_LANG": "en"},
    )


def test_a_quote_stands_where_it_was_and_is_marked() -> None:
    words = "<b>first</b><blockquote>Quiet motor?</blockquote>Very.<blockquote>And the <i>price</i>?<br>Too high</blockquote>No."
    read = read_body(html.fromstring(f"<div>{words}</div>"))
    assert read.shown == "first\n\n> Quiet motor?\n\nVery.\n\n> And the price?\n> Too high\n\nNo."
    assert (read.text, read.quoted) == ("first\n\nVery.\n\nNo.", "Quiet motor?\n\nAnd the price?\nToo high")


def test_a_thread_has_its_posts_and_their_text_in_order() -> None:
    found = extract(page(THREAD.read_bytes(), "https://ong.example/threads/ta-nao-it-ham.4182/"))
    assert set(found) == KEYS
    assert (found["kind"], found["engine"], len(found["posts"])) == ("thread", "xenforo", 3)
    assert found["text"] == "\n\n".join(post["own_text"] for post in found["posts"])
    assert set(found["posts"][0]) >= {
        "post_id",
        "author",
        "posted_at",
        "text",
        "own_text",
        "quoted",
        "reply_to",
        "url",
        "reactions",
    }
    assert "Có mẹ nào dùng tã" not in found["posts"][1]["own_text"]
    assert "> Có mẹ nào dùng tã" in found["posts"][1]["text"]


def test_a_product_has_its_reviews_and_its_landing_page() -> None:
    found = extract(
        page((THREAD.parents[2] / "none" / "shop" / "page.html").read_bytes(), "https://may-nho.example/ta-l")
    )
    assert found["kind"] == "product"
    assert [post["author"] for post in found["posts"]] == ["Mẹ Gấu", "Bố Tôm"]
    assert found["landing"] is not None


def test_relative_dates_need_the_time_of_fetching() -> None:
    body = (THREAD.parents[2] / "general" / "vietnamese-board" / "page.html").read_bytes()
    url = "https://xomxe.example/chu-de/xe-dien-mua-88"
    assert extract(page(body, url))["posts"][1]["posted_at"] is None
    known = extract(page(body, url), fetched_at=datetime(2026, 11, 21, 10, tzinfo=UTC))
    assert known["posts"][1]["posted_at"] == "2026-11-20T07:05:00+00:00"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ("Tiếng Việt có dấu".encode("utf-8-sig"), {}),
        ("Tiếng Việt có dấu".encode("utf-16"), {}),
        ("Tiếng Việt có dấu".encode(), {"content_type": "text/html; charset=iso-8859-1"}),
        ('<meta charset="iso-8859-1">Tiếng Việt có dấu'.encode(), {}),
        ("Tiếng Việt có dấu".encode() + b"\xff", {"content_type": "text/html; charset=utf-8"}),
        ("Tiếng Việt có dấu".encode(), {"content_type": "text/html; charset=no-such-thing"}),
    ],
)
def test_a_wrong_charset_does_not_spoil_the_letters(body: bytes, fields: dict[str, Any]) -> None:
    assert "Tiếng Việt có dấu" in Document(page(body, **fields)).text


def test_other_charsets_are_read_as_declared() -> None:
    assert "Größe – naïve" in Document(page("Größe – naïve".encode("cp1252"))).text
    assert "привет" in Document(page("привет".encode("cp1251"), content_type="text/html; charset=windows-1251")).text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   \n",
        b"\x00\x00\x00",
        b"<",
        b"<!-- -->",
        b"<html></html>",
        b"{",
        b"[[[[[[",
        b'{"post_stream": {"posts": [{"id": 1}]}}',
        b'{"post_stream": {"posts": "x"}}',
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50,
        b"<div>" * 1_000_000,
        b"<table><tr><td>" * 50_000,
        b'<html id="XF"><article class="message" data-content="post-1">',
        b'<script type="application/ld+json">' + b"[" * 100_000 + b"</script>",
        b'<html><head><script type="application/ld+json">{"@type":"Product","review":'
        + b'{"review":' * 5000
        + b"</script>",
        b"<p>" + b"a" * 3_000_000 + b"</p>",
        b"<time>" + b"12/" * 200_000 + b"</time>" * 3,
        ("<p class='post'>" + "<b>1/2/2020 " * 5000).encode(),
    ],
    ids=range(19),
)
def test_a_broken_page_gives_a_line_and_no_traceback(body: bytes) -> None:
    found = extract(page(body))
    assert set(found) - {"error"} == KEYS
    assert costs_less(20, lambda: extract(page(body)))


def test_a_page_nested_too_deeply_is_said_to_be() -> None:
    found = extract(page(b"<div>" * 100_000))
    assert found["posts"] == []
    assert "dien-dan.example" in found["error"]


def test_a_page_too_large_is_refused() -> None:
    with pytest.raises(UnreadablePageError):
        Document(page(b"x" * (MAX_BYTES + 1)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_torn_page_never_breaks_the_readers(data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(sorted(THREAD.parents[2].glob("*/*/page.*"))))
    body = bytearray(source.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, max(0, len(body) - 1)))
        size = data.draw(st.integers(0, 400))
        body[at : at + size] = data.draw(st.binary(max_size=20))
    found = extract(page(bytes(body)))
    assert set(found) - {"error"} == KEYS
    json.dumps(found)


def test_the_command_reads_lines_and_names_the_bad_ones(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.html.gz").write_bytes(gzip.compress(THREAD.read_bytes()))
    (tmp_path / "pages" / "torn.html.gz").write_bytes(gzip.compress(THREAD.read_bytes())[:200])
    lines = [
        json.dumps({"id": "a", "url": "https://ong.example/threads/x.4182/", "html_path": "pages/a.html.gz"}),
        "",
        "{not json",
        json.dumps({"id": "b", "url": "https://ong.example/threads/x.4182/", "html_path": "pages/none.html"}),
        json.dumps({"id": "c", "url": "https://ong.example/x"}),
        json.dumps({"id": "d", "url": "https://ong.example/x", "html_path": "pages/torn.html.gz"}),
        json.dumps(
            {"id": 7, "url": "https://ong.example/x", "html": "<p>Xin chào</p>", "fetched_at": "2026-11-21T10:00:00Z"}
        ),
        json.dumps({"id": "e", "url": "https://ong.example/x", "html": "", "fetched_at": "yesterday"}),
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    done = run("in.jsonl", folder=tmp_path)
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["a", 7]
    said = done.stderr.splitlines()
    assert [line.split(":")[0] for line in said] == ["Line 3", "Line 4", "Line 5", "Line 6", "Line 8"]
    assert done.returncode == 1


def test_several_processes_read_the_same_in_the_same_order(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(THREAD.read_bytes())
    at = "https://ong.example/threads/x.4182/"
    pages = [{"id": n, "url": at, "html_path": "none.html" if n % 7 == 3 else "a.html"} for n in range(26)]
    pages[9] = {"id": 9, "url": at, "html": "<div>" * 100_000}
    lines = "\n".join(["{no", "", *map(json.dumps, pages)]).encode()

    def read(processes: int) -> tuple[int, str, list[str]]:
        out, said = StringIO(), list[str]()
        return extract_file(BytesIO(lines), tmp_path, out, said.append, processes=processes), out.getvalue(), said

    speak("en")
    try:
        one, two = read(1), read(2)
    finally:
        speak(None)
    assert one == two
    assert (one[0], [json.loads(line)["id"] for line in one[1].splitlines()]) == (
        5,
        [n for n in range(26) if n % 7 != 3],
    )
    assert [line.split(":")[0] for line in one[2]] == ["Line 1", "Line 6", "Line 13", "Line 20", "Line 27"]
    assert "error" in json.loads(one[1].splitlines()[8])


def test_the_command_reads_standard_input_and_writes_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(THREAD.read_bytes())
    line = json.dumps({"id": "a", "url": "https://ong.example/threads/x.4182/", "html_path": "a.html"})
    done = run("-", "--output", "out.jsonl", folder=tmp_path, text=line + "\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    found = json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8"))
    assert len(found["posts"]) == 3


def test_a_small_file_that_unpacks_into_a_huge_one_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "bomb.html.gz").write_bytes(gzip.compress(b"0" * (MAX_BYTES + 2_000_000)))
    line = json.dumps({"id": "a", "url": "https://ong.example/x", "html_path": "bomb.html.gz"})
    done = run("-", folder=tmp_path, text=line)
    assert done.returncode == 1
    assert "larger than 50 MB" in done.stderr


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    done = run("nothing.jsonl", folder=tmp_path)
    assert done.returncode != 0
    assert "nothing.jsonl" in done.stderr


def test_a_page_that_never_opens_its_body_is_read() -> None:
    words = "Bé nhà em bảy tháng, tối nào cũng tràn tã, mẹ nào có cách gì chỉ em với ạ."
    page = (
        f"<!doctype html><html><head><title>Tã</title><main><h1>Tã</h1><article><p>{words}</p></article></main></html>"
    )
    found = extract(Page("https://blog.example/ta", page.encode(), content_type="text/html"))
    assert words in found["text"]
