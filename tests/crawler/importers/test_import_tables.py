"""Plain tables: encodings, signs between cells, column names in two languages, dates, and lines that are broken."""

from __future__ import annotations

import json
import random
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from crawler.importers.encodings import encoding_of, mended
from crawler.importers.mapping import Mapping, load, text_of
from crawler.importers.moments import Moments, Tally
from crawler.importers.numbers import count_of, stars_of
from crawler.importers.plan import plan
from crawler.importers.showing import notes
from data.errors import InputError

ROWS = [
    ["Tên khách hàng", "Ngày đăng", "Nội dung bình luận", "Lượt thích", "Số điện thoại", "Tỉnh thành"],
    ["Nguyễn Thu Lan", "25/12/2025 10:30", "Tã này bé nhà em dùng bị hăm quá", "3", "0912345678", "Hà Nội"],
    ["Trần Minh", "03/01/2026 08:00", "Giá rẻ mà thấm tốt, sẽ mua lại", "1,2K", "", "Huế"],
]
TEXTS = [row[2] for row in ROWS[1:]]


def lines(sign: str = ",") -> str:
    return "".join(sign.join(f'"{cell}"' if sign in cell else cell for cell in row) + "\r\n" for row in ROWS)


def in_cp1258(text: str) -> bytes:
    """Vietnamese as Windows' own code page writes it: the tone's mark behind its letter."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    written = ""
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tone = next((mark for mark in parts if mark in tones), "")
        written += unicodedata.normalize("NFC", parts.replace(tone, "")) + tone if tone else letter
    return written.encode("cp1258")


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1258"])
def test_every_encoding_and_sign_gives_the_same_posts(desk: Any, encoding: str, sign: str) -> None:
    body = in_cp1258(lines(sign)) if encoding == "cp1258" else lines(sign).encode(encoding)
    assert desk.take(desk.file("bang.csv", body)).posts.new == 2
    stored = desk.posts("text, posted_at, likes")
    assert [row["text"] for row in stored] == TEXTS
    assert [row["posted_at"] for row in stored] == ["2025-12-25T03:30:00Z", "2026-01-03T01:00:00Z"]
    assert [row["likes"] for row in stored] == [3, 1200]


def test_an_encoding_that_cannot_be_told_is_asked_for(desk: Any) -> None:
    path = desk.file("x.csv", "Отзыв,Автор\nочень хорошо,Анна\n".encode("cp1251"))
    with pytest.raises(InputError) as refused:
        encoding_of(path)
    assert refused.value.key == "import_encoding"


@pytest.mark.parametrize("name", ["bang.xlsx", "bang.jsonl", "bang.json", "nested.json"])
def test_other_kinds_of_file(desk: Any, name: str) -> None:
    path = desk.folder / name
    things = [dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]
    if name.endswith("xlsx"):
        book = openpyxl.Workbook()
        for row in ROWS:
            book.active.append(row)
        book.create_sheet("Ghi chú").append(["không đọc"])
        book.save(path)
    elif name.endswith("jsonl"):
        path.write_text("\n".join(json.dumps(one) for one in things), encoding="utf-8")
    else:
        path.write_text(json.dumps(things if name == "bang.json" else {"comments": things}), encoding="utf-8")
    assert desk.take(path).posts.new == 2
    assert [row["text"] for row in desk.posts()] == TEXTS


def test_what_has_no_place_stays_with_its_row_and_tells_nobodys_number(desk: Any) -> None:
    desk.take(desk.file("bang.csv", lines()))
    first, second = desk.left()
    assert first["rest"]["Tỉnh thành"] == "Hà Nội"
    assert first["rest"]["Số điện thoại"].startswith("[")
    assert second["rest"] == {"Tỉnh thành": "Huế"}
    whole = str([desk.rows(f"select * from {table}") for table in ("posts", "imported_rows", "imports", "authors")])
    assert "0912345678" not in whole
    assert "Thu Lan" not in whole


def test_columns_without_names_are_known_by_what_they_hold(desk: Any) -> None:
    body = "".join(
        f"2026-01-{day:02d} 10:00\thttps://shop.example/p/{day}\tsản phẩm này mình dùng được {day} ngày thì hỏng\n"
        for day in range(1, 9)
    )
    found = plan(desk.file("x.tsv", body), desk.study)
    assert found.mapping.columns() == {"posted_at": "column 1", "url": "column 2", "text": "column 3"}
    assert found.site == "shop.example"
    assert desk.take(found.path).posts.new == 8


def test_a_file_without_texts_says_which_columns_it_has(desk: Any) -> None:
    with pytest.raises(InputError) as refused:
        desk.take(desk.file("x.csv", "Họ tên,Tuổi\nLê Hoa,30\nTrần Minh,31\n"))
    assert refused.value.key == "import_no_text"
    assert "Họ tên, Tuổi" in str(refused.value)


# Dates


def tally(*texts: str) -> Tally:
    found = Tally()
    for text in texts:
        found.add(text)
    return found


def test_the_whole_column_says_whether_the_day_comes_first() -> None:
    assert tally("03/04/2026", "05/06/2026", "13/02/2026").order() == ("day", "column")
    assert tally("03/04/2026", "02/13/2026").order() == ("month", "column")
    assert tally("03/04/2026", "05/06/2026").order() == ("day", "ambiguous")
    assert tally("3/4/2026 5:00 PM", "5/6/2026 1:00 AM").order() == ("month", "ambiguous")
    assert tally("13/02/2026", "14/02/2026", "02/15/2026").order() == ("day", "contradicts")
    assert tally("2026-03-04", "4 tháng 3, 2026").order() == ("day", "plain")


def test_a_date_against_its_column_is_kept_beside_and_not_guessed(desk: Any) -> None:
    body = "comment,author,date\n" + "".join(
        f"dùng được {day} hôm rồi,Lê Hoa {day},{date}\n"
        for day, date in enumerate(["13/02/2026", "14/02/2026", "02/15/2026"])
    )
    done = desk.take(desk.file("x.csv", body))
    assert (done.posts.new, dict(done.why), done.where) == (3, {"no_date": 1}, {"no_date": [4]})
    assert [row["rest"] for row in desk.left()] == [{"date": "02/15/2026"}]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-02-03T04:05:06Z", "2026-02-03T04:05:06+00:00"),
        ("2026-02-03 04:05:06.789+07:00", "2026-02-02T21:05:06.789000+00:00"),
        ("2026-02-03", "2026-02-02T17:00:00+00:00"),
        ("1770000000", "2026-02-02T02:40:00+00:00"),
        ("1770000000000", "2026-02-02T02:40:00+00:00"),
        ("3/2/2026 4:05 PM", "2026-02-03T09:05:00+00:00"),
        ("3 tháng 2, 2026 lúc 16:05", "2026-02-03T09:05:00+00:00"),
        ("Feb 3, 2026, 4:05:06 PM", "2026-02-03T09:05:06+00:00"),
        ("2026-02-03 04:05:06 UTC", "2026-02-03T04:05:06+00:00"),
        ("hôm qua", None),
        ("2 giờ trước", None),
        ("31/02/2026", None),
        ("2999-01-01", None),
        ("-", None),
    ],
)
def test_dates(text: str, expected: str | None) -> None:
    from zoneinfo import ZoneInfo

    moment = Moments(ZoneInfo("Asia/Ho_Chi_Minh")).read(text)
    assert (moment and moment.isoformat()) == expected


@pytest.mark.parametrize(
    ("text", "count"),
    [("1.234", 1234), ("1,234,567", 1234567), ("1,2K", 1200), ("1.5 triệu", 1500000), ("12 lượt thích", 12), ("3.0", 3),
     ("1,5", None), ("nhiều", None), ("", None)],
)  # fmt: skip
def test_counts(text: str, count: int | None) -> None:
    assert count_of(text) == count


@pytest.mark.parametrize(
    ("text", "stars"),
    [("5", 5), ("4,5/5", 4.5), ("3 sao", 3), ("★★★★☆", 4), ("⭐⭐", 2), ("4 out of 5", 4), ("7", None), ("tốt", None)],
)
def test_stars(text: str, stars: float | None) -> None:
    assert stars_of(text) == stars


# Broken and hostile files


def test_a_quotation_mark_never_closed_costs_one_line(desk: Any) -> None:
    body = 'comment,author\nrất tốt cho bé,Lan\n"mở ngoặc mà quên đóng,Minh\ngiao hàng chậm quá,Hoa\n"hai\ndòng, vẫn một bài",Dũng\n'
    done = desk.take(desk.file("x.csv", body))
    assert (done.posts.new, done.where) == (3, {"quote_open": [3]})
    assert {row["text"] for row in desk.posts()} == {"rất tốt cho bé", "giao hàng chậm quá", "hai\ndòng, vẫn một bài"}
    assert desk.left()[0]["rest"] == {"line": '"mở ngoặc mà quên đóng,Minh'}


def test_endless_lines_and_cells_are_bounded(desk: Any) -> None:
    body = (
        "comment,author\ntốt lắm nhé,Lan\n"
        + "x" * 3_000_000
        + ",Minh\n"
        + ",".join("y" * 3_000)
        + "\nđược việc phết,Hoa\n"
    )
    done = desk.take(desk.file("x.csv", body))
    assert done.posts.new == 2
    assert done.where == {"too_long": [3, 4]}


def test_broken_json_keeps_what_stands_before(desk: Any) -> None:
    whole = json.dumps([{"comment": f"bài số {n} nhé", "author": f"người {n}"} for n in range(5)], ensure_ascii=False)
    done = desk.take(desk.file("x.json", whole[:-30]))
    assert (done.posts.new, dict(done.why)) == (4, {"json_broken": 1})
    lines = '{"comment": "tốt lắm nhé", "author": "a"}\n{"comment": "tệ\n["không"]\n{"comment": "nửa \\ud83d chữ", "author": "b"}\n'
    done = desk.take(desk.file("x.jsonl", lines))
    assert (done.posts.new, done.where) == (2, {"not_json": [2, 3]})


@pytest.mark.parametrize(
    "body",
    [b"", b"%PDF-1.7", b"\xd0\xcf\x11\xe0 old xls", b"PK\x03\x04 torn", b"{}", b"[1, 2]", b'{"a": {"b": 1}}', b"\n\n"],
)
def test_what_is_no_table_is_refused_in_a_sentence(desk: Any, body: bytes) -> None:
    with pytest.raises(InputError) as refused:
        desk.take(desk.file("x.bin", body))
    assert refused.value.key.startswith("import_")


def workbook(path: Path, sheet: str, extra: str = "") -> Path:
    """A workbook by hand, for what no spreadsheet would write."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(
            "[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
        )
        book.writestr("xl/workbook.xml", f"{extra}<workbook/>")
        book.writestr("xl/worksheets/sheet1.xml", sheet)
    return path


def test_a_workbook_that_is_a_bomb_is_not_opened(desk: Any) -> None:
    path = workbook(desk.folder / "bomb.xlsx", "<worksheet>" + " " * (60 << 20))
    assert path.stat().st_size < 100_000
    with pytest.raises(InputError) as refused:
        desk.take(path)
    assert refused.value.key == "import_bomb"
    path = workbook(desk.folder / "laughs.xlsx", "<worksheet/>", '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>')
    with pytest.raises(InputError) as refused:
        desk.take(path)
    assert refused.value.key == "import_bomb"


def test_formulas_are_text(desk: Any) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Bình luận", "Người bình luận", "Link bình luận"])
    book.active.append(
        ['=HYPERLINK("http://evil.example","bấm vào đây đi")', "Lan", '=HYPERLINK("https://forum.example/p/1", "xem")']
    )
    book.active.append(["=1+1 là hai đấy nhé", "Minh", ""])
    book.save(desk.folder / "x.xlsx")
    desk.take(desk.folder / "x.xlsx")
    stored = {row["text"]: row["url"] for row in desk.posts("text, url, posted_at")}
    assert stored['=HYPERLINK("http://evil.example","bấm vào đây đi")'] == "https://forum.example/p/1"
    assert "=1+1 là hai đấy nhé" in stored


# Mappings


def test_a_guess_can_be_saved_edited_and_used(desk: Any) -> None:
    path = desk.file(
        "x.csv", "a,b,c\nLan,03/04/2026,dùng mãi không hỏng nhé\nMinh,05/06/2026,chưa dùng nên chưa biết\n"
    )
    saved = desk.folder / "x.map.yaml"
    saved.write_text(text_of(plan(path, desk.study).mapping, ["a"]), encoding="utf-8")
    assert load(saved).columns() == {"text": "c", "posted_at": "b"}
    saved.write_text(
        saved.read_text(encoding="utf-8") + "author: a\ndates: month first\nsite: khao-sat\nabout: MiniCare\n",
        encoding="utf-8",
    )
    desk.take(path, told=load(saved))
    stored = desk.posts("post_id, posted_at, author, brand")
    assert [row["posted_at"] for row in stored] == ["2026-03-03T17:00:00Z", "2026-05-05T17:00:00Z"]
    assert all(
        row["author"] and row["brand"] == "MiniCare" and row["post_id"].startswith("khao-sat/") for row in stored
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("texts: c", "Did you mean “text”?"),
        ("text: [c]", "the name of a column"),
        ("text: c\ntimezone: Hanoi", "a time zone such as"),
        ("text: c\ndate_format: dd/mm/yyyy", "a pattern such as"),
        ("text: 'c", "line 1 is not YAML"),
        ("- text", "expected lines such as"),
        ("a: &a [x]\nb: !!python/object/apply:os.system [ls]", "YAML"),
    ],
)
def test_a_wrong_mapping_says_what_is_wrong(desk: Any, monkeypatch: pytest.MonkeyPatch, text: str, said: str) -> None:
    monkeypatch.setenv("CHANDUNG_LANG", "en")
    with pytest.raises(InputError) as refused:
        load(desk.file("x.map.yaml", text))
    assert said in str(refused.value)


def test_a_mapping_must_fit_the_file(desk: Any) -> None:
    with pytest.raises(InputError) as refused:
        desk.take(desk.file("x.csv", lines()), told=Mapping(text="Nội dung bình luân"))
    assert refused.value.key == "import_no_column"
    assert "Nội dung bình luận" in refused.value.values["nearest"]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json", "jsonl"])
def test_damaged_files_end_in_a_sentence_or_in_rows(desk: Any, kind: str) -> None:
    chance = random.Random(kind)
    whole = {
        "csv": lines().encode(),
        "jsonl": b'{"comment": "t\\u1ed1t l\\u1eafm nh\\u00e9"}\n' * 3,
        "json": b'{"comments": [{"text": "a b c d"}]}',
    }
    if kind == "xlsx":
        book = openpyxl.Workbook()
        for row in ROWS:
            book.active.append(row)
        book.save(desk.folder / "whole.xlsx")
        whole["xlsx"] = (desk.folder / "whole.xlsx").read_bytes()
    study, sentences = desk.study, []
    for _ in range(150):
        body = bytearray(whole[kind])
        for _ in range(chance.choice([1, 2, 10])):
            place = chance.randrange(len(body))
            body[place : place + chance.randrange(3)] = bytes(
                chance.choices(b'",;\n{}[]\\\x00\xff\xc3', k=chance.randrange(3))
            )
        try:
            found = plan(desk.file(f"x.{kind}", bytes(body)), study)
            placing = found.placing(b"key")
            for line in found.table.rows():
                placing.place(line)
        except InputError as error:
            sentences.append(str(error))
    assert all(sentences)


@pytest.mark.parametrize("name", ["reviews.xls", "reviews.csv", "reviews.txt", "reviews"])
def test_a_workbook_is_read_by_its_content_whatever_its_name_says(desk: Any, name: str) -> None:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.save(desk.folder / "whole.xlsx")
    done = desk.take(desk.file(name, (desk.folder / "whole.xlsx").read_bytes()))
    assert done.posts.new == len(TEXTS)
    assert {row["text"] for row in desk.posts()} == set(TEXTS)


@pytest.mark.parametrize("taken_for", ["latin-1", "cp1252"])
def test_utf8_that_was_taken_for_latin1_is_put_right_and_told(desk: Any, taken_for: str) -> None:
    right = "Tên khách,Nội dung,Ngày\nLan,Bỉm tốt lắm à 👍,2026-02-01\nMinh,café rất thơm và hết tràn,2026-02-02\n"
    broken = "".join(bytes([byte]).decode(taken_for, "ignore") or chr(byte) for byte in right.encode())
    found = plan(desk.file("x.csv", broken), desk.study)
    assert found.mapping.columns() == {"author": "Tên khách", "text": "Nội dung", "posted_at": "Ngày"}
    assert any("Tên khách" in note for note in notes(found))
    desk.take(found.path)
    assert [row["text"] for row in desk.posts()] == ["Bỉm tốt lắm à 👍", "café rất thơm và hết tràn"]


@pytest.mark.parametrize(
    "text", ["café", "Ã", "SÃO PAULO", "ÂM THANH", "á»", "tã này tốt", "Âu cũng là", "Ärzte über alles", "naïve â la"]
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert mended(text) == text
