"""The report says how well the languages of its posts are read, with the date and on what it was measured."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.report import html, markdown
from analysis.report.context import accuracy
from analysis.report.model import Report
from analysis.report.speech import Speech
from data.accuracy import accuracy as measured
from data.words import LANGUAGES


def of_languages(report: Report, *languages: tuple[str, int]) -> Report:
    return replace(report, coverage=replace(report.coverage, languages=languages))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_language_of_the_posts_is_told_of(report: Report, lang: str) -> None:
    say = Speech(lang)
    both = of_languages(report, ("vi", 90), ("en", 10), ("fr", 2), ("und", 1))
    lines = accuracy(both, say)
    assert len(lines) == 2
    assert accuracy(of_languages(report, ("fr", 3)), say) == []
    for line, read in zip(lines, LANGUAGES, strict=True):
        told = measured(read)
        assert told is not None
        cues = told.measures["cues"]
        assert f"{say.number(cues.value, 2)} ({say.number(cues.low, 2)}–{say.number(cues.high, 2)};" in line
        assert say.count(told.posts) in line
        assert "{" not in line


def test_it_stands_in_the_section_on_the_method(report: Report) -> None:
    (line,) = accuracy(of_languages(report, ("vi", 1)), Speech("vi"))
    assert line in html.render(of_languages(report, ("vi", 1)), "vi")
    assert line in markdown.render(of_languages(report, ("vi", 1)), "vi")
