"""Lists of orders as shops' consoles write them; shops, buyers and telephones are invented."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from crawler.commands_import import _kind
from crawler.importers.kinds import Asked, How
from crawler.importers.notes.planning import plan_notes
from crawler.importers.orders import run
from crawler.importers.orders.reading import Order, Reader
from crawler.importers.plan import plan
from crawler.importers.raw import sheets_of
from crawler.importers.survey import run as survey
from crawler.importers.taking import Taken
from data.errors import InputError
from data.store import open_store

FILES = Path(__file__).parent / "orders"
YES = How(yes=True, quiet=True)


def take(desk: Any, path: Path, *, how: How = YES, **said: Any) -> Taken:
    done = run(Asked("orders", path.name, path, **said), desk.study, how)
    assert done is not None
    return done


def fixture(desk: Any, name: str) -> Path:
    return Path(shutil.copy(FILES / name, desk.folder / name))


def read(path: Path) -> dict[str, Order]:
    return {one.number: one for one in Reader(sheets_of(path)[0], "Asia/Ho_Chi_Minh").read().orders}


def cells(desk: Any) -> dict[tuple[str, str], tuple[float, float, str]]:
    rows = desk.rows("select attribute, value, count, n, unit from observations")
    return {(row["attribute"], row["value"]): (row["count"], row["n"], row["unit"]) for row in rows}


SMALL = "Số đơn,Ngày,Khách hàng,SĐT,Tỉnh,Thành tiền,Trạng thái\nD1,01/10/2026,Lan,0912345678,Hà Nội,100.000,xong\n"


def test_a_list_under_other_names_says_the_way_out(desk: Any) -> None:
    path, mapping = desk.file("so.csv", SMALL), desk.folder / "don.map.yaml"
    with pytest.raises(InputError) as error:
        take(desk, path)
    assert "--save-mapping" in str(error.value)
    run(Asked("orders", path.name, path), desk.study, How(quiet=True, save_mapping=mapping))
    text = mapping.read_text(encoding="utf-8")
    assert 'order_id: "?"' in text
    assert "#   Số đơn" in text
    mapping.write_text(text.replace('"?"', '"Số đơn"') + "states: {xong: completed}\n", encoding="utf-8")
    assert dict(take(desk, path, mapping=mapping).counts) == {"completed": 1, "orders": 1}


def test_orders_given_as_a_survey_are_refused_and_nobody_is_kept(desk: Any) -> None:
    path = fixture(desk, "shopee.csv")
    with pytest.raises(InputError) as error:
        survey(Asked("survey", path.name, path), desk.study, YES)
    assert error.value.key == "import_other_kind"
    assert "chandung import orders shopee.csv" in str(error.value)
    assert not desk.study.database.exists()


@pytest.mark.parametrize("name", ["shopee.csv", "tiktok.csv", "so-ban-hang.csv"])
@pytest.mark.parametrize("kind", ["posts", "notes"])
def test_orders_given_as_words_are_refused_and_the_right_command_is_named(desk: Any, kind: str, name: str) -> None:
    path = fixture(desk, name)
    with pytest.raises(InputError) as error:
        (plan if kind == "posts" else plan_notes)(path, desk.study)
    assert error.value.key == "import_other_kind"
    assert f"chandung import orders {name}" in str(error.value)


def test_orders_with_a_column_of_remarks_are_orders_all_the_same(desk: Any) -> None:
    text = (FILES / "so-ban-hang.csv").read_text(encoding="utf-8").splitlines()
    path = desk.file(
        "so.csv", "\n".join([text[0] + ",Nội dung", *(f"{line},giao giờ hành chính nhé" for line in text[1:])])
    )
    for given in (plan, plan_notes):
        with pytest.raises(InputError, match="chandung import orders"):
            given(path, desk.study)


def test_a_list_of_complaints_that_names_orders_is_taken(desk: Any) -> None:
    path = desk.file(
        "khieu-nai.csv",
        "Mã đơn hàng,Ngày,Trạng thái,Khách hàng,SĐT,Khiếu nại\nD1,01/10/2026,xong,Lan,0912345678,bỉm tràn suốt đêm\n",
    )
    assert plan_notes(path, desk.study, terms="mục 4").seen.rows == 1


RETURNS = """Mã đơn hàng,Ngày đặt hàng,Trạng Thái Đơn Hàng,Trạng thái Trả hàng/Hoàn tiền,Người Mua,Tổng giá trị đơn hàng (VND)
A1,2026-10-01 10:00,Hoàn thành,{a},k1,100.000
A2,2026-10-02 10:00,Hoàn thành,{b},k2,200.000
A3,2026-10-03 10:00,Hoàn thành,,k3,300.000
"""


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("Đã Chấp Thuận Yêu Cầu", "returned"), ("Yêu cầu đã được chấp thuận", "returned"), ("REFUND_PAID", "returned"),
        ("ACCEPTED", "returned"), ("Đang yêu cầu hoàn tiền", "completed"), ("JUDGING", "completed"), ("Đã hủy yêu cầu", "completed"),
        ("Không chấp nhận yêu cầu", "completed"), ("Return/Refund", "returned"), ("-", "completed"),
    ],
)  # fmt: skip
def test_words_of_returns_as_the_platforms_write_them(desk: Any, said: str, state: str) -> None:
    take(desk, desk.file("shopee.csv", RETURNS.format(a=said, b="")))
    found = desk.rows("select state, refunded from orders order by ordered_at")
    assert found[0] == {"state": state, "refunded": 100_000 if state == "returned" else 0}


def test_unknown_words_of_returns_are_asked_for_before_anything_is_stored(desk: Any) -> None:
    path = desk.file("shopee.csv", RETURNS.format(a="Đã xử xong vụ này", b="Đã xử xong vụ này"))
    with pytest.raises(InputError) as error:
        take(desk, path)
    assert error.value.key == "import_unknown_returns"
    assert "“Đã xử xong vụ này” (2)" in str(error.value)
    assert "--save-mapping" in str(error.value)
    assert not desk.study.database.exists()
    mapping = desk.folder / "don.map.yaml"
    run(Asked("orders", path.name, path), desk.study, How(quiet=True, save_mapping=mapping))
    text = mapping.read_text(encoding="utf-8")
    assert '"Đã xử xong vụ này": ?' in text
    with pytest.raises(InputError):  # not yet filled in
        take(desk, path, mapping=mapping)
    mapping.write_text(text.replace(": ?", ": returned"), encoding="utf-8")
    assert dict(take(desk, path, mapping=mapping).counts) == {"returned": 2, "completed": 1, "orders": 3}


def test_shopee_lines_become_orders(desk: Any) -> None:
    done = take(desk, fixture(desk, "shopee.csv"))
    assert dict(done.counts) == {"completed": 3, "open": 1, "cancelled": 1, "returned": 1, "orders": 6}
    orders = desk.rows(
        "select state, amount, refunded, items, location, customer_key is null as nobody from orders order by ordered_at"
    )
    assert [tuple(one.values()) for one in orders] == [
        ("completed", 597000, 0, 3, "Hồ Chí Minh", 0),  # two lines, the order's sum in both
        ("cancelled", 255000, 0, 1, "Hà Nội", 0),
        ("completed", 510000, 255000, 2, "Hà Nội", 0),  # one of two pieces given back
        ("returned", 179000, 179000, 1, "Đồng Nai", 0),
        ("open", 597000, 0, 3, "Hồ Chí Minh", 0),
        ("completed", 199000, 0, 1, "Cần Thơ", 1),  # the platform hides the buyer
    ]
    assert cells(desk) == {
        ("location", "Hà Nội"): (1, 2, "people"), ("location", "Hồ Chí Minh"): (1, 2, "people"),
        ("behaviour", "repeat_buyer"): (1, 2, "people"),
    }  # fmt: skip
    assert desk.rows("select name, period_from, period_to, format from imports") == [
        {"name": "shopee.csv", "period_from": "2026-10-01", "period_to": "2026-10-28", "format": "shopee"}
    ]


@pytest.mark.parametrize("name", ["shopee.csv", "tiktok.csv", "so-ban-hang.csv"])
def test_nobodys_name_telephone_or_address_is_stored(desk: Any, name: str) -> None:
    take(desk, fixture(desk, name))
    stored = b"".join(path.read_bytes() for path in desk.folder.glob("nhap.db*"))
    for said in (
        "mebong",
        "nhaconbon",
        "Nguyễn Thị",
        "0901000001",
        "Đường Số",
        "user_mot",
        "Chị Hoa",
        "0912000111",
        "0912 000 111",
        "2610010A1",
        "DH001",
    ):
        assert said.encode() not in stored, said


def test_tiktok_shop_has_a_line_that_explains_the_columns(desk: Any) -> None:
    path = fixture(desk, "tiktok.csv")
    found = read(path)
    assert {number: (one.state, one.amount, one.refunded) for number, one in found.items()} == {
        "57610001": ("completed", 204000, 0), "57610002": ("returned", 204000, 204000), "57610003": ("cancelled", 435000, 0),
        "57610004": ("open", 225000, 0),
    }  # fmt: skip
    assert take(desk, path).as_json()["counts"] == {
        "completed": 1,
        "returned": 1,
        "cancelled": 1,
        "open": 1,
        "orders": 4,
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1258"])
def test_a_shops_own_book(desk: Any, encoding: str) -> None:
    """A title, two lines of headers, sums in words, a line without its number, a refund, and a sum below."""
    text = (FILES / "so-ban-hang.csv").read_text(encoding="utf-8")
    path = desk.file("so.csv", desk.in_cp1258(text) if encoding == "cp1258" else text.encode(encoding))
    found = read(path)
    assert {number: (one.state, one.amount, one.refunded, one.channel) for number, one in found.items()} == {
        "DH001": ("completed", 1_500_000, 0, "facebook"), "DH002": ("completed", 350_000, 0, "zalo"),
        "DH003": ("completed", 99_500.5, 0, "store"), "DH004": ("returned", 500_000, 500_000, "facebook"),
        "DH005": ("cancelled", 120_000, 0, "facebook"),
    }  # fmt: skip
    take(desk, path)
    # One telephone written in three ways is one customer.
    assert cells(desk)["behaviour", "repeat_buyer"] == (1, 2, "people")
    assert desk.rows("select orders, value, location, recency_days from customers where orders > 1") == [
        {"orders": 2, "value": 1_599_500.5, "location": "Hà Nội", "recency_days": 6}
    ]


def test_a_workbook_with_merged_headers(desk: Any) -> None:
    from openpyxl import Workbook

    book = Workbook()
    page: Any = book.active
    page.append(["Mã đơn hàng", "Ngày đặt", "Người nhận", None, "Tổng tiền"])
    page.append([None, None, "Điện thoại", "Tỉnh/Thành phố", None])
    for columns in ("A1:A2", "B1:B2", "C1:D1", "E1:E2"):
        page.merge_cells(columns)
    page.append(["A1", "2026-10-02", "0912000111", "Nghệ An", 250000])
    page.append(["A2", "2026-10-03", "0912000222", "Vinh", 150000])
    book.save(desk.folder / "x.xlsx")
    take(desk, desk.folder / "x.xlsx")
    assert cells(desk)["location", "Nghệ An"] == (2, 2, "people")
    assert desk.rows("select sum(amount) as sum from orders") == [{"sum": 400000}]


def test_two_exports_of_the_same_days(desk: Any) -> None:
    path = fixture(desk, "shopee.csv")
    take(desk, path)
    assert take(desk, path).already is not None
    grown = desk.file(
        "shopee-30-ngay.csv",
        path.read_bytes() + b"2611010G7,PK7,2026-11-01 09:00,Unpaid,,,Ta,1,0,1000,1000,moi,,,,,,VN\n",
    )
    with pytest.raises(InputError) as error:
        take(desk, grown)
    assert error.value.key == "import_same_period"
    assert len(desk.rows("select order_row from orders")) == 6
    assert take(desk, grown, how=How(yes=True, quiet=True, replace=True)).replaced == ["shopee.csv"]
    assert len(desk.rows("select order_row from orders")) == 7
    # TikTok Shop's orders of the same days are others.
    take(desk, fixture(desk, "tiktok.csv"))


def test_a_refund_in_a_later_file_belongs_to_its_order(desk: Any) -> None:
    head = "Mã đơn hàng,Ngày đặt,SĐT,Tổng tiền\n"
    take(desk, desk.file("thang-10.csv", head + "A1,02/10/2026,0912000111,250000\nA2,31/10/2026,0912000111,100000\n"))
    done = take(
        desk, desk.file("thang-11.csv", head + "A1,04/11/2026,0912000111,-50000\nA3,20/11/2026,0912000222,80000\n")
    )
    assert done.counts["returned"] == 1
    counted = desk.rows("select state, amount, refunded from orders_counted order by ordered_at")
    assert [tuple(one.values()) for one in counted] == [
        ("completed", 250000, 50000),
        ("completed", 100000, 0),
        ("completed", 80000, 0),
    ]
    with open_store(desk.study.database) as store:
        assert store.undo_import(2)["orders"] == 2
    assert desk.rows("select sum(refunded) as back, count(*) as orders from orders_counted") == [
        {"back": 0, "orders": 2}
    ]


@pytest.mark.parametrize(
    ("body", "key", "said"),
    [
        ("Độ tuổi,Người dùng\n18-24,120\n", "import_no_orders", "Độ tuổi, Người dùng"),
        ("Mã đơn hàng,Ngày đặt,Tổng tiền\nA1,02/10/2026,miễn phí\n", "import_bad_figure", "line 2"),
        ("Mã đơn hàng,Ngày đặt,Tổng tiền\nA1,hôm nào đó,1000\n", "import_bad_figure", "hôm nào đó"),
        ("Mã đơn hàng,Ngày đặt,Tổng tiền\n,02/10/2026,1000\n", "import_order_without_number", "line 2"),
        ("Mã đơn hàng,SĐT,Tổng tiền\nA1,0912000111,1000\n", "import_no_period", "--date"),
        ('Mã đơn hàng,Ngày đặt,Tổng tiền\nA1,"02/10/2026,1000\nA2,03/10/2026,1\n', "import_line_unreadable", "Line 2"),
    ],
)
def test_bad_files_store_nothing(desk: Any, body: str, key: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        take(desk, desk.file("x.csv", body))
    assert error.value.key == key
    assert said in str(error.value)
    assert not desk.study.database.exists()


def test_without_buyers_orders_are_counted(desk: Any) -> None:
    rows = "1,2026-10-02,Completed,Hanoi,$12.50\n2,2026-10-03,Paid,Da Nang,$9\n3,2026-10-03,Voided,Hue,$9\n"
    body = f"Order ID,Order date,Status,Province,Total\n{rows}"
    take(desk, desk.file("x.csv", body))
    assert cells(desk) == {("location", "Hà Nội"): (1, 2, "orders"), ("location", "Đà Nẵng"): (1, 2, "orders")}
    assert desk.rows("select distinct currency from orders") == [{"currency": "USD"}]


def test_a_mapping_says_what_names_do_not(desk: Any) -> None:
    path = desk.file(
        "x.csv",
        "Phiếu,Lúc,Ai,Ở đâu,Bao nhiêu,Sao rồi\nP1,10/03/2026,0912000111,Huế,90.000,xong\nP2,03/10/2026,0912000222,Huế,50.000,ế\n",
    )
    with pytest.raises(InputError) as error:
        take(desk, path)
    assert error.value.key == "import_no_orders"
    told = "order_id: Phiếu\nordered_at: Lúc\nphone: Ai\nprovince: Ở đâu\norder_total: Bao nhiêu\nstatus: Sao rồi\n"
    mapping = desk.file("x.map.yaml", told + "dates: month first\nstates: {Xong: completed, ế: cancelled}\n")
    take(desk, path, mapping=mapping)
    orders = desk.rows(
        "select substr(ordered_at, 1, 10) as day, state, amount, location from orders order by ordered_at"
    )
    assert [tuple(one.values()) for one in orders] == [
        ("2026-03-09", "cancelled", 50000, "Thừa Thiên Huế"), ("2026-10-02", "completed", 90000, "Thừa Thiên Huế"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "key", "told"),
    [
        ("order: Phiếu\n", "import_mapping_wrong", "order_id"),
        ("order_id: Phieu\nstatus: Sao rồi\n", "import_no_column", "Phiếu"),
        ("order_id: Phiếu\nstates: {xong: finished}\n", "import_mapping_wrong", "completed"),
        ("order_id: 3\n", "import_mapping_wrong", "name of a column"),
        ("- a\n", "import_mapping_wrong", "expected lines"),
    ],
)
def test_wrong_mappings(desk: Any, said: str, key: str, told: str) -> None:
    path = desk.file("x.csv", "Phiếu,Lúc,Sao rồi\nP1,03/10/2026,xong\n")
    with pytest.raises(InputError) as error:
        take(desk, path, mapping=desk.file("x.map.yaml", said))
    assert error.value.key == key
    assert told in str(error.value)
    assert not desk.study.database.exists()


def test_a_mapping_can_be_saved(desk: Any) -> None:
    path = fixture(desk, "so-ban-hang.csv")
    how = How(quiet=True, save_mapping=desk.folder / "so.map.yaml")
    assert run(Asked("orders", path.name, path), desk.study, how) is None
    assert 'order_id: "Mã đơn"' in (desk.folder / "so.map.yaml").read_text(encoding="utf-8")
    take(desk, path, mapping=desk.folder / "so.map.yaml")
    assert desk.rows("select count(*) as n from orders") == [{"n": 5}]


HEAD = "Mã đơn,Ngày đặt,Trạng thái,Thành tiền,Hoàn tiền,Khách\n"


def test_the_money_that_was_read_is_told(desk: Any, capsys: Any) -> None:
    path = desk.file(
        "tien.csv",
        HEAD + "A1,05/05/2026,Hoàn thành,1.234.567 đ,9.999.999 đ,K1\nA2,25/05/2026,Hoàn thành,500.000,,K2\n",
    )
    take(desk, path, how=How(yes=True))
    said = capsys.readouterr().out
    assert "A1" in said
    assert any(total in said for total in ("1.734.567", "1,734,567"))
    assert len(desk.rows("select distinct customer_key from orders")) == 2


def test_sums_that_may_be_thousands_or_decimals_are_told(desk: Any, capsys: Any) -> None:
    rows = 'A1,21/03/2026,Hoàn thành,"1,234.50",,K1\nA2,21/03/2026,Hoàn thành,1.234,,K2\n'
    take(desk, desk.file("lan.csv", HEAD + rows), how=How(yes=True))
    assert " 1.234." in capsys.readouterr().out


def test_names_of_columns_alone(desk: Any) -> None:
    with pytest.raises(InputError) as told:
        take(desk, desk.file("rong.csv", HEAD))
    assert told.value.key == "import_no_rows"


def test_a_mistyped_kind_is_asked_about(tmp_path: Path) -> None:
    with pytest.raises(InputError) as told:
        _kind(("post", "bai.csv"))
    assert (told.value.key, told.value.values["meant"]) == ("import_kind_meant", "posts")
    assert _kind(("bai.csv", "post")) == (None, ("bai.csv", "post"))
