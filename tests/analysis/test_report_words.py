"""The report's sentences, read with no people, one, two and many."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product

import pytest

from analysis.report import context, sentences
from analysis.report.context import local_server
from analysis.report.model import Check, Competitor, Estimate, Match, Portrait, Report
from analysis.report.speech import Speech
from tests.analysis.world import MINI

VERDICTS = ("close", "partly", "far", "not_enough")


def _with_match(report: Report, supported: int, contradicted: int, open_: int, verdict: str) -> Competitor:
    competitor = report.competitors[0]
    segment = str(competitor.segment)
    match = Match(segment, verdict, 0.5, 0.1, 0.9, supported, contradicted, open_)
    return replace(competitor, verdict=verdict, matches=(match,))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_headlines_are_sentences_for_every_number(report: Report, lang: str) -> None:
    from analysis.compare import match_verdict

    say, read = Speech(lang), set()
    for supported, contradicted, open_ in product(range(8), range(8), range(4)):
        counts = {"supported": supported, "contradicted": contradicted, "not_enough": open_}
        competitor = _with_match(report, supported, contradicted, open_, match_verdict(counts))
        for text in (
            sentences.answer(competitor, report, say),
            sentences.certainty(competitor, say),
        ):
            read.add(re.sub(r"\d+", "N", text))
            assert not re.search(r"[{}]|\s{2}|, with\b|\b1 (?:assumptions|people|posts)\b|\b(\d+) of the \1\b", text), (
                text
            )
            assert text[0].isupper()
            assert text.endswith(".")
    assert len(read) >= 8


def test_the_headline_verdict_in_english(report: Report) -> None:
    say = Speech("en")
    assert sentences.answer(_with_match(report, 5, 1, 1, "close"), report, say) == (
        "They look like the customers An Nhiên aims at. What is assumed of “Mẹ bỉm thành thị”, asked of the people who speak of MiniCare: "
        "5 right, 1 wrong, 1 still open."
    )
    vi = Speech("vi")
    assert sentences.answer(_with_match(report, 2, 4, 1, "partly"), report, vi) == (
        "Người nói về MiniCare chỉ giống một phần khách An Nhiên nhắm tới. Về “Mẹ bỉm thành thị”: "
        "2 giả định đúng, 4 sai, 1 chưa rõ."
    )
    assert sentences.certainty(_with_match(report, 5, 1, 1, "close"), say) == (
        "Fairly sure: this rests on 161 people who speak of MiniCare. Assumptions answered: 6 of 7."
    )


@pytest.mark.parametrize(
    ("people", "text"),
    [
        (0, f"Chưa có ai nói về {MINI} trong các nguồn đã đọc."),
        (None, f"Có chưa tới 5 người nói về {MINI}, nên báo cáo không nêu con số nào."),
    ],
)
def test_nobody_and_a_few_are_not_the_same(report: Report, people: int | None, text: str) -> None:
    nobody = Portrait(MINI, people, 0, 0, None, None, (), ())
    competitor = replace(report.competitors[0], portrait=nobody)
    assert sentences.answer(competitor, report, Speech("vi")) == text


def _open(value: float, low: float, high: float, n: int, needed: int | None = None) -> Check:
    return Check(
        "Mẹ",
        0,
        MINI,
        "gender",
        None,
        ("female",),
        0.5,
        None,
        None,
        "not_enough",
        value,
        low,
        high,
        n,
        needed,
        None,
        None,
    )


def test_how_our_own_people_meet_the_assumptions_stands_with_each_competitor(report: Report) -> None:
    first = report.competitors[0]
    told = sentences.own_score(first, report, Speech("vi"))
    assert told is not None
    assert f"xét trên chính người nói về {report.own}: " in told
    assert "xem lại giả định" not in told
    checks = [replace(c, verdict="contradicted") for s in report.segments for c in s.checks if c.brand == report.own]
    failing = replace(report, segments=(replace(report.segments[0], name=str(first.segment), checks=tuple(checks)),))
    assert str(sentences.own_score(first, failing, Speech("vi"))).endswith("xem lại giả định trước đã.")


def test_only_a_narrow_interval_is_close_to_the_threshold() -> None:
    say = Speech("en")
    assert sentences.needed(_open(0.5, 0.19, 0.81, 6), say) == (
        "not enough data: about 379 more people would show it to within 5 points"
    )
    undecided = replace(_open(0.5, 0.4, 0.6, 100), verdict="undecided")
    assert sentences.needed(undecided, say) == "not settled: about 285 more people would show it to within 5 points"
    assert "so close to the threshold" in str(sentences.needed(_open(0.5, 0.47, 0.53, 1100), say))
    assert sentences.needed(_open(0.6, 0.5, 0.7, 60, 97), say) == "about 37 more people needed"
    assert "asking in a survey" in str(sentences.needed(_open(0.53, 0.4, 0.6, 72, 1245), say))


def test_a_bound_is_never_rounded_up() -> None:
    almost_all = Estimate(55, 60, 55 / 60, 55 / 60, 1.0, at_least=True)
    assert Speech("en").told(almost_all) == "at least 91%"
    assert Speech("vi").stands_on(almost_all).replace("\u00a0", " ") == "n = 60"


@pytest.mark.parametrize(
    ("lang", "attribute", "codes", "text"),
    [
        ("en", "education", ["bachelor"], "have a bachelor's degree"),
        ("en", "behaviour", ["recommends"], "are recommending it"),
        ("en", "children", ["expecting"], "are expecting"),
        ("vi", "interest", ["hiking"], "thích đi bộ đường dài"),
        ("en", "interest", ["trồng cây"], "are interested in growing plants"),
        ("vi", "value", ["natural"], "coi trọng tự nhiên, hữu cơ"),
    ],
)
def test_values_stand_in_sentences(lang: str, attribute: str, codes: list[str], text: str) -> None:
    assert Speech(lang).says_in(attribute, codes) == text


def test_only_the_demonstration_tells_how_to_serve_its_pages(report: Report) -> None:
    here = replace(report.sources[0], url="http://127.0.0.1:8080/forum/")
    real = replace(report, sources=(here, *report.sources))
    assert local_server(real) is None
    assert local_server(replace(real, demonstration="bỉm demo")) == 'chandung demo --serve-only --folder "bỉm demo"'


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_report_says_how_many_pains_are_counted_of_those_that_are_there(report: Report, lang: str) -> None:
    from data.accuracy import accuracy

    said = context.pains_missed(report, Speech(lang))
    assert said is not None
    languages = [
        (n, measured.measures["pains_counted"]) for code, n in report.coverage.languages if (measured := accuracy(code))
    ]
    recalls = [measure.recall or 0 for _, measure in languages]
    told = [int(number) for number in re.findall(r"\d+", said)]
    assert min(recalls) * 100 - 1 <= min(n for n in told if n != 100) <= max(recalls) * 100 + 1


def test_no_verdict_is_never_moderately_sure(report: Report) -> None:
    say = Speech("en")
    assert sentences.certainty(_with_match(report, 1, 0, 1, "not_enough"), say).startswith("Not sure")
    assert not sentences.certainty(_with_match(report, 5, 1, 1, "close"), say).startswith("Not sure")
