"""The general reader on small pages of boards that nobody knows, and of much that is no thread: ``tests/pages/unknown/``.

The rules were made looking at one half of the pages (``seen``), picked by a digest of the page's name; the other half only
tells how well they travel, so nobody mends a rule on it. ``python -m tests.crawler.test_unknown_pages [-v]`` prints the figures.
A page is wholly right where each post has its author, its day and its words, and there is none too many. Everything is fiction.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from crawler.extract import extract
from data.records import Page

PAGES = Path(__file__).parents[1] / "pages" / "unknown"
FETCHED = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
HALVES = ("seen", "unseen")


@dataclass
class Figures:
    """Of one half: pages that are threads, those wholly right, their posts, what was found of them; and pages that are none."""

    threads: int = 0
    whole: int = 0
    posts: int = 0
    found: int = 0
    extra: int = 0
    authors: int = 0
    days: int = 0
    none: int = 0
    taken_for_threads: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        precision, recall = self.found / max(1, self.found + self.extra), self.found / max(1, self.posts)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        return (
            f"threads {self.whole}/{self.threads} wholly right, posts F1 {f1:.3f}, author {self.authors / self.posts:.3f}, "
            f"day {self.days / self.posts:.3f}; no threads {self.none - self.taken_for_threads}/{self.none} told so"
        )


def half(name: str) -> str:
    return HALVES[hashlib.blake2b(name.encode(), digest_size=1).digest()[0] % 2]


def cases(kind: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads((PAGES / f"{kind}.json").read_text(encoding="utf-8"))
    return found


def read(kind: str, name: str, url: str) -> dict[str, Any]:
    body = (PAGES / f"{kind}-{name}.html").read_bytes()
    return extract(Page(url, body, content_type="text/html; charset=utf-8", fetched_at=FETCHED))


def plain(text: str) -> str:
    return " ".join(text.split())


@cache
def figures(which: str) -> Figures:
    result = Figures()
    for name, case in cases("threads").items():
        if half(name) == which:
            judge(result, name, case["posts"], read("threads", name, case["url"])["posts"])
    for name, case in cases("none").items():
        if half(name) == which:
            line = read("none", name, case["url"])
            taken = line["kind"] == "thread"
            result.none += 1
            result.taken_for_threads += taken
            if taken:
                result.wrong.append(f"none-{name}: {len(line['posts'])} posts by {line['engine']}")
    return result


def days_of(posted_at: str | None) -> set[str]:
    """The day of a moment by the clocks of these pages: Vietnam's, or UTC in English."""
    moment = datetime.fromisoformat(posted_at) if posted_at else None
    return {str((moment + timedelta(hours=hours)).date()) for hours in (0, 7)} if moment else set()


def judge(result: Figures, name: str, truth: list[list[str]], posts: list[dict[str, Any]]) -> None:
    left = [(plain(post["own_text"]), post["author"], days_of(post["posted_at"])) for post in posts]
    found = authors = days = 0
    for author, day, text in truth:
        match = next((one for one in left if one[0] == plain(text)), None)
        if match is not None:
            left.remove(match)
            found += 1
            authors += match[1] == author
            days += day in match[2]
    whole = found == authors == days == len(truth) and not left
    result.threads += 1
    result.whole += whole
    result.posts += len(truth)
    result.found += found
    result.extra += len(left)
    result.authors += authors
    result.days += days
    if not whole:
        result.wrong.append(
            f"threads-{name}: {found} of {len(truth)}, authors {authors}, days {days}, too many {len(left)}: {left[:2]}"
        )


@pytest.mark.parametrize(
    ("which", "whole", "found", "told"), [("seen", 0.95, 0.97, 0.95), ("unseen", 0.75, 0.88, 0.8)], ids=HALVES
)
def test_the_general_reader_reads_unknown_boards(
    which: str, whole: float, found: float, told: float, capsys: pytest.CaptureFixture[str]
) -> None:
    """At least so many pages wholly right, posts found and right ones among those taken for posts, and pages told to be none."""
    shown = figures(which)
    with capsys.disabled():
        print(f"\nunknown pages, {which}: {shown}")
    assert shown.whole >= whole * shown.threads, shown.wrong if which == "seen" else ""
    assert shown.found >= found * 0.95 * shown.posts
    assert shown.found >= found * (shown.found + shown.extra)
    assert shown.none - shown.taken_for_threads >= told * shown.none, shown.wrong if which == "seen" else ""


if __name__ == "__main__":
    for one in HALVES:
        print(f"{one}: {figures(one)}")
        if "-v" in sys.argv and (one == "seen" or "--all" in sys.argv):
            print(*(f"   {line}" for line in figures(one).wrong), sep="\n")
