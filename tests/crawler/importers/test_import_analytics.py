"""Analytics exports as their makers write them, here of brands that do not exist."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.importers.analytics import run
from crawler.importers.analytics.blocks import read
from crawler.importers.analytics.coding import coded
from crawler.importers.kinds import Asked, How
from crawler.importers.orders.reading import Reader
from crawler.importers.raw import sheets_of
from crawler.importers.taking import Taken
from data.errors import InputError

FILES = Path(__file__).parent / "analytics"
YES = How(yes=True, quiet=True)
CELLS = "select attribute, value, unit, count, n, share, low, high from observations order by attribute, unit, value"


def take(desk: Any, path: Path, *, how: How = YES, **said: Any) -> Taken:
    done = run(Asked("analytics", path.name, path, **said), desk.study, how)
    assert done is not None
    return done


def fixture(desk: Any, name: str) -> Path:
    return Path(shutil.copy(FILES / name, desk.folder / name))


def cells(desk: Any, attribute: str, unit: str = "people") -> dict[str, tuple[Any, Any]]:
    rows = desk.rows(CELLS)
    return {
        row["value"]: (row["count"], row["n"]) for row in rows if (row["attribute"], row["unit"]) == (attribute, unit)
    }


def shares(desk: Any, attribute: str) -> dict[str, float]:
    return {row["value"]: round(row["share"], 3) for row in desk.rows(CELLS) if row["attribute"] == attribute}


def test_a_vietnamese_export_of_ages(desk: Any) -> None:
    done = take(desk, fixture(desk, "ga4-tuoi.csv"))
    assert (done.rows, done.counts["age silent"]) == (7, 2140)
    assert cells(desk, "age") == {
        "18-24": (205, 1500), "25-34": (860, 1500), "35-44": (310, 1500), "45-54": (82, 1500), "55-64": (27, 1500),
        "65-120": (16, 1500),
    }  # fmt: skip
    assert cells(desk, "age", "key_events")["25-34"] == (61, 88)
    (row,) = desk.rows("select * from observations where unit = 'people' and value = '25-34'")
    assert (row["brand"], row["kind"], row["period_from"], row["period_to"]) == (
        "An Nhiên", "analytics", "2026-10-01", "2026-10-31",
    )  # fmt: skip
    assert 0.54 < row["low"] < row["share"] < row["high"] < 0.60
    assert desk.rows("select count(*) as n from observations where unit <> 'people' and low is not null") == [{"n": 0}]


def test_sources_become_the_codebooks_channels(desk: Any) -> None:
    take(desk, fixture(desk, "ga4-channels.csv"))
    assert cells(desk, "channel", "sessions") == {
        "google": (1402, 3432), "facebook": (1535, 3432), "instagram": (118, 3432), "tiktok": (260, 3432), "zalo": (44, 3432),
        "email": (61, 3432), "other": (12, 3432),
    }  # fmt: skip


def test_the_data_api_does_not_say_of_when_it_is(desk: Any) -> None:
    path = fixture(desk, "ga4-cities.json")
    with pytest.raises(InputError, match="does not say which days"):
        take(desk, path)
    take(desk, path, date="2026-10")
    # Ashburn is told and in no list; it is neither silent nor anybody's province.
    assert cells(desk, "location")["Hồ Chí Minh"] == (1514, 2367)
    assert set(cells(desk, "location")) == {"Hồ Chí Minh", "Hà Nội", "Đồng Nai", "Hải Phòng"}
    assert cells(desk, "device") == {"mobile": (2135, 2500), "desktop": (351, 2500), "tablet": (14, 2500)}


def test_a_part_of_a_report_is_refused(desk: Any) -> None:
    body = (FILES / "ga4-cities.json").read_text(encoding="utf-8").replace('"rowCount": 7', '"rowCount": 250')
    with pytest.raises(InputError, match="7 of the report's 250 rows"):
        take(desk, desk.file("x.json", body), date="2026-10")
    assert not desk.study.database.exists()


def test_facebook_shows_percentages_of_nobody_knows_how_many(desk: Any) -> None:
    path = fixture(desk, "facebook-doi-tuong.csv")
    take(desk, desk.file(path.name, path.read_text(encoding="utf-8").encode("utf-16")), date="2026-10-31")
    assert shares(desk, "gender") == {"female": 0.857, "male": 0.143}
    assert shares(desk, "age")["25-34"] == 0.498
    # The first few towns are not everybody.
    assert shares(desk, "location") == {"Hồ Chí Minh": 0.312, "Hà Nội": 0.228, "Đồng Nai": 0.041, "Cần Thơ": 0.024}
    assert desk.rows("select count(*) as n from observations where n is not null or low is not null") == [{"n": 0}]


def test_a_section_that_the_codebook_has_no_place_for(desk: Any) -> None:
    more = '\n"Trang hàng đầu"\n"Báo Mẹ","Hà Nội, Việt Nam"\n"40%","30%"\n"Ngôn ngữ"\n"Tiếng Việt","97%"\n'
    path = desk.file("facebook.csv", (FILES / "facebook-doi-tuong.csv").read_text(encoding="utf-8") + more)
    assert read(path).left == ["Trang hàng đầu", "Ngôn ngữ"]
    take(desk, path, date="2026-10-31")
    assert shares(desk, "location")["Hà Nội"] == 0.228


def test_tiktok_followers(desk: Any) -> None:
    assert take(desk, fixture(desk, "FollowerGender.csv"), date="2026-10").as_json()["observations"] == 3
    assert shares(desk, "gender") == {"female": 0.71, "male": 0.27, "other": 0.02}


def test_matomo(desk: Any) -> None:
    take(desk, fixture(desk, "matomo-referrers.csv"), date="2026-10")
    assert cells(desk, "channel") == {"google": (380, 616), "facebook": (205, 616), "forum": (31, 616)}
    take(desk, fixture(desk, "matomo-cities.json"), date="2026-10")
    assert cells(desk, "location") == {"Hồ Chí Minh": (512, 800), "Hà Nội": (288, 800)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_any_encoding_and_dialect(desk: Any, encoding: str, sign: str) -> None:
    rows = (
        "Độ tuổi|Giới tính|Tổng số người dùng",
        "25-34|Nữ|1.204",
        "35-44|Nữ giới|96",
        "25-34|Không xác định|100",
        "",
    )
    text = "\n".join(rows).replace("|", sign)
    body = desk.in_cp1258(text) if encoding == "cp1258" else text.encode(encoding)
    take(desk, desk.file("x.csv", body), date="2026-10")
    assert cells(desk, "gender") == {"female": (1300, 1300)}
    assert cells(desk, "age") == {"25-34": (1304, 1400), "35-44": (96, 1400)}


def test_two_lines_of_headers(desk: Any) -> None:
    text = "Độ tuổi;Người dùng đang hoạt động;;\n;Nữ;Nam;Không xác định\n18-24;120;30;10\n25-34;400;80;20\nTổng;520;110;30\n"
    take(desk, desk.file("x.csv", text), date="2026-10")
    assert cells(desk, "age") == {"18-24": (160, 660), "25-34": (500, 660)}
    assert cells(desk, "gender") == {"female": (520, 630), "male": (110, 630)}


def test_a_workbook_of_two_sheets(desk: Any) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "Giới tính"  # type: ignore[union-attr]
    for row in (["Giới tính", "Tỷ lệ"], ["Nữ", "81,5%"], ["Nam", "18,5%"]):
        book.active.append(row)  # type: ignore[union-attr]
    ages = book.create_sheet("Tuổi")
    for row in (["Độ tuổi", "Tỷ lệ"], ["18-24", "20%"], ["25-34", "50%"], ["35-54", "20%"], ["55+", "10%"]):
        ages.append(row)
    book.save(desk.folder / "tiktok-follower.xlsx")
    done = take(desk, desk.folder / "tiktok-follower.xlsx", date="2026-10")
    assert shares(desk, "gender") == {"female": 0.815, "male": 0.185}
    assert shares(desk, "age") == {"18-24": 0.2, "25-34": 0.5}
    assert done.name == "tiktok-follower.xlsx"


def test_days_added_up_are_no_people(desk: Any) -> None:
    take(
        desk, desk.file("x.csv", "Date,Gender,Active users\n20261001,female,10\n20261002,female,12\n20261002,male,4\n")
    )
    assert cells(desk, "gender", "user_days") == {"female": (22, 26), "male": (4, 26)}
    assert cells(desk, "gender") == {}
    assert desk.rows("select distinct period_from, period_to from observations") == [
        {"period_from": "2026-10-01", "period_to": "2026-10-02"}
    ]


def test_the_same_file_adds_nothing_and_another_of_the_same_days_asks(desk: Any) -> None:
    path = fixture(desk, "ga4-tuoi.csv")
    take(desk, path)
    assert take(desk, path).already is not None
    renamed = desk.file("lai.csv", path.read_bytes())
    assert take(desk, renamed).already is not None
    later = desk.file("ga4-tuoi-2.csv", path.read_bytes().replace(b"25-34,860", b"25-34,900"))
    with pytest.raises(InputError) as error:
        take(desk, later)
    assert error.value.key == "import_same_period"
    assert "ga4-tuoi.csv" in str(error.value)
    assert "--replace" in str(error.value)
    assert cells(desk, "age")["25-34"] == (860, 1500)
    done = take(desk, later, how=How(yes=True, quiet=True, replace=True))
    assert done.replaced == ["ga4-tuoi.csv"]
    assert cells(desk, "age")["25-34"] == (900, 1540)
    # Another report of the same days tells something else, and another month something later.
    take(desk, fixture(desk, "ga4-channels.csv"))
    take(
        desk,
        desk.file("ga4-tuoi-11.csv", path.read_bytes().replace(b"202610", b"202611").replace(b"20261131", b"20261130")),
    )
    assert len(desk.rows("select import_id from imports")) == 3


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ("Mã đơn hàng,Ngày đặt,Tổng tiền\nA1,2026-10-01,120000\n", "import_no_analytics"),
        ("xin chào\nđây là một ghi chú\n", "import_no_analytics"),
        ("Độ tuổi,Người dùng\n18-24,nhiều lắm\n", "import_bad_figure"),
        ("Giới tính,Người dùng\nkhông xác định,12\n", "import_no_values"),
        ('Giới tính,Người dùng\n"nữ,12\nnam,3\n', "import_line_unreadable"),
        ('{"metricHeaders": [{"name": "activeUsers"}], "rows": [{"metricValues": "x"}]}', "import_report_broken"),
        ('{"rows": [', "import_not_json"),
        ("", "import_empty"),
    ],
)
def test_bad_files_store_nothing(desk: Any, body: str, key: str) -> None:
    with pytest.raises(InputError) as error:
        take(desk, desk.file("x.csv", body), date="2026-10")
    assert error.value.key == key
    assert "x.csv" in str(error.value)
    assert not desk.study.database.exists()


def test_a_brand_and_a_date_that_are_none(desk: Any) -> None:
    path = fixture(desk, "ga4-cities.json")
    for said in ({"date": "thang 10"}, {"date": "2026-10", "about": "Nobody"}):
        with pytest.raises(InputError):
            take(desk, path, **said)
    take(desk, path, date="2026", about="mini care")
    assert desk.rows("select distinct brand, period_from, period_to from observations") == [
        {"brand": "MiniCare", "period_from": "2026-01-01", "period_to": "2026-12-31"}
    ]


CELLS_OF_ANY_KIND = st.sampled_from(
    ["Tuổi", "Giới tính", "Người dùng", "25-34", "55+", "Nữ", "12", "1.234", "12,5%", "(not set)", "", "#", "Thành phố", "Hanoi",
     "Mã đơn hàng", "Ngày đặt", "Tổng tiền", "-5", "1.000 đ", "31/10/2026", "hủy", "F.18-24", "Distribution", "0.5", "Date",
     "20269999", "sep=,", '"', "label", "Tổng cộng", "SĐT", "150%", "9" * 21, "²", "Số lượng"]
)  # fmt: skip
JSON_NAMES = ["reports", "metricHeaders", "rows", "name", "value", "metricValues", "rowCount"]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(JSON_NAMES), inner, max_size=4),
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(CELLS_OF_ANY_KIND, min_size=1, max_size=6), min_size=1, max_size=8), st.sampled_from(",;\t"))
def test_any_table_is_read_or_answered_with_a_sentence(tmp_path: Path, rows: list[list[str]], sign: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text("\n".join(map(sign.join, rows)), encoding="utf-8")
    for run_it in (lambda: coded(read(path)), lambda: Reader(sheets_of(path)[0], "Asia/Ho_Chi_Minh").read()):
        with suppress(InputError):
            run_it()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANYTHING)
def test_any_json_likewise(tmp_path: Path, held: Any) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"metricHeaders": [{"name": "activeUsers"}], "rows": held}), encoding="utf-8")
    for body in (path.read_text(encoding="utf-8"), json.dumps([held]), json.dumps({"reports": held})):
        path.write_text(body, encoding="utf-8")
        with suppress(InputError):
            coded(read(path))


def test_more_than_a_whole_is_refused(desk: Any) -> None:
    path = desk.file("hon.csv", "Tuổi,Phần trăm\n18-24,60%\n25-34,70%\n")
    with pytest.raises(InputError) as told:
        take(desk, path, date="2026-10")
    assert told.value.key == "import_over_whole"
    assert "130" in str(told.value)


def test_merged_cells_of_a_text_file(desk: Any) -> None:
    path = desk.file("gop.csv", "Tuổi,Giới tính,Người dùng\n18-24,Nữ,100\n,Nam,50\n25-34,Nữ,300\n,Nam,80\n,Nam,7\n")
    take(desk, path, date="2026-10")
    assert cells(desk, "age") == {"18-24": (150, 530), "25-34": (380, 530)}
    assert cells(desk, "gender")["female"] == (400, 537)


def test_nothing_is_about_the_future(desk: Any) -> None:
    path = desk.file("mai.csv", "Tuổi,Người dùng\n18-24,100\n")
    with pytest.raises(InputError) as told:
        take(desk, path, date="2190-10")
    assert told.value.key == "import_future_date"


def test_names_of_columns_alone(desk: Any) -> None:
    with pytest.raises(InputError) as told:
        take(desk, desk.file("rong.csv", "Tuổi,Người dùng\n"), date="2026-10")
    assert told.value.key == "import_no_rows"
