"""The report as it is written: every link has its place, nothing from the web is more than text, in one language."""

from __future__ import annotations

import re

import pytest

from analysis.report import html, markdown
from analysis.report.build import build
from analysis.report.evidence import safe_url
from analysis.report.model import Report
from analysis.report.speech import Speech
from data.store import Store
from data.words import entry
from tests.analysis.shown import Page, plain
from tests.analysis.world import MADE_AT, World


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_link_inside_has_its_place_and_every_place_is_one(report: Report, lang: str) -> None:
    page = Page(html.render(report, lang))
    assert len(page.ids) == len(set(page.ids))
    inside = {str(link["href"])[1:] for link in page.links if str(link["href"]).startswith("#")}
    assert inside <= set(page.ids)
    assert {e.key for e in report.evidence} <= inside


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_links_outside_are_http_and_follow_nothing(report: Report, lang: str) -> None:
    outside = [link for link in Page(html.render(report, lang)).links if not str(link["href"]).startswith("#")]
    assert outside
    for link in outside:
        assert str(link["href"]).startswith(("http://", "https://"))
        assert {"noopener", "nofollow"} <= set(str(link["rel"]).split())


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_percentage_stands_without_its_people(report: Report, lang: str) -> None:
    """Each linked percentage is followed by its n, or stands in the heat table with its number of people."""
    source = html.render(report, lang)
    body = source[source.index("<main") :]
    shares = re.findall(r"<a href=\"#e\d+\">(?:<b>)?[\d.,]+%(?:</b>)?(.{0,160})", body, re.DOTALL)
    assert len(shares) > 100
    assert all("n\u00a0=\u00a0" in after or re.search(r"tiny\">\(\d", after) for after in shares)


def test_what_the_web_says_is_shown_as_text(report: Report) -> None:
    source = html.render(report, "vi")
    page = Page(source)
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in source
    assert any("=HYPERLINK" in text for text in page.texts)
    assert not any("javascript:" in str(link["href"]) for link in page.links)
    assert "0912 345 678" not in source
    assert "{{ 7*7 }}" in source
    assert "\u202e" not in source


def test_markdown_shows_hostile_text_as_text_too(report: Report) -> None:
    text = markdown.render(report, "vi")
    assert "<script" not in text
    assert not re.search(r"(?<!\\)\]\(javascript", text)
    assert r"\[link\](javascript:alert(3)) \| cột \| \`mã\`" in text
    for row in (line for line in text.splitlines() if line.startswith("|")):
        assert len(re.findall(r"(?<!\\)\|", row)) >= 3


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_page_and_markdown_hold_the_same_content(report: Report, lang: str) -> None:
    text, page = markdown.render(report, lang), Page(html.render(report, lang))
    for e in report.evidence:
        assert f'<a id="{e.key}"></a>' in text
    for name in ("summary", "pains", "portraits", "assumptions", "evidence", "method"):
        heading = entry(f"report.sections.{name}", lang)
        assert heading in page.texts
        assert f"## {heading}" in text
    assert text.index(entry("report.sections.evidence", lang)) < text.index(
        f"## {entry('report.sections.method', lang)}"
    )
    weighed = sum(e.query[0] == "who_counts" for e in report.evidence)
    said = entry("report.evidence.weighed", lang)
    assert text.replace("\\", "").count(said) == page.texts.count(said) == weighed > 0, "how rows become the number"
    linked = set(re.findall(r"\]\(<#(e\d+)>\)", text))
    assert linked == {e.key for e in report.evidence}


_ENGLISH = r"\b(the|and|of|people|with|customers|among|supported|share)\b"
_VIETNAMESE = r"\b(người|khách|của|và|chưa|nỗi|giả định)\b"


@pytest.mark.parametrize(("lang", "foreign"), [("vi", _ENGLISH), ("en", _VIETNAMESE)])
def test_languages_are_not_mixed(report: Report, lang: str, foreign: str) -> None:
    source = html.render(report, lang)
    own_words = re.sub(r"<blockquote>.*?</blockquote>|<q>.*?</q>|“[^”]*”", "", source, flags=re.DOTALL)
    own_words = own_words.replace(report.note or "", "").replace("Mẹ bỉm thành thị", "")
    own_words = re.sub(r"đọc 02/11/2026: công khai, cho phép", "", own_words)
    texts = Page(own_words).texts
    assert not [text for text in texts if re.search(foreign, text, re.IGNORECASE)]


def test_the_two_languages_have_the_same_words() -> None:
    def keys(value: object, path: str = "") -> set[str]:
        if not isinstance(value, dict):
            return {path}
        return {key for name, part in value.items() for key in keys(part, f"{path}.{name}")}

    for area in ("report", "codes", "analyze"):
        vi, en = ({name: entry(f"{area}.{name}", lang) for name in _names(area, lang)} for lang in ("vi", "en"))
        assert keys(vi) == keys(en)


def _names(area: str, lang: str) -> list[str]:
    from data.words import _area

    return list(_area(area, lang))


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/x?y=1#p2", True), ("http://127.0.0.1:8820/t/1", True), ("javascript:alert(1)", False),
        ("data:text/html,x", False), ("//a.example", False), ("", False), (None, False), ("https://", False),
        ("http://[bad", False), (" javascript:alert(1)", False),
    ],
)  # fmt: skip
def test_only_web_addresses_become_links(url: str | None, safe: bool) -> None:
    assert (safe_url(url) is not None) is safe


@pytest.mark.parametrize(
    ("lang", "number", "day", "band", "income"),
    [
        ("vi", "1.234,5", "21/11/2026", "25–34 tuổi", "7–15 triệu đ"),
        ("en", "1,234.5", "21 Nov 2026", "25–34", "7–15 million VND"),
    ],
)
def test_numbers_and_dates_in_the_readers_way(lang: str, number: str, day: str, band: str, income: str) -> None:
    say = Speech(lang, "Asia/Ho_Chi_Minh")
    assert say.number(1234.5, 1) == number
    assert say.date("2026-11-20T18:00:00Z") == day
    assert say.value("age", "25-34") == band
    assert plain(say.value("income", "7000000-15000000 VND")) == income
    assert say.percent(0.001) == entry("report.below_one_percent", lang)


@pytest.mark.parametrize(
    ("attribute", "code", "words"),
    [
        ("age", "0-17", "dưới 18 tuổi"), ("age", "65-120", "từ 65 tuổi"), ("child_age", "0-5", "dưới 6 tháng"),
        ("child_age", "12-23", "1 tuổi"), ("child_age", "36-71", "3–5 tuổi"), ("child_age", "18m", "18 tháng"),
        ("income", "50000000- VND", "từ 50 triệu đ"), ("budget", "500000-1000000 VND", "500 nghìn–1 triệu đ"),
        ("budget", "0-200000 VND", "dưới 200 nghìn đ"), ("income", "18000000 VND", "18.000.000 đ"),
        ("pain", "safety_health", "không an toàn, hại sức khỏe"), ("interest", "trồng cây", "trồng cây"),
    ],
)  # fmt: skip
def test_codes_have_names(attribute: str, code: str, words: str) -> None:
    assert plain(Speech("vi").value(attribute, code)) == words


def test_the_same_findings_write_the_same_report(analysed: World, analysed_store: Store, report: Report) -> None:
    again = build(analysed_store, analysed.study, MADE_AT)
    assert html.render(again, "vi") == html.render(report, "vi")
