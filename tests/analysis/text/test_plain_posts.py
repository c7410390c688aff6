"""Short plain posts as strangers type them: what is certain is told, whatever signs stand at their end."""

from __future__ import annotations

import pytest

from analysis.text.annotate import Annotator
from analysis.text.language import detect
from data.records import Annotation


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    return Annotator()


def _read(annotator: Annotator, text: str, lang: str | None = None) -> Annotation:
    return annotator.annotate_one({"id": "1", "text": text, "lang": lang})


@pytest.mark.parametrize(
    "text",
    [
        "The quality is so bad",
        "The screen is awful",
        "Customer support is useless",
        "Sound quality is poor",
        "Staff were rude",
        "I hate this phone",
        "This is garbage",
        "Worst purchase ever",
        "Not worth the money",
        "It smells horrible",
        "SO BAAAAD",
        "Terrible service",
        "Đồ dởm",
        "Phí tiền",
        "Không đáng tiền",
        "Chất lượng không tốt",
        "Cả đời không mua lại",
        "tệeee",
    ],
)
@pytest.mark.parametrize("end", ["", "."])
def test_a_short_plain_complaint_stands(annotator: Annotator, text: str, end: str) -> None:
    assert [pain.kind for pain in _read(annotator, text + end).pains] == ["complaint"]


@pytest.mark.parametrize(
    "text",
    [
        "The quality is not bad",
        "Is the quality bad?",
        "If the screen is bad return it",
        "Xe đẹp không tệ",
        "Máy này có tệ không?",
        "Đừng mua phí tiền",
        "Ăn ngon, cay xè lưỡi mà không dừng được",
        "trích: máy dở lắm => mình thấy không đúng",
        "đánh giá máy lọc nước sau 1 năm sử dụng",
        "Review máy lọc nước sau 5 tháng sử dụng. Mình là giáo viên.",
    ],
)
def test_no_trouble_is_told(annotator: Annotator, text: str) -> None:
    assert _read(annotator, text).pains == ()


@pytest.mark.parametrize(
    "text",
    [
        "Quê em ở Nghệ An, đang sống ở Hà Nội",
        "quê ở Nghệ An nhưng giờ sống ở Hà Nội",
        "Đang sống ở Hà Nội, quê em ở Nghệ An",
    ],
)
def test_where_one_lives_beats_where_one_is_from(annotator: Annotator, text: str) -> None:
    assert [cue.value for cue in _read(annotator, text).cues if cue.attribute == "location"] == ["Hà Nội"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("em là giáo viên", "giáo viên"),
        ("tôi là giáo viên tiểu học ở Huế", "giáo viên tiểu học"),
        ("mình là tài xế grab", "tài xế grab"),
        ("em là bảo vệ", "bảo vệ"),
        ("mình là cô giáo mầm non", "cô giáo mầm non"),
    ],
)
def test_what_the_author_is(annotator: Annotator, text: str, value: str) -> None:
    assert [(c.value, c.who) for c in _read(annotator, text).cues if c.attribute == "occupation"] == [(value, "self")]


@pytest.mark.parametrize(
    "text",
    [
        "Sơn Tùng năm nay 32 tuổi mà trẻ ghê",
        "Ronaldo 41 tuổi vẫn đá hay",
        "cô Hà Anh Tuấn 41 tuổi",
        "Ca sĩ Mỹ Tâm 44 tuổi hát live phô",
        "Taylor Swift is 36 and lives in Nashville",
        "Bán bỉm giá sỉ, inbox em",
        "em này là bảo vệ da",
    ],
)
def test_what_is_told_of_others_is_not_the_authors(annotator: Annotator, text: str) -> None:
    assert [cue for cue in _read(annotator, text).cues if cue.who == "self"] == []


@pytest.mark.parametrize(
    "text", ["tên em là Ngọc Anh 24 tuổi", "em Ngọc Anh 24 tuổi", "Hà Nội 25 tuổi, em cần mua máy"]
)
def test_the_authors_own_name_and_town(annotator: Annotator, text: str) -> None:
    assert [c.who for c in _read(annotator, text).cues if c.attribute == "age"] == ["self"]


@pytest.mark.parametrize(
    ("text", "income"),
    [("Lương 500k/ngày", ["13000000 VND"]), ("Lương mình 300k/ca", []), ("lương tháng bị trừ thêm 5k/ngày", [])],
)
def test_pay_by_the_day(annotator: Annotator, text: str, income: list[str]) -> None:
    assert [c.value for c in _read(annotator, text).cues if c.attribute == "income"] == income


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Terrible product", "en"),
        ("rubbish quality", "en"),
        ("Fake product", "en"),
        ("Nice phone", "en"),
        ("El móvil se calienta mucho y la batería dura poco", "es"),
        ("Ang pangit ng service, hindi na ako bibili", "tl"),
        ("shop oi review iphone samsung di", "vi"),
        ("Très bon produit", "fr"),
    ],
)
def test_a_few_words_tell_the_language(text: str, lang: str) -> None:
    assert detect(text) == lang


@pytest.mark.parametrize(
    "text", ["nhà vệ sinh bẩn", "Nhà vệ sinh bẩn quá, chắc mình thôi", "Nhà vệ sinh dơ và hôi kinh khủng", "Toilet bẩn"]
)
def test_a_dirty_toilet_is_a_poor_place_and_no_harm(annotator: Annotator, text: str) -> None:
    assert _read(annotator, text).pains[0].category == "quality"


@pytest.mark.parametrize("text", ["ly giấy thay ly nhựa", "dùng ống hút giấy thay cho ống hút nhựa"])
def test_paper_in_place_of_plastic_hurts_nobody(annotator: Annotator, text: str) -> None:
    assert _read(annotator, text).pains == ()


@pytest.mark.parametrize("text", ["quán mất vệ sinh", "Nước bẩn uống vào bị tiêu chảy"])
def test_what_makes_ill_is_still_harm(annotator: Annotator, text: str) -> None:
    assert [pain.category for pain in _read(annotator, text).pains] == ["safety_health"]
