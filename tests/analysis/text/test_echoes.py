"""What tells nothing by itself is no pain, with and without the model."""

from __future__ import annotations

import pytest

from analysis.text.annotate import Annotator

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
