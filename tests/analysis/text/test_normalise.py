"""Normal forms lie beside the text; the text stays as it was typed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.text.components import make_normaliser
from analysis.text.lexicon import load
from analysis.text.normalise import fold, nfc, place_tone, squeeze
from analysis.text.pipeline import build
from analysis.text.tokens import source_of, split

VI = build("vi")


def norms(text: str) -> list[str]:
    found: list[str] = VI(text)._.norms
    return found


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("hoà", "hòa"),
        ("thuỷ", "thủy"),
        ("quý", "quý"),
        ("qúy", "quý"),
        ("khoẻ", "khỏe"),
        ("toán", "toán"),
        ("ngoài", "ngoài"),
    ],
)
def test_both_tone_placements_are_one_spelling(typed: str, normal: str) -> None:
    assert place_tone(typed) == normal


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("quáaaa", "quá"),
        ("đẹppp", "đẹp"),
        ("ơiiii", "ơi"),
        ("soooo", "so"),
        ("lưu", "lưu"),
        ("cứu", "cứu"),
        ("ưu", "ưu"),
    ],
)
def test_stretched_letters_are_let_go(typed: str, normal: str) -> None:
    assert squeeze(typed) == normal


def test_a_doubled_letter_stays_where_the_lexicon_has_it() -> None:
    assert squeeze("goooood", frozenset({"good"})) == "good"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Máy dùng đc mà nóng wá", ["máy", "dùng", "được", "mà", "nóng", "quá"]),
        ("e k bik", ["em", "không", "biết"]),
        ("giá 500 k thôi", ["giá", "500", "k", "thôi"]),
        ("giữa A và B", ["giữa", "a", "và", "b"]),
        ("1tr5 với 28t", ["1tr5", "với", "28t"]),
        ("nv thái độ", ["nhân viên", "thái", "độ"]),
    ],
)
def test_teencode_is_read_with_its_neighbours(text: str, expected: list[str]) -> None:
    assert norms(text) == expected


def test_words_without_marks_get_them_back_where_the_lexicon_decides() -> None:
    assert norms("may bi nong may qua") == ["máy", "bị", "nóng", "máy", "quá"]


def test_and_are_left_alone_where_it_does_not() -> None:
    assert norms("ban gi the") == ["ban", "gi", "the"]


def test_a_text_with_marks_is_never_given_others() -> None:
    assert norms("bàn này đẹp, đi ban đêm")[-2:] == ["ban", "đêm"]


@settings(deadline=None)
@given(st.text())
def test_a_normal_form_is_its_own_normal_form(text: str) -> None:
    normalise = make_normaliser("vi", load("vi"))
    once = normalise.all(split(nfc(text))[0])
    assert normalise.all(once) == normalise.all(normalise.all(once))


@settings(deadline=None)
@given(st.text())
def test_tokens_joined_are_the_text(text: str) -> None:
    text = nfc(text)
    words, spaces = split(text)
    assert "".join(word + " " * space for word, space in zip(words, spaces, strict=True)) == text


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=("Cs",))))
def test_the_doc_holds_the_text_in_nfc(text: str) -> None:
    doc = VI.make_doc(text)
    source = source_of(doc)
    assert doc.text == source.text == unicodedata.normalize("NFC", text)
    assert [token.idx for token in doc] == source.starts


def test_folding_keeps_every_position() -> None:
    assert fold("Điện thoại ở Đà Nẵng") == "Dien thoai o Da Nang"


def test_what_goes_on_without_marks_gets_them_back_in_a_text_that_has_some() -> None:
    source = VI("Công nhận, khay kavora han gi roi, moi 3 thang chu may")._.norms
    assert "tháng" in source
    kept = VI("Mình mua online qua app shopee ship cod, hàng đẹp lắm mọi người")._.norms
    assert "app" in kept
