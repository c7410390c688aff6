"""Figures found by rules: what a share is of, whom it speaks of, and what is no share of people at all."""

from __future__ import annotations

import time

import pytest

from crawler.importers.reference.figures import MOST, find


def told(*pages: str) -> list[tuple[str, str, float]]:
    return [(one.attribute, one.value, round(one.share, 3)) for one in find(pages).figures]


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("62 % người mua là nữ", ("gender", "female", 0.62)),
        ("Nữ chiếm 62,5% số khách", ("gender", "female", 0.625)),
        ("Women made up 62% of buyers.", ("gender", "female", 0.62)),
        ("68% of mothers aged 25-34", ("age", "25-34", 0.68)),
        ("68% of mothers aged 25-34 buy nappies on Shopee.", ("channel", "shopee", 0.68)),
        ("Có 41 phần trăm khách hàng trong độ tuổi từ 25 đến 34 tuổi", ("age", "25-34", 0.41)),
        ("7 out of 10 mothers buy on TikTok Shop", ("channel", "tiktok_shop", 0.7)),
        ("744 of 1,200 respondents were women", ("gender", "female", 0.62)),
        ("45% khách hàng sống ở Hà Nội", ("location", "Hà Nội", 0.45)),
        ("30% người mua phàn nàn giao hàng chậm", ("pain", "delivery", 0.3)),
        ("Trên 45 tuổi: 12%", ("age", "46-120", 0.12)),
        ("Dưới 25 tuổi chiếm 20%", ("age", "0-24", 0.2)),
        ("Nam\n62%", ("gender", "male", 0.62)),
        ("34% mua lại", ("behaviour", "repeat_buyer", 0.34)),
    ],
)
def test_a_share_belongs_to_what_the_sentence_says(text: str, figure: tuple[str, str, float]) -> None:
    assert told(text) == [figure]


def test_several_shares_of_a_sentence_are_told_apart() -> None:
    assert told("Nữ: 62%, nam: 38%") == [("gender", "female", 0.62), ("gender", "male", 0.38)]
    assert told("62% là nữ, 38% là nam") == [("gender", "female", 0.62), ("gender", "male", 0.38)]


def test_lines_of_a_table_are_read_by_line() -> None:
    assert told("Độ tuổi\n18-24 21%\n25-34 41%") == [("age", "18-24", 0.21), ("age", "25-34", 0.41)]


@pytest.mark.parametrize(
    "text",
    [
        "Doanh thu tăng 15% so với năm trước", "Giảm giá 20% cho phụ nữ", "Margin of error 3% for women", "growth of 12% in women's wear",
        "Thị phần 30% tại Hà Nội", "140% of women", "gender gap of 12 percent points", "62% hài lòng", "năm 2026",
    ],
)  # fmt: skip
def test_what_is_no_share_of_people_is_not_suggested(text: str) -> None:
    assert told(text) == []


def test_shares_without_a_word_of_the_codebook_are_counted() -> None:
    assert find(["62% hài lòng. 18% liked the colour."]).others == 2


@pytest.mark.parametrize(
    "sentence",
    [
        "Trong số nữ 25-34 tuổi, 55% quan tâm đến an toàn.",
        "Ở nhóm nữ 25-34 tuổi, 55% mua trên Shopee.",
        "Among women aged 25-34, 55% buy on Shopee.",
    ],
)
def test_a_figure_of_a_part_that_the_sentence_begins_with_is_not_of_all(sentence: str) -> None:
    figures = find([sentence]).figures
    assert figures
    assert all(one.narrow for one in figures)
    assert all("25-34" in (one.who or "") for one in figures)
    assert not {one.attribute for one in figures} & {"age", "gender"}


def test_an_opening_that_names_nobody_in_particular_narrows_nothing() -> None:
    [one] = find(["Trong số người mua được hỏi, 62% là nữ."]).figures
    assert (one.attribute, one.value, one.narrow) == ("gender", "female", False)


def test_whom_a_figure_speaks_of_is_kept_and_told_when_it_is_only_some() -> None:
    [narrow] = find(["68% of mothers aged 25-34 buy on Shopee."]).figures
    assert (narrow.who, narrow.narrow) == ("mothers aged 25-34", True)
    [all_] = find(["62 % người mua là nữ"]).figures
    assert (all_.who, all_.narrow) == ("người mua", False)


def test_the_number_of_people_asked_is_taken_where_it_is_clear() -> None:
    assert find(["A survey of 1,200 respondents.", "62% are women"]).figures[0].n == 1200
    assert find(["62% are women (n=800)", "Another survey of 1,200 respondents"]).figures[0].n == 800
    assert find(["Survey of 500 respondents. Survey of 900 consumers. 62% are women"]).figures[0].n is None


def test_words_of_a_figure_are_masked_and_short() -> None:
    [one] = find(["62% là nữ, gọi 0912345678 " + "rất dài " * 200]).figures
    assert "0912345678" not in one.quote
    assert len(one.quote) <= 300


HOSTILE = ("62% ", "n = ", "A" * 10, "Hà Nội ", "khảo sát ", "62% là nữ, ", "1 of ")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_takes_bounded_time(text: str) -> None:
    start = time.perf_counter()
    assert len(find([text * 50_000] * 2).figures) <= MOST
    assert time.perf_counter() - start < 30
