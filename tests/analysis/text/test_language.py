"""Vietnamese however it is typed, English, and what is neither."""

from __future__ import annotations

import pytest

from analysis.text.annotate import Annotator
from analysis.text.language import detect


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Máy này dùng có nóng không ạ?", "vi"),
        ("may nay dung co nong khong a moi nguoi", "vi"),
        ("Moi 25 tuoi da be con, mua cho ck em cai may", "vi"),
        ("Bao giờ shop có hàng", "vi"),
        ("El producto llego roto y nadie responde", "es"),
        ("shop oi con hang ko ib e gia voi", "vi"),
        ("Pin trâu vãi", "vi"),
        ("does anyone know how to fix this", "en"),
        ("My son loves it and it works great", "en"),
        ("This phone lags but giá rẻ nên mình vẫn mua cho vợ dùng", "vi"),
        ("สินค้าดีมาก ส่งเร็ว", "th"),
        ("このスマホはとても遅いです", "ja"),
        ("배송이 너무 느려요", "ko"),
        ("Le produit est arrivé cassé et le service ne répond jamais", "fr"),
        ("😀😀😀", "und"),
        ("", "und"),
        ("12345 !!!", "und"),
        ("https://example.com/a-b", "und"),
    ],
)
def test_the_language_of(text: str, lang: str) -> None:
    assert detect(text) == lang


def test_what_the_input_says_wins() -> None:
    assert Annotator().language("la la", "en-GB") == "en"


def test_a_short_text_takes_the_language_of_the_study() -> None:
    assert Annotator(default_language="vi").language("lag") == "vi"
    assert Annotator(default_language="vi").language("👍👍") == "und"


def test_another_language_is_marked_and_not_coded() -> None:
    found = Annotator().annotate_one({"id": "x", "text": "สินค้าแย่มาก"})
    assert (found.lang, found.cues, found.pains) == ("th", (), ())


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Muy bueno, me encanta. Lo uso todos los dias", "es"),
        ("O produto é bom mas a entrega demorou", "pt"),
        ("Il servizio in hotel era ottimo", "it"),
        ("Los Angeles is great", "en"),
        ("Love the La Mer cream so much", "en"),
    ],
)
def test_small_words_that_english_shares_make_no_text_english(text: str, lang: str) -> None:
    assert detect(text) == lang


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Le thé de Gấu Trà est trop cher", "fr"),
        ("ชานม Gấu Trà อร่อยมาก", "th"),
        ("Gấu Trà 的奶茶太甜了", "zh"),
        ("Trà sữa Gấu Trà hơi ngọt", "vi"),
        ("Gấu Trà", "vi"),
    ],
)
def test_a_brands_name_tells_no_language(text: str, lang: str) -> None:
    assert Annotator(brands={"Gấu Trà": ["gau tra"]}).language(text) == lang


def test_vietnamese_with_hardly_a_mark_is_vietnamese() -> None:
    assert detect("tomiki ro dien, cham tay vo te rân, so qua vut luon") == "vi"
    assert detect("mi hija ya no usa estos pañales porque le dan miedo") == "es"
