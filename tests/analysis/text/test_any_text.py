"""Whatever is given as a text, an answer comes that keeps to the codebook and points at the text's own words."""

from __future__ import annotations

import random
import unicodedata
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.text.annotate import Annotator
from analysis.text.lexicon import load
from analysis.text.normalise import nfc, storable
from data import codebook
from data.records import Annotation, Cue

BRANDS = {"MiniCare": ["mini care", "mnc"], "A+ (Việt)": ["a+", "."], "3M": ["3m", "❤️"]}
OWN_WORDS = "term,code,weight\nxỉu ngang,quality,1\n😡,quality,1\n|,price,1\nhao pin,,0\nfoo (bar/baz) [qux],price,1\n"

#: What a text may hold beside words.
SIGNS = (
    *".,!?;:()\"'-/\\~*_…%$€£₫&<>|+=@#\n\t", "...", "!!!", "\n\n", "\n> ", " - ", ":)", ":((", "<3", "<br>", "<b>", "</div>",
    "&nbsp;", "&amp;", "&#39;", "<script>alert('x')</script>", "<!--", "http://a.vn/x?y=1", "a@b.vn",
    "😡", "🤣🤣🤣", "❤️", "👨\u200d👩\u200d👧",
    "🇻🇳", "👍🏽", "ko", "k", "dc", "đc", "vs", "mn", "ib", "sp", "ck", "vk", "ntn", "mnc", "a+", "3m", "xỉu ngang", "foo baz",
)  # fmt: skip
#: Letters that trip programs: half characters, marks that join or fall out, signs of direction, growing capitals.
ODD = (
    "\u200b", "\u200d", "\ufeff", "\u202e", "\u2066", "\u0301", "e\u0323\u0302", "\x00", "\x1f", "\x85", "\u2028", "\ud83d", "\udc00",
    "\U0010ffff", "\ue000", "İ", "ß", "ﬁ", "ǆ", "\u212a", "\u212b", "\u1100\u1161", "\xad", "ſ", "ŉ", "ᾳ", "\u0345",
    "שלום", "مرحبا", "۲۸ tuổi",
    "２８", "²", "½", "①", "Ⅷ", "中文", "ไทย", "𝓱𝓮𝓵𝓵𝓸", "h̷e̷", "Z͑ͫ̓a͉l͚g̦o",
)  # fmt: skip
FIGURES = (
    "{a}", "{b}", "{a}k", "{a}tr{d}", "{a}-{c}", "1m{a}", "{a}t", "{d}x", "2k{d}", "${b}", "{a}.{b}", "{a}/{b}", "u{a}", "{a}'s",
    "late {a}s", "{a} tuổi", "{a} tháng", "{a} months", "{a} year old", "{a}kg", "{a} lbs", "{a} triệu", "{a} tỷ {c}", "{a} củ", "sn {b}",
    "sinh năm {b}",
    "sinh tháng {a}/{b}", "lương {a}-{c}tr", "tầm {c} đến {a} triệu", "{a}m{c}", "5'{a}", "{b}{b}{b}{b}{b}{b}tr", "1,000,000,000,000,000",
)  # fmt: skip
MOMENTS: tuple[Any, ...] = (
    None, "", "hôm qua", 5, 1.5, [], "2024-05-01", "2024-05-01T23:59:59+07:00", "2020-02-30", "0001-01-01", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59Z", "1970-01-01T00:00:00Z", "2100-12-31T23:00:00-12:00", date(2020, 1, 1), datetime(2021, 1, 1, tzinfo=UTC),
)  # fmt: skip
LANGS = ("vi", "en", None, "und", "VI", "vi_VN", "Vietnamese", "", 5, "\ud800")


@cache
def annotator(study: bool) -> Annotator:
    if not study:
        return Annotator()
    path = Path(mkdtemp()) / "words.csv"
    path.write_text(OWN_WORDS, encoding="utf-8")
    return Annotator(sensitive=True, brands=BRANDS, lexicons=[path], default_language="vi")


@cache
def forms() -> dict[str, list[str]]:
    """The spellings of each area of both lexicons."""
    found: dict[str, list[str]] = {}
    for lang in ("vi", "en"):
        for entry in load(lang).entries:
            found.setdefault(entry.area, []).extend(entry.forms)
    return found


def figure(luck: random.Random) -> str:
    numbers = {"a": luck.randint(0, 99), "b": luck.randint(0, 2100), "c": luck.randint(0, 60), "d": luck.randint(0, 9)}
    return luck.choice(FIGURES).format(**numbers)


def chatter(luck: random.Random) -> str:
    """Words that the lexicons know, in no order, with signs, figures and odd letters between them."""
    areas = list(forms().values())
    parts: list[str] = []
    for _ in range(luck.randint(1, 25)):
        which = luck.random()
        if which < 0.65:
            word = luck.choice(luck.choice(areas))
            spelled = luck.random()
            word = word.upper() if spelled < 0.05 else word + word[-1:] * 3 if spelled < 0.08 else word
            word = unicodedata.normalize("NFD", word) if spelled > 0.95 else word
        elif which < 0.8:
            word = figure(luck)
        else:
            word = luck.choice(SIGNS) if which < 0.94 else luck.choice(ODD)
        parts += [word, " " if luck.random() < 0.9 else luck.choice(("", "  ", "\n", ", ", ". "))]
    return "".join(parts)


def numbers(value: str, most: float = float("inf")) -> bool:
    """Whether ``value`` is a number in plain figures, or two, the smaller first."""
    parts = value.split("-")
    if not all(part.isascii() and part.isdecimal() and int(part) <= most for part in parts):
        return False
    return len(parts) == 1 or (len(parts) == 2 and int(parts[0]) < int(parts[1]))


def well_formed(cue: Cue) -> bool:
    value, attribute = cue.value, cue.attribute
    if attribute in codebook.VALUES:
        return value in codebook.VALUES[attribute]
    if attribute == "age":
        return numbers(value, most=120)
    if attribute == "children":
        return value in ("yes", "expecting") or numbers(value, most=20)
    if attribute == "child_age":
        return value[-1:] in ("m", "y") and numbers(value[:-1], most=100)
    if attribute in ("income", "budget"):
        amount, _, currency = value.partition(" ")
        known = len(currency) == 3 and currency.isascii() and currency.isupper()
        return value in ("low", "middle", "high") or (numbers(amount) and known)
    if attribute in codebook.SENSITIVE:
        return numbers(value, most=300)
    return value == value.strip() != ""


def check(found: Annotation, text: str, *, sensitive: bool) -> None:
    stored = storable(nfc(text))
    for part in (*found.cues, *found.pains):
        assert 0 <= part.start < part.end <= len(stored), part
        assert stored[part.start : part.end] == part.quote == part.quote.rstrip() != "", part
        assert 0 <= part.confidence <= 1, part
        assert part.source_component.startswith("chandung_")
    for cue in found.cues:
        assert cue.attribute in codebook.ATTRIBUTES, cue
        assert cue.who in codebook.WHO, cue
        assert sensitive or cue.attribute not in codebook.SENSITIVE, cue
        assert well_formed(cue), cue
        if cue.attribute == "occupation":
            assert cue.group in codebook.OCCUPATION_GROUPS, cue
    for pain in found.pains:
        assert pain.kind in codebook.PAIN_KINDS, pain
        assert pain.category in codebook.PAIN_CATEGORIES, pain
        assert pain.severity in codebook.SEVERITIES, pain
        assert pain.kind != "problem" or not pain.target, pain
    for answers in (found.cues, found.pains):
        assert [part.start for part in answers] == sorted(part.start for part in answers)
        assert len(set(answers)) == len(answers)
    if found.lang not in ("vi", "en"):
        assert not found.cues
        assert not found.pains


def read(text: str, *, study: bool = False, **more: Any) -> Annotation:
    """What is read out of a text, checked; the same comes twice."""
    item = {"id": 1, "text": text, **more}
    found = annotator(study).annotate_one(item)
    check(found, text, sensitive=study)
    assert annotator(study).annotate_one(item) == found
    return found


@settings(max_examples=100)
@given(st.integers(0, 2**32), st.sampled_from(LANGS), st.sampled_from(MOMENTS), st.booleans())
def test_known_words_in_any_order(seed: int, lang: Any, posted_at: Any, study: bool) -> None:
    read(chatter(random.Random(seed)), study=study, lang=lang, posted_at=posted_at)


@settings(max_examples=150)
@given(
    st.text(st.characters(), max_size=80), st.sampled_from(("vi", "en", None)), st.sampled_from(MOMENTS), st.booleans()
)
def test_any_unicode(text: str, lang: str | None, posted_at: Any, study: bool) -> None:
    read(text, study=study, lang=lang, posted_at=posted_at)


@settings(max_examples=100)
@given(
    st.lists(st.sampled_from((*ODD, *SIGNS, "máy nóng quá", "mình 28 tuổi", "I'm a nurse")), max_size=20), st.booleans()
)
def test_odd_letters_close_together(pieces: list[str], study: bool) -> None:
    read("".join(pieces), study=study, lang="vi")


@settings(max_examples=12)
@given(st.lists(st.integers(0, 2**32), min_size=2, max_size=20), st.booleans())
def test_texts_read_together_are_read_as_each_alone(seeds: list[int], study: bool) -> None:
    texts = [chatter(random.Random(seed)) for seed in seeds]
    items = [{"id": number, "text": text, "posted_at": "2024-05-01"} for number, text in enumerate(texts)]
    together = list(annotator(study).annotate(items, batch_size=7))
    assert [found.id for found in together] == [str(item["id"]) for item in items]
    for found, item in zip(together, items, strict=True):
        alone = annotator(study).annotate_one(item)
        # Numbers that are multiplied together may differ in their last bit.
        assert [(p.start, p.end) for p in (*alone.cues, *alone.pains)] == [
            (p.start, p.end) for p in (*found.cues, *found.pains)
        ]


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("text", ["😡", "|", ".", "❤️ |. ", "...", "😡😡 .", "<br>|"])
def test_signs_that_a_study_gave_a_meaning(text: str, lang: str) -> None:
    read(text, study=True, lang=lang)


@pytest.mark.parametrize("posted_at", MOMENTS)
def test_an_odd_date_tells_no_age(posted_at: Any) -> None:
    found = read("mình sinh năm 97, bé sinh tháng 3/2020, 2k1, 9x", lang="vi", posted_at=posted_at)
    for cue in found.cues:
        if cue.attribute == "age":
            assert int(cue.value.split("-")[0]) >= 10


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("th", "สินค้าแย่มาก แบตหมดเร็ว ส่งช้า ไม่แนะนำเลย"),
        ("fr", "Le téléphone est arrivé cassé, la batterie ne tient pas et le service client ne répond jamais."),
        ("de", "Das Gerät ist nach zwei Wochen kaputt gegangen und der Kundendienst antwortet nicht."),
        ("id", "Barangnya jelek sekali, baterainya cepat habis dan pengirimannya lama, saya kecewa dengan penjualnya."),
        ("zh", "手机太卡了，电池不耐用，客服态度很差。"),
        ("ja", "このスマホはとても遅くて、電池がすぐなくなります。"),
        ("ko", "배터리가 너무 빨리 닳고 배송도 느려요"),
        ("es", "El teléfono llegó roto, la batería dura muy poco y nadie responde en atención al cliente."),
        ("ru", "Телефон сломался через неделю, батарея не держит, поддержка не отвечает."),
        ("km", "ទូរស័ព្ទនេះយឺតណាស់"),
        ("ar", "الهاتف بطيء جدا والبطارية تنفد بسرعة"),
    ],
)
def test_another_language_is_marked_and_not_coded(lang: str, text: str) -> None:
    for study in (False, True):
        found = read(text, study=study)
        assert (found.lang, found.cues, found.pains) == (lang, (), ())


@pytest.mark.parametrize("told", ["vi", "VI", "vi-VN", "vi_VN", " vi ", "Vietnamese", "tiếng Việt", "und", "", 5, None])
def test_a_language_told_in_any_spelling_is_not_taken_for_another(told: Any) -> None:
    found = read("máy nóng quá", lang=told)
    assert found.lang == "vi"
    assert found.pains


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<p>Máy&nbsp;nóng quá</p>", "performance"),
        ("pin yếu<br>", "durability"),
        ("<div class='post'><b>giao hàng chậm</b></div>", "delivery"),
        ("&lt;b&gt; pin yếu &amp; hay tụt", "durability"),
        ("<script>var a = 1;</script> giao hàng chậm quá", "delivery"),
    ],
)
def test_what_pages_leave_in_a_text_does_not_hide_its_words(text: str, said: str) -> None:
    assert said in {pain.category for pain in read(text, lang="vi").pains}


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n\t", "\u200b", "\ufeff", "\x00", "\u3000", "&nbsp;", "<br>", "\ud83d", "\u0301"]
)
def test_a_text_without_words_tells_nothing(text: str) -> None:
    found = read(text)
    assert (found.cues, found.pains) == ((), ())


@pytest.mark.parametrize("text", [None, 0, 5, [], b"x"])
def test_what_is_no_text_does_no_harm(text: Any) -> None:
    assert not annotator(False).annotate_one({"id": 1, "text": text}).pains


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("before", ["lương mình ", "mình ", "mình nặng ", "sn ", "my salary is $", "I am 28, weigh "])
@pytest.mark.parametrize("figures", ["9" * 5000, "1,000" * 2000, "1" + ".000" * 400, "9" * 400 + "tr", "٣" * 5000])
def test_figures_without_end_are_no_number(before: str, figures: str, lang: str) -> None:
    for after in ("", " tuổi", " triệu", " kg", "/2020", " years old", "k a year"):
        read(before + figures + after, study=True, lang=lang, posted_at="2024-05-01")


@pytest.mark.parametrize("piece", ["a", "1", "1.1,", "a\u0301", "👨\u200d", "http://", "中"])
def test_a_megabyte_of_anything(piece: str) -> None:
    annotator(False).annotate_one({"id": 1, "text": piece * (1_000_000 // len(piece)), "lang": "vi"})


@pytest.mark.parametrize("piece", ["\n", "> ", ">\n", '"', "\u0301", "a@", "<br>", "&nbsp;", "\ud83d", " "])
def test_signs_without_end(piece: str) -> None:
    read(piece * (50_000 // len(piece)), lang="en")
