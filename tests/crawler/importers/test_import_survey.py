"""Answers of the tools that people ask with, put on the codebook; surveys, brands and people are fiction."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawler.importers.kinds import Asked, How
from crawler.importers.survey import run
from crawler.importers.survey.counting import kish
from crawler.importers.survey.splitting import parts
from crawler.importers.survey.understanding import code_of
from data.errors import InputError
from data.shares import wilson
from data.study_file import load
from data.survey import files
from data.words import tell
from tests.command_line import run as command

BRAND = "An Nhiên"
FILES = Path(__file__).parent / "surveys"
STUDY = """\
study: khao-sat-thu
contact: research@example.com
language: vi
own:
  name: An Nhiên
  target:
    - segment: Mẹ bỉm thành thị
      assumptions:
        - {attribute: gender, expect: female, at_least: 0.7}
        - {attribute: age, expect: 25-34, at_least: 0.5}
        - {attribute: location, expect: [Hà Nội, Sài Gòn], at_least: 0.5}
        - {attribute: value, expect: safety, at_least: 0.3}
competitors: [{name: MiniCare, aliases: [mini care]}]
sources: [{url: "https://forum.example/f/1/"}]
"""
QUESTIONS = (FILES / "phieu.map.yaml").read_text(encoding="utf-8")


@pytest.fixture
def study(desk: Any) -> Any:
    (desk.folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    return desk


def only(*codes: str) -> str:
    """The questionnaire with these questions alone."""
    head, *questions = QUESTIONS.split("  - code: ")
    return head + "".join(f"  - code: {one}" for one in questions if one[:3] in codes)


def taken(desk: Any, name: str, mapping: str | None = None, **asked: Any) -> Any:
    if not (desk.folder / name).exists():
        shutil.copy(FILES / name, desk.folder / name)
    saved = None
    if mapping is not None:
        saved = desk.file("phieu.map.yaml", mapping)
    how = How(replace=asked.pop("replace", False), yes=True, quiet=True)
    return run(Asked("survey", name, desk.folder / name, saved, **asked), load(desk.folder), how)


def cells(desk: Any, attribute: str, audience: str = "all", brand: str = "market") -> dict[str, tuple[float, float]]:
    rows = desk.rows(
        f"select value, count, n from observations where attribute = '{attribute}' and audience = '{audience}' and brand = '{brand}'"
    )
    return {row["value"]: (row["count"], row["n"]) for row in rows}


def test_google_forms_is_read_by_its_own_words(study: Any) -> None:
    done = taken(study, "google.csv")
    assert (done.counts["respondents"], done.counts["duplicates"], done.counts["empty"]) == (5, 1, 0)
    assert cells(study, "gender") == {"female": (3, 4), "male": (1, 4)}  # who would rather not say has told nothing
    ages = cells(study, "age")
    assert (ages["25-34"], ages["35-44"], ages["65-120"]) == ((1, 5), (2, 5), (1, 5))  # Lan's last answer counts
    assert cells(study, "location")["Đồng Nai"] == (1, 5)
    pains = cells(study, "pain")
    assert (pains["price"], pains["safety_health"], pains["durability"]) == ((2, 4), (1, 4), (1, 4))


def test_nobody_can_be_recognised_in_what_is_stored(study: Any) -> None:
    taken(study, "google.csv")
    said = [row["said"] for row in study.rows("select said from answers where said is not null")]
    assert not any("0912" in words for words in said)
    dump = str(study.rows("select * from respondents")) + str(study.rows("select * from answers"))
    assert "thu.example" not in dump
    assert "mình đổi ý" in said


def test_respondents_are_sorted_by_the_studys_segments(study: Any) -> None:
    done = taken(study, "google.csv")
    rows = study.rows("select row_number, target, screened_out from respondents order by row_number")
    assert {row["row_number"]: row["target"] for row in rows} == {3: 1, 4: 0, 5: 0, 6: 0, 8: 0}
    assert (done.counts["target"], done.counts["others"]) == (1, 4)
    # what sorted them is not told back
    assert {row["attribute"] for row in study.rows("select attribute from observations where audience = 'target'")} == {
        "pain"
    }


def test_who_bought_a_brand_is_counted_for_it(study: Any) -> None:
    taken(study, "google.csv")
    assert cells(study, "gender", brand="An Nhiên") == {"female": (3, 3), "male": (0, 3)}
    assert cells(study, "gender", brand="MiniCare")["male"] == (1, 2)


def test_a_survey_about_a_brand_tells_of_it_by_those_who_bought_it(study: Any, new_desk: Callable[[str], Any]) -> None:
    taken(study, "google.csv")
    of_the_market = cells(study, "gender", brand="An Nhiên")
    other = new_desk("an-nhien")
    taken(other, "google.csv", about="An Nhiên")
    assert cells(other, "gender", brand="An Nhiên") == of_the_market
    assert cells(other, "gender") == {}


def test_limesurvey_codes_come_back_by_the_questionnaire(study: Any) -> None:
    done = taken(study, "limesurvey-codes.csv", QUESTIONS)
    assert (done.counts["respondents"], done.counts["empty"]) == (3, 1)
    assert cells(study, "gender") == {"female": (1, 2), "male": (1, 2), "other": (0, 2)}
    assert cells(study, "location")["Nghệ An"] == (1, 3)
    assert cells(study, "pain") == {"price": (1, 2), "durability": (0, 2), "safety_health": (1, 2)}
    assert study.rows("select said from answers where said is not null") == [{"said": "Dây dán bị rách"}]
    assert [r["screened_out"] for r in study.rows("select screened_out from respondents order by respondent")] == [
        0,
        0,
        1,
    ]


def test_limesurvey_codes_alone_cannot_be_guessed(study: Any) -> None:
    with pytest.raises(InputError) as wrong:
        taken(study, "limesurvey-codes.csv")
    assert wrong.value.key == "survey_codes_only"
    assert not study.study.database.exists()


def test_limesurvey_with_full_answers(study: Any) -> None:
    taken(study, "limesurvey-full.csv")
    assert cells(study, "child_age") == {"0-5": (1, 2), "12-23": (1, 2)}
    assert cells(study, "gender", brand="MiniCare") == {"female": (1, 2), "male": (1, 2)}


def test_limesurvey_with_codes_and_words(study: Any) -> None:
    head = '"id. Response ID","submitdate. Date submitted","G1. What is your gender?"'
    ticks = (
        '"G2[SQ001]. Which brands have you bought? [MiniCare]","G2[SQ002]. Which brands have you bought? [An Nhiên]"'
    )
    other = '"G2[other]. Which brands have you bought? [Other]"'
    study.file(
        "lw.csv", f"{head},{ticks},{other}\n1,2026-10-01 10:00,Female,Yes,No,\n2,2026-10-01 11:00,Male,No,Yes,Huggerz\n"
    )
    assert taken(study, "lw.csv").counts["respondents"] == 2
    assert cells(study, "gender", brand=BRAND) == {"female": (0, 1), "male": (1, 1)}
    assert study.rows("select said from answers where said is not null") == [{"said": "Huggerz"}]


def test_too_wide_a_range_is_told_and_of_no_group(study: Any) -> None:
    study.file("r.csv", "Tuổi của bạn,Giới tính\n25-34,Nữ\n45 trở lên,Nữ\n")
    taken(study, "r.csv")
    assert cells(study, "age")["25-34"] == (1, 2)


def test_microsoft_forms_workbook(study: Any) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(
        ["ID", "Start time", "Completion time", "Email", "Name", "What is your gender?", "Where do you buy?\u00a0"]
    )
    sheet.append([1, "10/2/26 9:00:00", "10/2/26 9:03:00", "anonymous", "", "Female", "Shopee;TikTok Shop;"])
    sheet.append([2, "10/2/26 9:10:00", "10/2/26 9:12:00", "anonymous", "", "Male", "Shopee;"])
    book.save(study.folder / "ms.xlsx")
    done = taken(study, "ms.xlsx")
    # "anonymous" is everybody's address and tells nobody apart
    assert done.counts["respondents"] == 2
    assert cells(study, "channel") == {"shopee": (2, 2), "tiktok_shop": (1, 2)}


def test_one_word_may_be_a_whole_question(study: Any) -> None:
    study.file("en.csv", "Age,Gender,City\n31,Female,Hanoi\n28,Male,Da Nang\n")
    taken(study, "en.csv")
    assert cells(study, "age")["25-34"] == (2, 2)
    assert cells(study, "location").keys() == {"Hà Nội", "Đà Nẵng"}


def test_weights_count_and_widen_the_interval(study: Any) -> None:
    taken(study, "weighted.csv")
    (row,) = study.rows(
        "select share, n, count, low from observations where attribute = 'gender' and value = 'male' and audience = 'all'"
    )
    assert row["share"] == pytest.approx(3 / 4)
    assert row["n"] == pytest.approx(4**2 / (0.25 + 0.25 + 4 + 1), abs=1e-5)  # Kish
    assert row["count"] <= 2
    income = cells(study, "income")
    assert set(income) == {"0-7000000 VND", "7000000-15000000 VND", "15000000-30000000 VND", "50000000- VND"}


def test_weighted_intervals_cover_as_they_say() -> None:
    """95 % of the intervals on the effective number of people hold the true share, when weights have nothing to do with it."""
    import numpy as np

    rng = np.random.default_rng(7)
    held = 0
    for _ in range(1_000):
        weights = rng.lognormal(0, 0.6, 200)
        said = rng.random(200) < 0.3
        n = kish(list(weights))
        low, high = wilson(float((weights * said).sum() / weights.sum()) * n, n)
        held += low <= 0.3 <= high
    assert 930 <= held <= 970


@pytest.mark.parametrize("bad", ["", "0", "-1", "nhiều", "nan", "1e400"])
def test_a_weight_that_is_none_stops_the_file(study: Any, bad: str) -> None:
    study.file("w.csv", f"Giới tính,Nơi ở,weight\nNữ,Hà Nội,1\nNam,Hà Nội,{bad}\n")
    with pytest.raises(InputError) as wrong:
        taken(study, "w.csv")
    assert (wrong.value.key, wrong.value.values["row"]) == ("survey_weight", 3)
    assert not study.study.database.exists()


def test_a_changed_question_is_named_and_nothing_is_stored(study: Any) -> None:
    taken(study, "google.csv")
    assert (study.folder / "google.map.yaml").is_file()
    before = study.rows("select count(*) as n from answers")
    text = (FILES / "google.csv").read_text(encoding="utf-8")
    study.file(
        "dot-2.csv",
        text.replace("Bạn bao nhiêu tuổi?", "Năm nay bạn bao nhiêu tuổi rồi?").replace("/10/2026", "/11/2025"),
    )
    with pytest.raises(InputError) as wrong:
        taken(study, "dot-2.csv")
    assert wrong.value.key == "survey_question_gone"
    assert "Bạn bao nhiêu tuổi?" in str(wrong.value)
    assert "Năm nay bạn bao nhiêu tuổi rồi?" in str(wrong.value)
    assert study.rows("select count(*) as n from answers") == before


def test_a_new_answer_is_named_with_how_many_gave_it(study: Any) -> None:
    body = "Bạn là nam hay nữ?,Tuổi?\n" + "Nữ,25–34\n" * 3 + "Phụ nữ đã có con,25–34\n" * 2
    study.file("moi.csv", body)
    short = only("Q02", "Q03")
    with pytest.raises(InputError) as wrong:
        taken(study, "moi.csv", short)
    assert (wrong.value.key, wrong.value.values["said"]) == ("survey_new_answer", "Phụ nữ đã có con")
    assert "2" in wrong.value.values["times"]
    assert not study.study.database.exists()


def test_an_own_answer_that_many_give_is_an_option_that_was_added(study: Any) -> None:
    short = only("Q04")
    few = "Tỉnh?,STT\n" + "Hà Nội,1\n" * 30 + "nơi khác lắm,2\n" * 3
    study.file("it.csv", few)
    taken(study, "it.csv", short)
    study.file("nhieu.csv", few + "nơi khác lắm,2\n" * 9)
    with pytest.raises(InputError) as wrong:
        taken(study, "nhieu.csv", short, date="2025")
    assert wrong.value.key == "survey_new_answer"


def test_rows_are_twice_only_where_something_tells_them_apart(study: Any) -> None:
    body = "Giới tính,Nơi ở\n" + "Nữ,Hà Nội\n" * 5
    study.file("ngan.csv", body)
    assert taken(study, "ngan.csv").counts["respondents"] == 5  # five people may well answer alike
    study.file("gio.csv", "Timestamp,Giới tính,Nơi ở\n" + "2026/10/02 9:00:00,Nữ,Hà Nội\n" * 5)
    assert taken(study, "gio.csv", date="2025").counts["respondents"] == 1


def test_an_import_is_undone_whole(study: Any) -> None:
    taken(study, "google.csv")
    assert "5 respondents" in command("import", "--list", cwd=study.folder).stdout
    done = command("import", "--undo", "google.csv", "--yes", cwd=study.folder)
    assert done.returncode == 0, done.stderr
    for table in ("respondents", "answers", "observations", "imports"):
        assert study.rows(f"select count(*) as n from {table}") == [{"n": 0}]


def test_the_same_period_again_asks_for_replace(study: Any) -> None:
    taken(study, "google.csv")
    assert taken(study, "google.csv").already is not None
    study.file("lai.csv", (FILES / "google.csv").read_text(encoding="utf-8").replace("Nam", "Khác"))
    with pytest.raises(InputError) as wrong:
        taken(study, "lai.csv")
    assert wrong.value.key == "import_same_period"
    assert taken(study, "lai.csv", replace=True).replaced == ["google.csv"]
    assert study.rows("select count(*) as n from respondents") == [{"n": 5}]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1258"])
def test_any_encoding(study: Any, encoding: str) -> None:
    import unicodedata

    text = (FILES / "weighted.csv").read_text(encoding="utf-8")
    if encoding == "cp1258":
        text = "".join(_cp1258(sign) for sign in unicodedata.normalize("NFC", text))
    study.file("weighted.csv", text.encode(encoding))
    taken(study, "weighted.csv")
    assert cells(study, "gender").keys() == {"female", "male"}


def _cp1258(sign: str) -> str:
    """A letter as the code page writes it: its tone mark behind it."""
    import unicodedata

    try:
        sign.encode("cp1258")
        return sign
    except UnicodeEncodeError:
        apart = unicodedata.normalize("NFD", sign)
        marks = [c for c in apart[1:] if ord(c) in {0x300, 0x301, 0x303, 0x309, 0x323}]
        rest = [c for c in apart[1:] if c not in marks]
        return unicodedata.normalize("NFC", apart[0] + "".join(rest)) + "".join(marks)


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ("", "import_empty"),
        ("Giới tính,Nơi ở\n", "survey_no_answers"),
        ("Giới tính,Nơi ở\n,\n,\n", "survey_no_answers"),
        ("Giới tính,Nơi ở\nNữ,Hà Nội\nNữ,Hà Nội,và,nữa\n", "survey_wide_row"),
        ("abc,def\nxyz,uvw\nrst,opq\n", "survey_nothing_understood"),
        (b"\x00\x01\x02\x03" * 50, None),
        (b"%PDF-1.7", "import_not_a_table"),
    ],
)
def test_files_that_are_no_survey_end_in_a_sentence(study: Any, body: str | bytes, key: str | None) -> None:
    study.file("la.csv", body)
    with pytest.raises(InputError) as wrong:
        taken(study, "la.csv")
    assert key is None or wrong.value.key == key
    assert str(wrong.value)
    assert not study.study.database.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("questions: []", "questions"),
        ("- a\n- b", "questions:"),
        ("questions:\n  - {code: Q1, ask: a, attribute: tuoi}", "Q1"),
        ("questions:\n  - {code: Q1, ask: a, attribute: gender, answers: [{say: x, value: nữ}]}", "nữ"),
        ("questions:\n  - {code: Q1, ask: a, colour: red}", "colour"),
        ("questions:\n  - {code: Q1, ask: a}\n  - {code: Q1, ask: b}", "Q1"),
        ("target: [{question: Q9, answers: [a]}]\nquestions:\n  - {code: Q1, ask: a}", "Q9"),
        ("questions: [", ""),
    ],
)
def test_a_wrong_mapping_says_where(study: Any, text: str, said: str) -> None:
    with pytest.raises(InputError) as wrong:
        files.load(study.file("sai.map.yaml", text))
    assert wrong.value.key == "survey_map_wrong"
    assert said in str(wrong.value)


def test_hostile_shapes_are_read_or_refused(study: Any) -> None:
    long = "Giới tính của bạn? " + "rất dài " * 200
    rows = "".join(f"{'Nữ' if n % 2 else 'Nam'},loại {n},\u202e<b>{n}</b>,Hà Nội\n" for n in range(1_000))
    study.file("la.csv", f"{long},Câu hỏi lạ,{{x}} [y](javascript:z),Nơi ở\n{rows}")
    assert taken(study, "la.csv").counts["respondents"] == 1_000  # a thousand answers to one question are free words
    assert cells(study, "gender") == {"female": (500, 1_000), "male": (500, 1_000)}
    study.file("mot.csv", "Giới tính,Nơi ở\nNữ,Hà Nội\n")
    assert taken(study, "mot.csv", date="2020").counts["respondents"] == 1


def test_the_target_may_be_a_rule_of_the_mapping(study: Any) -> None:
    study.file("a.csv", "Bạn là nam hay nữ?,Tuổi?\nNữ,25–34\nNam,18–24\n,25–34\n")
    short = "target: [{question: Q02, answers: [Nam]}]\n" + only("Q02", "Q03")
    taken(study, "a.csv", short)
    assert [row["target"] for row in study.rows("select target from respondents order by respondent")] == [0, 1, None]


def test_a_mapping_goes_round(study: Any) -> None:
    form = files.load(study.file("phieu.map.yaml", QUESTIONS))
    again = files.load(study.file("lai.map.yaml", files.text_of(form, ["ghi chú"])))
    assert again == form


def test_answers_with_commas_stay_whole() -> None:
    known = ["Giao chậm, thiếu hoặc nhầm hàng", "Giá cao quá"]
    assert parts("Giá cao quá, Giao chậm, thiếu hoặc nhầm hàng, tự nghĩ ra", known) == [
        "Giá cao quá", "Giao chậm, thiếu hoặc nhầm hàng", "tự nghĩ ra",
    ]  # fmt: skip
    assert parts("a;b; ;", known) == ["a", "b"]
    assert len(parts("x," * 10_000, known)) == 100


@pytest.mark.parametrize(
    ("attribute", "say", "value"),
    [
        ("age", "Từ 25 đến 34 tuổi", "25-34"),
        ("age", "Dưới 18", "0-17"),
        ("age", "55 trở lên", "55-120"),
        ("age", "Dưới 25", "18-24"),
        ("age", "28", "28"),
        ("age", "abc", None),
        ("child_age", "1-3 tuổi", "1y-3y"),
        ("child_age", "Dưới 6 tháng", "0m-5m"),
        ("child_age", "Trên 24 tháng", "2y-99y"),
        ("child_age", "6 tháng đến 2 tuổi", None),
        ("income", "Dưới 10 triệu", "0-10000000 VND"),
        ("income", "10 - 20tr", "10000000-20000000 VND"),
        ("budget", "200.000đ - 500.000đ", "200000-500000 VND"),
        ("budget", "200k–500k", "200000-500000 VND"),
        ("budget", "Trên 1 triệu", "1000000- VND"),
        ("budget", "$50", None),
        ("gender", "Nữ", "female"),
        ("gender", "Nam", "male"),
        ("channel", "Xem quảng cáo trên TikTok", "tiktok"),
        ("channel", "TikTok Shop", "tiktok_shop"),
        ("occupation", "Nội trợ", "homemaker"),
        ("location", "Sài Gòn", "Hồ Chí Minh"),
        ("pain", "Không gặp chuyện gì", "none"),
        ("bought", "mini  CARE", "MiniCare"),
        ("education", "Không muốn trả lời", "silent"),
    ],
)
def test_what_an_answer_means(desk: Any, attribute: str, say: str, value: str | None) -> None:
    assert code_of(attribute, say, desk.study) == value


def test_the_command_shows_and_asks(study: Any) -> None:
    shutil.copy(FILES / "google.csv", study.folder / "google.csv")
    done = command("import", "survey", "google.csv", cwd=study.folder, lang="vi")
    assert done.returncode == 2
    for said in ("câu trả lời của Google Forms", "đã mua của ai", "giới tính", "Thuộc nhóm mục tiêu: 1 người"):
        assert said in done.stdout
    assert "0912 345 678" not in done.stdout
    assert not study.study.database.exists()
    saved = command("import", "survey", "google.csv", "--save-mapping", "m.map.yaml", cwd=study.folder)
    assert saved.returncode == 0, saved.stderr
    done = command("import", "survey", "google.csv", "--mapping", "m.map.yaml", "--json", cwd=study.folder)
    assert done.returncode == 0, done.stderr
    assert '"respondents": 5' in done.stdout


def test_a_big_survey_is_quick(study: Any, new_desk: Callable[[str], Any]) -> None:
    import time

    rows = (
        f"2026/10/{1 + n % 28:02d} 9:00:{n % 60:02d},{'Nữ' if n % 3 else 'Nam'},{18 + n % 60},Hà Nội,lời {n}"
        for n in range(5_000)
    )
    study.file("to.csv", "Timestamp,Giới tính,Tuổi của bạn,Nơi ở,Góp ý\n" + "\n".join(rows))
    start = time.monotonic()
    assert taken(study, "to.csv").counts["respondents"] == 5_000
    assert time.monotonic() - start < 30


def test_answers_that_differ_in_case_are_one(study: Any) -> None:
    path = study.folder / "hoa.csv"
    path.write_text(
        "Giới tính,Bạn hay mua ở đâu?,Bạn dùng [Bỉm],Bạn dùng [bỉm]\nNữ,Shopee,Có,\nNỮ,shopee,,Có\n", encoding="utf-8"
    )
    run(Asked("survey", path.name, path, date="2026-10"), study.study, How(yes=True, quiet=True))
    told = study.rows("select attribute, value, count from observations where audience = 'all' order by attribute")
    assert [tuple(one.values()) for one in told] == [("channel", "shopee", 2), ("gender", "female", 2)]


def test_columns_of_one_name_are_one_or_none(study: Any) -> None:
    path = study.folder / "hai.csv"
    asked = Asked("survey", path.name, path, date="2026-10")
    path.write_text("Giới tính,Tuổi,Giới tính\nNữ,27,\n,30,Nữ\nNam,31,nam\n", encoding="utf-8")
    run(asked, study.study, How(yes=True, quiet=True))
    told = study.rows("select value, count, n from observations where attribute = 'gender' and audience = 'all'")
    assert {tuple(one.values()) for one in told} == {("female", 2, 3), ("male", 1, 3)}
    path.write_text("Giới tính,Tuổi,Giới tính\nNữ,27,Nam\n", encoding="utf-8")
    with pytest.raises(InputError) as told_so:
        run(asked, study.study, How(yes=True, quiet=True, replace=True))
    assert told_so.value.key == "survey_same_column"


def test_where_people_live_in_other_words_and_brands_that_are_not_of_the_study(study: Any, capsys: Any) -> None:
    path = study.folder / "noi.csv"
    path.write_text(
        "Dấu thời gian,Anh/chị sống ở đâu?,Anh chị hay mua bỉm nhãn nào?\n"
        "01/10/2026 06:30:00,Đà Nẵng,Bobby\n02/10/2026 06:30:00,Sài Gòn,MiniCare\n03/10/2026 06:30:00,Đà Nẵng,Bobby\n",
        encoding="utf-8",
    )
    run(Asked("survey", path.name, path), load(study.folder), How(yes=True))
    assert cells(study, "location") == {"Đà Nẵng": (2, 3), "Hồ Chí Minh": (1, 3)}
    (row,) = study.rows("select period_from, period_to from imports")
    assert tuple(row.values()) == ("2026-10-01", "2026-10-03")  # in UTC it was the day before
    assert "aliases:" in (said := capsys.readouterr().out)
    assert "Bobby" in said


def test_what_annoys_most_is_asked_of_pains(study: Any) -> None:
    lines = ["Giới tính của bạn?,Điều gì khiến bạn khó chịu nhất khi mua bỉm?"]
    said = ("Giá cao", "Giao hàng chậm", "Thái độ nhân viên", "Không có", "Không bền")
    lines += [f"{'Nữ' if n % 3 else 'Nam'},{said[n % 5]}" for n in range(30)]
    path = study.file("y.csv", "\n".join(lines))
    run(Asked("survey", path.name, path), load(study.folder / "study.yaml"), How(yes=True, quiet=True))
    found = {
        r["value"]
        for r in study.rows("select distinct value from answers where attribute = 'pain' and value is not null")
    }
    assert {"price", "delivery", "service", "durability"} <= found


def test_answers_that_were_never_sent_are_told(study: Any, capsys: pytest.CaptureFixture[str]) -> None:
    head = '"id. Mã","submitdate. Ngày gửi","G01. Giới tính của bạn?"'
    lines = [f'"{n}","{"" if n % 4 == 0 else "2026-10-01 10:00:00"}","{"Nam" if n % 3 else "Nữ"}"' for n in range(20)]
    path = study.file("lime.csv", "\n".join([head, *lines]))
    run(Asked("survey", path.name, path), load(study.folder / "study.yaml"), How(yes=True))
    assert tell("survey.import.unfinished", count=5, total=20) in capsys.readouterr().out


def test_a_study_of_imports_alone_begins_with_an_import_and_is_not_told_to_crawl(study: Any) -> None:
    (study.folder / "study.yaml").write_text(
        STUDY.replace('sources: [{url: "https://forum.example/f/1/"}]', ""), encoding="utf-8"
    )
    shutil.copy(FILES / "google.csv", study.folder / "google.csv")
    path = study.folder / "google.csv"
    assert (
        run(Asked("survey", path.name, path), load(study.folder / "study.yaml"), How(yes=True, quiet=True)) is not None
    )
    done = command("analyze", str(study.folder / "study.yaml"))
    assert done.returncode == 0
    assert tell("triangulation.kinds.survey") in done.stdout
    assert "chandung crawl" not in done.stdout
