"""The method section says what the last crawl of each source did not read, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from analysis.report import html, markdown
from analysis.report.model import Report
from analysis.report.sources import source_lines
from data.store import CrawlCounts, open_store
from data.store.polite import Refusal
from data.study_file import load
from tests.small_study import write_study

FORUM = "https://forum.example/f/1/"


def _refused(reason: str, times: int = 1) -> Refusal:
    return Refusal(reason, f"{FORUM}x" if times == 1 else None, datetime.now(UTC), "câu", "sentence", times)


@pytest.fixture
def lines(tmp_path: Path) -> dict[str, tuple[tuple[str, int], ...]]:
    study = load(write_study(tmp_path))
    with open_store(study.database) as store:
        run = store.begin_run("crawl")
        for refusals in ([_refused("login", 9)], [_refused("robots"), _refused("robots", 30), _refused("offsite")]):
            crawl = store.begin_crawl(run, store.source_id(FORUM))
            store.save_refusals(crawl, refusals)
            store.end_crawl(crawl, "done", CrawlCounts())
        return {line.url: line.refused for line in source_lines(store)}


def test_the_last_crawl_of_each_source_counts(lines: dict[str, tuple[tuple[str, int], ...]]) -> None:
    assert lines.pop(FORUM) == (("robots", 31), ("offsite", 1))
    assert set(lines.values()) == {()}


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "31 pages that robots.txt forbids, 1 link to another site"),
        ("vi", "31 trang bị robots.txt cấm, 1 liên kết sang trang khác"),
    ],
)
def test_the_report_tells_it_in_both_languages(report: Report, lang: str, said: str) -> None:
    first, *others = report.sources
    told = replace(report, sources=(replace(first, refused=(("robots", 31), ("offsite", 1))), *others))
    for text in (markdown.render(told, lang), html.render(told, lang)):
        assert said in text.replace("\\", "")
