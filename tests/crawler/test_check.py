"""``chandung check``: what each source is, one post as a preview, and nothing stored."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from rich.console import Console

from crawler.checked import Checked, Preview
from crawler.platforms import platforms
from crawler.progress import checked_sources, summary
from crawler.reasons import Reason
from crawler.results import CrawlResult, SourceResult
from crawler.told import what
from data.store.base import CrawlCounts
from data.words import LANGUAGES, entry, language, speak
from tests.conftest import StudyFolder
from tests.crawler.test_feed import LittlePage
from tests.servers.little_forum import LittleForum
from tests.servers.site import Site

_SHOP = """<html lang="vi"><head><title>MiniCare</title><meta name=description content="Tã êm cho bé, gọi 0912345678"></head>
<body><h1>Tã MiniCare</h1><p>Dành cho mẹ bỉm. Giá 189.000đ một gói, giao trong ngày, đổi trả bảy ngày.</p></body></html>"""


def _checked(study: StudyFolder, code: int) -> list[dict[str, Any]]:
    done = study.run("check", "--json")
    assert done.returncode == code, done.stdout + done.stderr
    sources: list[dict[str, Any]] = json.loads(done.stdout)["sources"]
    return sources


def test_it_says_what_each_source_is_and_stores_nothing(study: StudyFolder) -> None:
    robots = "User-agent: *\nCrawl-delay: 0.2"
    with LittleForum(robots=robots) as forum, LittlePage() as feed, Site(lambda _: _SHOP) as shop:
        thread = forum.thread("Tã nào tốt?")
        forum.reply(thread, "<p>Gọi mình 0987654321 nhé</p>", author="Mẹ Bắp")
        study.write(
            [
                {"url": forum.url, "terms": None},
                {"url": f"{feed.url}/feed.xml", "terms": "đọc 2026-11"},
                {"url": shop.url, "kind": "site"},
            ]
        )
        found_forum, found_feed, found_shop = _checked(study, 0)
    assert (found_forum["kind"], found_forum["engine"], found_forum["robots"]) == ("forum", "spirit", "allowed")
    assert found_forum["preview"]["text"] == "Gọi mình [phone] nhé"
    assert "Bắp" not in json.dumps(found_forum, ensure_ascii=False), "a preview names nobody"
    assert {warning["key"] for warning in found_forum["warnings"]} == {"no_terms", "slower"}
    assert (found_feed["kind"], found_feed["threads"], found_feed["warnings"]) == ("feed", 3, [])
    assert found_feed["robots"] == "none"
    assert (found_shop["kind"], found_shop["preview"]["title"]) == ("site", "MiniCare")
    assert "[phone]" in found_shop["preview"]["text"]
    assert [path.name for path in study.folder.iterdir()] == ["study.yaml"]


def test_what_cannot_be_read_is_told_with_its_reason(study: StudyFolder) -> None:
    with Site(lambda _: "x", robots="User-agent: *\nDisallow: /") as closed:
        study.write([{"url": closed.url, "token": "${KHONG_CO_TOKEN}"}, {"url": "http://khong-co.invalid/"}])
        first, second = _checked(study, 1)
        assert closed.paths() == []
    assert (first["robots"], first["problem"]["key"]) == ("forbidden", "robots")
    assert "no_secret" in {warning["key"] for warning in first["warnings"]}
    assert second["problem"]["key"] == "no_such_host"


def test_a_missing_token_is_what_keeps_a_source_from_being_read(study: StudyFolder) -> None:
    with LittleForum() as forum:
        forum.thread("Bỉm nào tốt", "<p>Chào cả nhà</p>")
        [one] = _checked(study.write([{"url": forum.url, "token": "${KHONG_CO_TOKEN}"}]), 1)
    assert one["problem"]["key"] == "no_secret"


def test_it_speaks_to_people_too(study: StudyFolder) -> None:
    study.environment["CHANDUNG_LANG"] = "vi"
    with LittleForum() as forum:
        forum.thread("Tã nào tốt?", "<p>Mọi người \x1b[31m chỉ em với</p>")
        done = study.write([{"url": forum.url}]).run("check")
    assert done.returncode == 0
    assert "diễn đàn, đọc bằng spirit" in done.stdout
    assert "Nguồn nào cũng đọc được" in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    ("kind", "engine", "vi", "en"),
    [
        ("forum", "xenforo", "diễn đàn, đọc bằng xenforo", "forum, read by xenforo"),
        (
            "forum",
            "general",
            "diễn đàn (phần mềm lạ)",
            "forum (unknown software)",
        ),
        ("fanpage", "mastodon", "tài khoản Mastodon", "Mastodon account"),
        ("forum", "reddit", "cộng đồng Reddit", "Reddit community"),
        ("fanpage", None, "trang mạng xã hội", "social page"),
        ("reviews", "reviews", "đánh giá", "reviews"),
        (None, None, "–", "–"),
    ],
)
def test_what_a_source_is_in_words(kind: str | None, engine: str | None, vi: str, en: str) -> None:
    before = language()
    try:
        for lang, said in (("vi", vi), ("en", en)):
            speak(lang)
            assert what(kind, engine) == said
    finally:
        speak(before)


def test_every_platform_has_a_name_of_its_own() -> None:
    for lang in LANGUAGES:
        places = entry("crawl.places", lang)
        assert {one.name for one in platforms()} - {"stackexchange"} <= set(places)


def test_its_help_speaks_of_checking(study: StudyFolder) -> None:
    assert "Check only this source" in study.run("check", "--help").stdout


def test_a_wrong_study_is_told_before_anything_is_fetched(study: StudyFolder) -> None:
    with LittleForum() as forum:
        done = study.write([{"url": forum.url, "kinds": "forum"}]).run("check")
        assert forum.asked == []
    assert done.returncode == 2
    assert "kind" in done.stderr


def test_parts_that_others_read_are_named(study: StudyFolder) -> None:
    (study.folder / "a.csv").write_text("a\n", encoding="utf-8")
    study.write([], imports=[{"file": "a.csv", "kind": "survey"}])
    done = study.run("check")
    assert "imports: (files: 1) is read by “chandung import”, not by a crawl" in done.stdout
    crawled = study.run("crawl")
    assert (crawled.returncode, crawled.stdout) == (2, "")
    assert "names no source and no site to crawl" in crawled.stderr
    assert not study.database.exists()


def test_times_are_those_of_the_study() -> None:
    checked = Checked("https://a.example/", "market", preview=Preview("T", "x", datetime(2026, 11, 1, 20, tzinfo=UTC)))
    out = io.StringIO()
    checked_sources([checked], Console(file=out), "Asia/Ho_Chi_Minh")
    assert "2026-11-02 03:00 Asia/Ho_Chi_Minh" in out.getvalue()


def test_outside_a_terminal_no_address_is_folded() -> None:
    url = f"http://127.0.0.1:18900/{'a' * 120}/"
    out = io.StringIO()
    result = CrawlResult([SourceResult(url, "forum", "xenforo", "done", None, CrawlCounts())])
    summary(result, Console(file=out, width=60))
    assert url in out.getvalue()
    assert len(out.getvalue().splitlines()) == 2


@pytest.mark.parametrize(
    ("wrong", "said"), [(1, "“chandung crawl” reads the others now."), (2, "No source can be read yet;")]
)
def test_sources_that_fail_bring_the_next_step(wrong: int, said: str) -> None:
    found = [Checked(f"https://{name}.example/", "Nhãn") for name in ("a", "b")]
    for one in found[:wrong]:
        one.problem = Reason("no_such_host", {"url": one.url, "host": "a.example"})
    out = io.StringIO()
    speak("en")
    try:
        checked_sources(found, Console(file=out, width=400), "UTC")
    finally:
        speak(None)
    assert said in out.getvalue()


def test_a_warning_that_several_sources_share_is_told_once() -> None:
    found = [Checked(f"https://{name}.example/", "Nhãn") for name in ("a", "b", "c")]
    for one in found:
        one.warnings += [Reason("no_terms", {"url": one.url}), Reason("slower", {"url": one.url, "wait": "5 seconds"})]
    out = io.StringIO()
    checked_sources(found, Console(file=out), "UTC")
    told = out.getvalue()
    assert told.count("terms: …") == 1
    assert "3" in next(line for line in told.splitlines() if "terms: …" in line)
    assert sum("5 " in line for line in told.splitlines()) == 3
