"""Whose words a column holds: the customer's, the brand's own post, the shop's answer; and what exports call the rest. Fiction."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from crawler.importers.columns import guess
from crawler.importers.mapping import Mapping, load
from crawler.importers.moments import Moments
from crawler.importers.numbers import pictures_of, yes_or_no
from crawler.importers.plan import plan
from crawler.importers.showing import notes
from crawler.importers.storing import store
from data.errors import InputError
from tests.command_line import run

ADVERT = "Siêu sale 11.11 giảm 50% tất cả các loại tã, các mẹ ơi nhanh tay lên nào"


def rows(*lines: str) -> str:
    return "\n".join(lines) + "\n"


def test_the_brands_post_is_what_a_comment_stands_under_and_not_what_a_customer_said(desk: Any) -> None:
    address = "https://www.facebook.com/minicare/posts/1"
    path = desk.file(
        "x.csv",
        rows(
            "Ngày,Giờ,Người dùng,Nội dung bình luận,Link bài viết,Nội dung bài viết",
            f'13/04/2026,20:15,Lan,Tã mỏng,{address},"{ADVERT}"',
            f'14/04/2026,21:05,Hà,Tã tràn,{address},"{ADVERT}"',
        ),
    )
    assert desk.take(path).posts.new == 2
    stored = desk.posts("text, posted_at, thread_title, thread_url")
    assert [row["text"] for row in stored] == ["Tã mỏng", "Tã tràn"]
    assert {row["thread_title"] for row in stored} == {ADVERT}
    assert {row["thread_url"] for row in stored} == {"https://facebook.com/minicare/posts/1"}
    assert [row["posted_at"] for row in stored] == ["2026-04-13T13:15:00Z", "2026-04-14T14:05:00Z"]


def test_a_post_without_comments_is_a_text_as_ever(desk: Any) -> None:
    desk.take(desk.file("x.csv", rows("Người đăng,Nội dung bài viết", "Lan,Các mẹ cho hỏi tã nào thấm tốt ạ")))
    assert [row["text"] for row in desk.posts()] == ["Các mẹ cho hỏi tã nào thấm tốt ạ"]


def test_what_the_shop_answers_is_nobodys_review(desk: Any) -> None:
    path = desk.file(
        "x.csv",
        rows(
            "Người mua,Số sao,Đánh giá của khách hàng,Phản hồi của người bán",
            "lan,1,Tệ,Dạ shop xin lỗi chị ạ mong chị thông cảm cho shop",
        ),
    )
    desk.take(path)
    assert [row["text"] for row in desk.posts()] == ["Tệ"]
    assert desk.left()[0]["rest"] == {"Phản hồi của người bán": "Dạ shop xin lỗi chị ạ mong chị thông cảm cho shop"}


def test_two_columns_of_customers_words_are_asked_about(desk: Any) -> None:
    path = desk.file("x.csv", rows("Tên,Nhận xét,Góp ý", "Lan,mặc êm thấm tốt lắm,giá nên rẻ hơn một chút"))
    assert plan(path, desk.study).doubts["text"] == ["Nhận xét", "Góp ý"]
    done = run("import", "posts", "x.csv", "--yes", cwd=desk.folder)
    assert done.returncode == 2
    assert "several columns" in done.stderr
    assert not desk.study.database.exists()


def test_of_two_columns_of_stars_the_plainer_is_taken_and_it_is_said(desk: Any) -> None:
    sample = [{"rating": "1", "rating_star": "2", "comment": "tã bị tràn hết"}]
    found = guess(["rating", "rating_star", "comment"], sample)
    assert (found.fields["rating"], found.doubts["rating"]) == ("rating_star", ["rating_star", "rating"])


def test_a_column_called_as_stars_may_hold_words(desk: Any) -> None:
    desk.take(desk.file("x.csv", rows("Khách,Đánh giá", "Lan,giao hàng chậm quá đi", "Hà,tã này mặc rất êm")))
    assert {row["text"] for row in desk.posts()} == {"giao hàng chậm quá đi", "tã này mặc rất êm"}


def test_reviews_keep_what_crawled_ones_keep_and_stars_without_words(desk: Any) -> None:
    path = desk.file(
        "x.csv",
        rows(
            "Người mua;Ngày đánh giá;Số sao;Phân loại hàng;Nội dung đánh giá;Hữu ích;Hình ảnh;Đã mua hàng;Tên sản phẩm",
            "lan;03/04/2026;2;Size M;Mặc hai hôm là hăm;7;https://a.example/1.jpg, https://a.example/2.jpg;Có;Tã quần",
            "hoa;04/04/2026;5;Size L;;;;;Tã quần",
            ";;5;;;;;;Tã quần",
            ";;5;;;;;;Tã quần",
            ";;;;;;;;Tã quần",
        ),
    )
    done = desk.take(path)
    assert (done.posts.new, done.why["no_text"]) == (4, 1)
    told = desk.rows(
        "select rating, variant, verified, helpful, pictures, text, product from reviews_flat order by post_id"
    )
    first = next(row for row in told if row["text"])
    assert first == {
        "rating": 2, "variant": "Size M", "verified": 1, "helpful": 7, "pictures": 2, "text": "Mặc hai hôm là hăm",
        "product": "Tã quần",
    }  # fmt: skip
    assert sorted(row["rating"] for row in told) == [2, 5, 5, 5]
    assert desk.take(path).already
    longer = desk.file("x.csv", path.read_text(encoding="utf-8") + ";;1;;;;;;Tã quần\n")
    assert desk.take(longer).posts.new == 1


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (
            ["profileName", "profileId", "profileUrl", "likesCount", "commentUrl", "postTitle", "date", "text", "facebookUrl"],
            {"author": "profileName", "author_id": "profileId", "likes": "likesCount", "url": "commentUrl", "posted_at": "date",
             "thread_title": "postTitle", "text": "text", "thread_url": "facebookUrl"},
        ),
        (
            ["cid", "text", "create_time", "digg_count", "user.nickname", "user.uid"],
            {"id": "cid", "text": "text", "posted_at": "create_time", "likes": "digg_count", "author": "user.nickname",
             "author_id": "user.uid"},
        ),
        (
            ["cmtid", "ctime", "comment", "author_username", "product_items.model_name", "rating_star", "like_count"],
            {"id": "cmtid", "posted_at": "ctime", "text": "comment", "author": "author_username",
             "variant": "product_items.model_name", "rating": "rating_star", "likes": "like_count"},
        ),
        (
            ["snippet.textOriginal", "snippet.authorDisplayName", "snippet.authorChannelId.value", "snippet.publishedAt"],
            {"text": "snippet.textOriginal", "author": "snippet.authorDisplayName",
             "author_id": "snippet.authorChannelId.value", "posted_at": "snippet.publishedAt"},
        ),
        (
            ["Mã đơn hàng", "Tên sản phẩm", "Phân loại hàng", "Tên người mua", "Đánh giá", "Nội dung đánh giá", "Thời gian đánh giá"],
            {"thread_title": "Tên sản phẩm", "variant": "Phân loại hàng", "author": "Tên người mua", "rating": "Đánh giá",
             "text": "Nội dung đánh giá", "posted_at": "Thời gian đánh giá"},
        ),
        (
            ["reviewContent", "rating", "buyerName", "buyerId", "reviewTime", "skuInfo", "isPurchased", "images", "itemTitle", "replies"],
            {"text": "reviewContent", "rating": "rating", "author": "buyerName", "author_id": "buyerId", "posted_at": "reviewTime",
             "variant": "skuInfo", "verified": "isPurchased", "pictures": "images", "thread_title": "itemTitle"},
        ),
        (["KH", "Nội dung", "Mã SP"], {"author": "KH", "text": "Nội dung", "thread": "Mã SP"}),
    ],
)  # fmt: skip
def test_columns_as_exports_call_them(columns: list[str], said: dict[str, str]) -> None:
    assert guess(columns, []).fields == said


def test_a_title_that_each_review_has_of_its_own_is_not_the_products() -> None:
    columns = ["id", "title", "content", "rating", "spid", "thank_count", "customer.full_name", "created_by.purchased"]
    sample = [{"title": title, "rating": "5"} for title in ("Hài lòng", "Tệ", "Tạm")]
    found = guess(columns, sample).fields
    assert (found["title"], found["thread"], found["verified"]) == ("title", "spid", "created_by.purchased")
    one_place = [{"title": "Quán A", "rating": "5"}] * 3
    assert guess(columns, one_place).fields["thread_title"] == "title"


def test_answers_that_lie_within_a_comment_are_posts_of_their_own(desk: Any) -> None:
    answer = {
        "cid": "72",
        "text": "Nhà mình cũng thế",
        "create_time": 1770000100,
        "user": {"uid": "2", "nickname": "Hà"},
    }
    comment = {"cid": "71", "text": "Bỉm này tràn quá", "create_time": 1770000000, "user": {"uid": "1", "nickname": "Bông"},
               "reply_comment": [answer]}  # fmt: skip
    desk.take(desk.json("tiktok.json", {"comments": [comment]}))
    first, second = desk.posts("post_id, text, reply_to, posted_at")
    assert (first["text"], first["reply_to"]) == ("Bỉm này tràn quá", None)
    assert (second["text"], second["reply_to"]) == ("Nhà mình cũng thế", first["post_id"])


def test_comment_threads_of_youtubes_interface(desk: Any) -> None:
    def comment(number: int, text: str) -> dict[str, Any]:
        return {"id": f"c{number}", "snippet": {"textOriginal": text, "authorDisplayName": f"@nguoi{number}",
                "authorChannelId": {"value": f"UC{number}"}, "likeCount": number, "publishedAt": "2026-01-01T00:00:00Z"}}  # fmt: skip

    item = {"id": "c1", "snippet": {"videoId": "v1", "topLevelComment": comment(1, "Tã bị tràn")},
            "replies": {"comments": [comment(2, "Mình cũng vậy")]}}  # fmt: skip
    desk.take(desk.json("yt.json", {"items": [item]}))
    stored = {row["text"]: row for row in desk.posts("text, reply_to, likes, posted_at, author, post_id")}
    assert set(stored) == {"Tã bị tràn", "Mình cũng vậy"}
    assert stored["Mình cũng vậy"]["reply_to"] == stored["Tã bị tràn"]["post_id"]
    assert stored["Tã bị tràn"]["likes"] == 1


def test_takeout_with_vietnamese_names(desk: Any) -> None:
    body = rows(
        "ID bình luận,ID kênh,Dấu thời gian tạo bình luận,Giá,ID bình luận mẹ,ID bài đăng,ID video,Nội dung bình luận",
        'Ug1,UC1,2026-01-03T02:05:06.123456+00:00,0,,,vid1,"{""text"":""Video hay quá""}"',
    )
    desk.take(desk.file("x.csv", body))
    (stored,) = desk.posts("text, engine, thread_url, posted_at")
    assert (stored["text"], stored["engine"]) == ("Video hay quá", "youtube_takeout")
    assert stored["thread_url"] == "https://youtube.com/watch?v=vid1"


def test_comments_numbered_below_the_posts_address(desk: Any) -> None:
    body = rows(
        "https://www.facebook.com/minicare/posts/1",
        "Title,Siêu sale",
        ",Name (click to view profile),Profile ID,Date,Likes,Stars,Comment,(view source)",
        "1,Lan Nguyễn,ID: 1000,2026-04-13 20:15:00,3,,Tã mỏng,view comment",
        "1-1,Hà,ID: 1001,2026-04-13 21:15:00,0,,Lan Nguyễn nhà mình cũng vậy,view comment",
    )
    desk.take(desk.file("x.csv", body))
    first, second = desk.posts("post_id, text, reply_to, thread_url, thread_title, posted_at")
    assert second["reply_to"] == first["post_id"]
    assert (first["thread_url"], first["thread_title"]) == ("https://facebook.com/minicare/posts/1", "Siêu sale")


def test_a_brands_own_account_is_known_by_its_name_even_beside_an_id(desk: Any) -> None:
    body = [
        {"profileName": "MiniCare Official", "profileId": "p9", "text": "Dạ chị inbox shop ạ"},
        {"profileName": "Lan", "profileId": "p1", "text": "Tã mặc bị hăm nha shop"},
    ]
    desk.take(desk.json("x.json", body))
    from analysis.frames import load
    from data.store import open_store

    with open_store(desk.study.database, read_only=True) as store:
        assert load(store, desk.study).left_out["own_accounts"] == 1


def test_what_messenger_itself_writes_is_nobodys_message(desk: Any) -> None:
    messages = [
        {"sender_name": "Hoa", "timestamp_ms": 1772000000000, "content": "Đã bày tỏ cảm xúc ❤ về tin nhắn của bạn"},
        {"sender_name": "Hoa", "timestamp_ms": 1772000001000, "content": "tã này tốt, shop đã gửi tin nhắn rồi nhé"},
    ]
    desk.take(desk.json("message_1.json", {"messages": messages}), terms="Hoa agreed")
    assert [row["text"] for row in desk.posts()] == ["tã này tốt, shop đã gửi tin nhắn rồi nhé"]
    assert desk.left()[0]["rest"]["timestamp_ms"] == "2026-02-25T06:13:20+00:00"


def test_the_sheet_with_the_columns_is_read_and_dates_that_are_numbers(desk: Any) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Xin đọc kỹ trước khi dùng"])
    sheet = book.create_sheet("Đánh giá")
    for row in (["Khách hàng", "Ngày", "Nội dung"], ["Lan", 46127, "Thấm tốt"]):
        sheet.append(row)
    book.save(desk.folder / "x.xlsx")
    desk.take(desk.folder / "x.xlsx")
    assert desk.posts() == [{"text": "Thấm tốt", "posted_at": "2026-04-14T17:00:00Z"}]


def test_a_product_merged_over_its_rows_is_each_rows_own_and_products_are_apart(desk: Any) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (
        ["Tên sản phẩm", "Người mua", "Số sao", "Nội dung"],
        ["Tã quần", "Lan", 5, "Thấm tốt"],
        [None, "Hà", 1, "Hay tràn"],
        ["Tã dán", "Hoa", 3, "Tạm được"],
    ):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    book.save(desk.folder / "x.xlsx")
    desk.take(desk.folder / "x.xlsx")
    told = desk.rows("select product, avg(rating) as mean from reviews_flat group by product order by product")
    assert told == [{"product": "Tã dán", "mean": 3.0}, {"product": "Tã quần", "mean": 3.0}]


def test_a_web_page_that_is_called_xls_is_read(desk: Any) -> None:
    page = (
        "<html><table><tr><th>Sản phẩm</th><th>Khách</th><th>Nội dung</th></tr>"
        "<tr><td rowspan='2'>Tã quần</td><td>Lan</td><td>Thấm <b>tốt</b></td></tr><tr><td>Hà</td><td>Hay tràn</td></tr></table>"
    )
    desk.take(desk.file("x.xls", page))
    stored = {(row["text"], row["thread_title"]) for row in desk.posts("text, thread_title, posted_at")}
    assert stored == {("Thấm tốt", "Tã quần"), ("Hay tràn", "Tã quần")}


@pytest.mark.parametrize(
    ("name", "body", "key"),
    [
        ("x.xlsx", b"not a zip", "import_not_xlsx"),
        ("x.txt", "Đây là một ghi chú\n".encode(), "import_not_a_table"),
        ("x.yaml", b"study: thu\n", "import_not_a_table"),
        ("x.xls", b"<html><p>none</p></html>", "import_not_a_table"),
    ],
)
def test_a_wrong_file_is_told_what_it_is(desk: Any, name: str, body: bytes, key: str) -> None:
    with pytest.raises(InputError) as refused:
        plan(desk.file(name, body), desk.study)
    assert refused.value.key == key


def test_what_cannot_be_read_is_told_before_it_is_stored(desk: Any) -> None:
    desk.file(
        "x.csv", rows("Khách,Ngày,Nội dung,Lượt thích", 'Lan,31/02/2026,Tã tốt,"1,234"', "Hà,03/04/2026,Tã tràn,nhiều")
    )
    shown = run("import", "posts", "x.csv", "--dry-run", cwd=desk.folder).stdout
    assert "Of the first 2 rows: 1 with a date that cannot be read" in shown
    assert "1,234" in shown


def test_the_word_posts_may_be_left_out(desk: Any) -> None:
    desk.file("x.csv", rows("Khách,Nội dung", "Lan,Tã tốt"))
    assert run("import", "x.csv", "--yes", cwd=desk.folder).returncode == 0
    assert len(desk.posts()) == 1


def test_a_missing_file_stops_its_own_import_and_nothing_else(desk: Any) -> None:
    study: Path = desk.folder / "study.yaml"
    study.write_text(
        study.read_text(encoding="utf-8")
        + "imports: [{file: khong-co.csv, kind: posts}, {file: x.csv, kind: posts}]\n",
        encoding="utf-8",
    )
    desk.file("x.csv", rows("Khách,Nội dung", "Lan,Tã tốt"))
    done = run("import", "study.yaml", "--yes", cwd=desk.folder)
    assert done.returncode == 2
    assert "no file" in done.stderr
    assert "Imported: x.csv. Not imported: khong-co.csv." in done.stderr
    assert run("query", "select count(*) from posts", cwd=desk.folder).returncode == 0


@pytest.mark.parametrize(
    ("text", "yes"),
    [("Đã mua hàng", True), ("true", True), ("0", False), ("Chưa mua", False), ("Không", False), ("", None)],
)
def test_yes_or_no(text: str, yes: bool | None) -> None:
    assert yes_or_no(text) is yes


@pytest.mark.parametrize(
    ("text", "count"), [("3", 3), ("https://a.example/1 https://a.example/2", 2), ('["a", "b"]', 2), ("", None)]
)
def test_pictures(text: str, count: int | None) -> None:
    assert pictures_of(text) == count


def test_a_number_of_a_workbook_is_a_day() -> None:
    from datetime import UTC

    assert str(Moments(UTC).read("46127.5")) == "2026-04-15 12:00:00+00:00"


def test_days_that_excel_took_for_months_are_told_and_can_be_put_back(desk: Any) -> None:
    book = openpyxl.Workbook()
    rows = [("25/04/2026", "hay bị tràn"), ("13/04/2026", "giá mắc"), (datetime(2026, 3, 4), "giao chậm")]
    for cells in [("Ngày", "Nội dung bình luận"), *rows, (datetime(2026, 5, 4), "thấm hút tốt")]:
        book.active.append(cells)
    book.save(path := desk.folder / "x.xlsx")
    found = plan(path, desk.study)
    assert any("dates: swapped" in note for note in notes(found))
    desk.take(path)
    assert [row["posted_at"][:10] for row in desk.posts()] == ["2026-03-03", "2026-04-12", "2026-04-24", "2026-05-03"]
    told = Mapping(text="Nội dung bình luận", posted_at="Ngày", dates="swapped")
    assert not any("dates: swapped" in note for note in notes(plan(path, desk.study, told=told)))
    store(plan(path, desk.study, told=told), desk.study, replace=True)
    assert [row["posted_at"][:10] for row in desk.posts()] == ["2026-04-02", "2026-04-04", "2026-04-12", "2026-04-24"]


def test_how_long_ago_needs_the_day_of_the_file(desk: Any) -> None:
    path = desk.json(
        "x.json",
        [
            {"nguoi": "An", "noidung": "tràn", "ngay": "3 ngày trước"},
            {"nguoi": "Chi", "noidung": "mắc", "ngay": "hôm qua"},
        ],
    )
    found = plan(path, desk.study)
    assert any("3 ngày trước" in note and "exported_at" in note for note in notes(found))
    desk.take(path)
    assert [row["posted_at"] for row in desk.posts()] == [None, None]
    told = Mapping(text="noidung", author="nguoi", posted_at="ngay", exported_at="2026-11-20")
    store(plan(path, desk.study, told=told), desk.study, replace=True)
    assert [row["posted_at"][:10] for row in desk.posts()] == ["2026-11-17", "2026-11-18"]


def test_a_day_of_the_file_must_be_one(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text("text: a\nexported_at: 2026-11-20\n", encoding="utf-8")
    assert load(tmp_path / "m.yaml").exported_at == "2026-11-20"
    (tmp_path / "m.yaml").write_text("text: a\nexported_at: hôm qua\n", encoding="utf-8")
    with pytest.raises(InputError, match="2026-11-20"):
        load(tmp_path / "m.yaml")


def test_the_dates_of_twitter_and_names_written_in_one_word(desk: Any) -> None:
    body = "HOTEN,NOIDUNG,created_at\nLan,tã này hay bị tràn,Wed Oct 10 20:19:24 +0000 2018\n"
    found = plan(desk.file("x.csv", body), desk.study)
    assert found.mapping.columns() == {"author": "HOTEN", "text": "NOIDUNG", "posted_at": "created_at"}
    desk.take(found.path)
    assert [row["posted_at"] for row in desk.posts()] == ["2018-10-10T20:19:24Z"]


def test_a_formula_that_failed_is_nobodys_words(desk: Any) -> None:
    body = "Họ tên,Nội dung\nLan,#NAME?\nMinh,#REF!\nChi,#VALUE!\nAn,#đẹp\n"
    done = desk.take(desk.file("x.csv", body))
    assert (done.posts.new, done.unplaced) == (1, 3)
    assert [row["rest"]["Nội dung"] for row in desk.left()] == ["#NAME?", "#REF!", "#VALUE!"]


def test_a_person_in_a_tools_notation_is_known_by_the_id(desk: Any) -> None:
    body = (
        'from,message\n"{""name"": ""Lan"", ""id"": ""1""}",hay bị tràn\n"{""name"": ""Lan"", ""id"": ""2""}",giá mắc\n'
    )
    told = Mapping(text="message", author="from")
    desk.take(desk.file("x.csv", body), told=told)
    assert desk.rows("select count(distinct author_id) as n from posts") == [{"n": 2}]
    told = Mapping(text="message", author="from", site="ten.example")
    desk.take(desk.file("y.csv", "from,message\n{không phải JSON},chậm lắm\n"), told=told)
    assert desk.rows("select count(distinct author_id) as n from posts") == [{"n": 3}]


def test_a_column_without_a_name_is_told_by_its_place(desk: Any) -> None:
    found = plan(desk.file("x.csv", "Họ tên,Nội dung,\nLan,tã này hay bị tràn quá,zzz\n"), desk.study)
    assert any("column 3 (without a name" in note or "cột thứ 3" in note for note in notes(found))


def test_who_is_named_within_nested_json_is_hashed_at_any_depth(desk: Any) -> None:
    told = {"user": {"name": "Thu Hà Hư", "id": 1}, "noidung": "Bé bị hăm, hư cấu", "t": 1775000000}
    answer = {"user": {"name": "Nguyễn Thị Bịa", "id": 77123, "sdt": "0912345678"}, "noidung": "Trả lời, hư cấu"}
    within = {
        "kem": [{"sau": {"from": "Trần Văn Cấu", "nguoi": "Lê Hư", "by": {"nick": "Vũ Giả"}}}],
        "product": {"name": "Tã S"},
    }
    rows = [
        {**told, "con": [answer], "them": [within], "reply": {"user": {"name": "Đỗ Bịa"}}},
        {"user": told["user"], "con": [answer]},
    ]
    broken = json.dumps({**told, "con": [answer]}, ensure_ascii=False)[:-30]
    lines = [*(json.dumps(row, ensure_ascii=False) for row in rows), broken]
    desk.take(desk.file("d.jsonl", "\n".join(lines)))
    kept = " ".join(row["rest"] for row in desk.rows("select rest from imported_rows"))
    for name in ("Thị Bịa", "Văn Cấu", "Lê Hư", "Vũ Giả", "Đỗ Bịa", "Hà Hư", "77123", "0912345678"):
        assert name not in kept
    assert kept.count("Trả lời, hư cấu") >= 2
    assert "Tã S" in kept


def test_a_cell_in_pythons_notation_names_nobody(desk: Any) -> None:
    cell = "[{'author': 'Nguyễn Thị Bịa', 'text': 'Trả lời, hư cấu'}]"
    desk.take(desk.file("p.csv", f'name;comment;answers\nLan Hư;Tã này tràn, hư cấu quá;"{cell}"\n'))
    [row] = desk.rows("select rest from imported_rows")
    assert "Bịa" not in row["rest"]
    assert "Trả lời, hư cấu" in row["rest"]


def test_the_time_of_day_is_no_date_where_another_column_has_the_days(desk: Any) -> None:
    lines = (
        "Khách;Ngày mua;Giờ;Nội dung",
        "Lan Hư;25/04/2026;08:15;Tã bị tràn, hư cấu",
        "Minh Cấu;03/04/2026;21:40;Dùng ổn nhé mọi người",
    )
    path = desk.file("a.csv", rows(*lines))
    fields = plan(path, desk.study).mapping.columns()
    assert (fields["posted_at"], fields["time"]) == ("Ngày mua", "Giờ")
    desk.take(path)
    assert [row["posted_at"][:16] for row in desk.posts()] == ["2026-04-03T14:40", "2026-04-25T01:15"]


def test_dates_of_which_none_can_be_read_are_told_plainly(desk: Any) -> None:
    path = desk.file(
        "gio.csv", rows("Khách;Giờ;Nội dung", "Lan Hư;08:15;Tã bị tràn, hư cấu", "Minh Cấu;21:40;Dùng ổn nhé, hư cấu")
    )
    done = run("import", "posts", path.name, "--yes", cwd=desk.folder)
    assert "Not one date could be read" in done.stdout


@pytest.mark.parametrize(("head", "by_ids"), [("Tên;Nội dung;x", False), ("Tên;Nội dung;user id", True)])
def test_two_of_one_name_are_one_person_only_where_a_file_has_no_ids(desk: Any, head: str, by_ids: bool) -> None:
    path = desk.file("ten.csv", rows(head, "Thu Hư;Tã bị tràn, hư cấu;a1", "Thu Hư;Dùng ổn nhé, hư cấu;b2"))
    said = " ".join(notes(plan(path, desk.study)))
    assert ("two people of the same name count as one" in said) is not by_ids
    assert ("told apart by their ids (“user id”)" in said) is by_ids
    desk.take(path)
    assert desk.rows("select count(distinct author_id) as people from posts") == [{"people": 1 + by_ids}]


def test_what_of_one_row_cannot_be_read_is_told_of_one(desk: Any) -> None:
    lines = [
        f"Bình luận số {n}, hư cấu;{day};{likes}"
        for n, (day, likes) in enumerate((("25/04/2026", "3"), ("26/04/2026", "vài"), ("04/27/2026", "2")))
    ]
    desk.file("x.csv", rows("Nội dung;Ngày;Lượt thích", *lines))
    said = run("import", "x.csv", "--yes", cwd=desk.folder).stdout
    assert (
        "Most dates are written day first (31/12), 1 the other way round: kept beside the row, without a date." in said
    )
    assert "1 with a number of likes or the like that cannot be read, stored without it: row 3" in said
    desk.file("y.jsonl", '{"comment": "Tã bị tràn, hư cấu", "date": "2026-04-25"}\n[1]\n')
    assert (
        "1 not readable as a JSON object, kept beside: line 2"
        in run("import", "y.jsonl", "--yes", cwd=desk.folder).stdout
    )
