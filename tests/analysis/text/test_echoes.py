"""What tells nothing by itself is no pain, with and without the model."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.text.annotate import Annotator
from analysis.text.echoes import without_echoes
from data.records import Pain

BRANDS = {"Robomi": [], "DustGo": []}
LEARNED, RULES = Annotator(brands=BRANDS), Annotator(brands=BRANDS, learned=False)


def quotes(text: str, lang: str) -> list[list[str]]:
    return [
        [pain.quote for pain in reader.annotate_one({"id": "1", "text": text, "lang": lang}).pains]
        for reader in (LEARNED, RULES)
    ]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Ai bị giống mình không?", "vi"), ("Mọi người có ai bị như em không ạ?", "vi"), ("Có ai gặp tình trạng này chưa?", "vi"),
        ("Đã hỏi ba nhóm mà chưa ai trả lời.", "vi"),
        ("Góp ý thật lòng: em là nhân viên văn phòng", "vi"), ("Góp ý thật lòng: mình là mẹ hai bé", "vi"),
        ("Góp ý thật lòng, thu nhập hai vợ chồng tầm 45 triệu một tháng", "vi"),
        ("Góp ý chân thành: nhà mình dùng DustGo ba tháng nay vẫn ổn", "vi"),
        ("Anyone else having the same issue?", "en"), ("Is it just me?", "en"), ("Honest feedback: I am a mum of two", "en"),
    ],
)  # fmt: skip
def test_what_tells_nothing_is_no_pain(text: str, lang: str) -> None:
    assert quotes(text, lang) == [[], []]


@pytest.mark.parametrize(
    ("text", "lang", "echo"),
    [
        ("Robomi giao hàng trễ mười ngày. Chán. Ai bị giống mình không?", "vi", "Chán"),
        ("Pin DustGo hỏng sau hai tháng. Bực mình quá. Mong hãng xem lại.", "vi", "Bực mình quá"),
        ("The battery of my Robomi broke after two months. So annoying.", "en", "annoying"),
        ("Not impressed. The battery of my Robomi broke after two months.", "en", "Not impressed"),
        ("Quá thất vọng. Robomi giao hàng trễ mười ngày.", "vi", "thất vọng"),
        ("Nhân viên DustGo quát khách. Xin cạch luôn!", "vi", "cạch luôn!"),
    ],
)
def test_a_sigh_beside_a_pain_is_none_of_its_own(text: str, lang: str, echo: str) -> None:
    for found in quotes(text, lang):
        assert found
        assert not any(one.strip(" .").endswith(echo) and len(one) <= len(echo) + 4 for one in found)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Góp ý thật lòng: pin nên trâu hơn", "vi"), ("Góp ý thật lòng: mình là mẹ hai bé mà máy hay bị lỗi, bực lắm", "vi"),
        ("Robomi chán quá", "vi"), ("Gọi tổng đài Robomi mà không ai trả lời", "vi"),
        ("Honest feedback: I am tired of the noise of this Robomi", "en"),
    ],
)  # fmt: skip
def test_what_tells_something_stays(text: str, lang: str) -> None:
    assert any(quotes(text, lang))


def test_a_pain_that_somebody_sighs_over_counts() -> None:
    """By itself it is not sure enough to be counted; whoever says beside it that they are unhappy bears it out."""

    def pain(quote: str, start: int, confidence: float) -> Pain:
        return Pain("complaint", "delivery", "", 2, start, start + len(quote), quote, confidence, "test")

    sigh, unsure, sure = pain("Not impressed", 0, 0.9), pain("no lemon again", 15, 0.3), pain("it came late", 31, 0.8)
    assert without_echoes([sigh, unsure]) == (replace(unsure, confidence=0.5),)
    assert without_echoes([sigh, unsure, sure]) == (unsure, sure)
    assert without_echoes([unsure]) == (unsure,)
    assert without_echoes([sigh]) == (sigh,)


@pytest.mark.parametrize(
    "text", ["I cancelled Robomi.", "Cancelled Robomi in June.", "We've cancelled Robomi and moved on."]
)
def test_leaving_is_no_missing_delivery(text: str) -> None:
    assert "delivery" not in [
        pain.category for pain in RULES.annotate_one({"id": "1", "text": text, "lang": "en"}).pains
    ]


@pytest.mark.parametrize(
    "text", ["They cancelled the delivery.", "Robomi cancelled on us twice.", "Our order got cancelled."]
)
def test_what_others_cancel_is_one(text: str) -> None:
    assert "delivery" in [pain.category for pain in RULES.annotate_one({"id": "1", "text": text, "lang": "en"}).pains]
