"""Every format with the column names that its platform or tool writes. The people and brands in them are fiction."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from crawler.importers.formats import formats
from data.errors import InputError


def table(*rows: list[str], delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


CROWDTANGLE = [
    "Page Name", "User Name", "Facebook Id", "Page Category", "Page Admin Top Country", "Page Description", "Page Created",
    "Likes at Posting", "Followers at Posting", "Post Created", "Post Created Date", "Post Created Time", "Type", "Total Interactions",
    "Likes", "Comments", "Shares", "Love", "Wow", "Haha", "Sad", "Angry", "Care", "Video Share Status", "Is Video Owner?", "Post Views",
    "Total Views", "Total Views For All Crossposts", "Video Length", "URL", "Message", "Link", "Final Link", "Image Text", "Link Text",
    "Description", "Sponsor Id", "Sponsor Name", "Sponsor Category", "Overperforming Score",
]  # fmt: skip


def test_crowdtangle(desk: Any) -> None:
    post = dict.fromkeys(CROWDTANGLE, "") | {
        "Page Name": "MiniCare Việt Nam", "Facebook Id": "100200300", "Post Created": "2024-03-05 21:34:56 EST", "Likes": "1,204",
        "Love": "31", "Angry": "2", "Shares": "5", "URL": "https://www.facebook.com/100200300/posts/900100", "Link Text": "Mua ngay",
        "Message": "Tã MiniCare mới, thấm hút gấp đôi", "Total Interactions": "1,250",
    }  # fmt: skip
    path = desk.file("ct.csv", "\ufeff" + table(CROWDTANGLE, list(post.values())))
    assert desk.take(path, about="mini care").posts.new == 1
    (stored,) = desk.posts("text, posted_at, brand, engine, source, thread_url, url, author")
    assert stored["text"] == "Tã MiniCare mới, thấm hút gấp đôi"
    assert stored["posted_at"] == "2024-03-06T02:34:56Z"  # Eastern time is five hours behind
    assert desk.reactions() == [{"like": 1204, "love": 31, "angry": 2}]
    assert (stored["brand"], stored["engine"], stored["source"]) == ("MiniCare", "crowdtangle", "file:ct.csv")
    assert stored["thread_url"] == "https://facebook.com/100200300/posts/900100"
    assert "MiniCare" not in stored["author"]
    (left,) = desk.left()
    assert left["rest"]["Link Text"] == "Mua ngay"
    assert left["rest"]["Shares"] == "5"


def test_meta_content_library_csv_and_json_are_the_same_posts(desk: Any) -> None:
    names = ["id", "creation_time", "text", "post_owner.id", "post_owner.name", "post_owner.username", "mcl_url",
             "statistics.like_count", "statistics.love_count", "statistics.share_count", "lang"]  # fmt: skip
    values = ["811", "2026-02-03T04:05:06+00:00", "Bỉm này hay bị tràn lưng", "77", "Hội mẹ bỉm", "hoi.me.bim", "https://example.org/mcl/811",
              "12", "3", "1", "vi"]  # fmt: skip
    assert desk.take(desk.file("mcl.csv", table(names, values))).posts.new == 1
    nested = {
        "id": "811", "creation_time": values[1], "text": values[2], "lang": "vi", "mcl_url": values[6],
        "post_owner": {"id": "77", "name": "Hội mẹ bỉm", "username": "hoi.me.bim"},
        "statistics": {"like_count": 12, "love_count": 3, "share_count": 1},
    }  # fmt: skip
    done = desk.take(desk.json("mcl.json", {"data": [nested], "paging": {}}))
    assert (done.posts.new, done.posts.known) == (0, 1)
    (stored,) = desk.posts("text, posted_at, engine")
    assert stored["engine"] == "meta_content_library"
    assert desk.reactions() == [{"like": 12, "love": 3}]
    assert "hoi.me.bim" not in str(desk.left())


def test_comments_below_the_lines_that_name_the_post(desk: Any) -> None:
    head = [
        ["Post URL", "https://www.facebook.com/minicare/posts/900100"],
        ["Total comments", "3"],
        ["Exported", "2026-03-01"],
    ]
    names = [
        "",
        "",
        "Name (click to view profile)",
        "Profile ID",
        "Date",
        "Likes",
        "Live video timestamp",
        "Comment",
        "(view source)",
    ]
    source = "https://www.facebook.com/minicare/posts/900100?comment_id=5001"
    reply = f"{source}&reply_comment_id=5002"
    rows = [
        ["1", "", "Nguyễn Thu Lan", "1001", "2026-02-28 20:15:00", "4", "-", "Con em dùng bị hăm đỏ cả mông", source],
        ["", "1-1", "Trần Minh", "1002", "2026-02-28 21:00:00", "", "-", "Nguyễn Thu Lan bạn dùng size nào", reply],
        ["2", "", "Lê Hoa", "1003", "2026-03-01 08:00:00", "1", "-", "Giá cao quá, gọi 0912345678 tư vấn giúp",
         source.replace("5001", "5003")],
    ]  # fmt: skip
    done = desk.take(desk.file("comments.csv", table(*head, names, *rows)))
    assert done.posts.new == 3
    stored = desk.posts("post_id, text, reply_to, likes, thread_url")
    assert [row["post_id"] for row in stored] == ["facebook.com/5001", "facebook.com/5002", "facebook.com/5003"]
    assert [row["reply_to"] for row in stored] == [None, "facebook.com/5001", None]
    assert [row["likes"] for row in stored] == [4, None, 1]
    assert stored[1]["text"] == "[name] bạn dùng size nào"  # a person who is addressed by full name
    assert stored[2]["text"] == "Giá cao quá, gọi [phone] tư vấn giúp"
    assert {row["thread_url"] for row in stored} == {"https://facebook.com/minicare/posts/900100"}
    assert len(desk.rows("select * from threads")) == 1


def test_facepager(desk: Any) -> None:
    names = ["path", "id", "parent_id", "level", "object_id", "object_type", "querystatus", "querytime", "querytype", "message",
             "created_time", "from.name", "from.id", "like_count"]  # fmt: skip
    rows = [
        ["minicare", "1", "", "0", "minicare", "seed", "", "", "", "", "", "", "", ""],
        ["minicare/77_900", "2", "1", "1", "77_900", "data", "fetched (200)", "2026-03-02 10:00:00", "Facebook:/<page-id>/posts",
         "Mẹ nào đã dùng thử mẫu mới?", "2026-03-01T03:00:00+0000", "MiniCare", "77", ""],
        ["minicare/77_900/900_12", "3", "2", "2", "900_12", "data", "fetched (200)", "2026-03-02 10:00:00", "Facebook:/<post-id>/comments",
         "Mình dùng rồi, hơi cứng", "2026-03-01T04:00:00+0000", "Lê Hoa", "1003", "2"],
    ]  # fmt: skip
    done = desk.take(desk.file("facepager.csv", "\ufeff" + table(names, *rows, delimiter=";")))
    assert (done.posts.new, done.why["no_text"]) == (2, 1)
    stored = desk.posts("post_id, posted_at, likes, engine")
    assert [row["post_id"] for row in stored] == ["facebook.com/900", "facebook.com/12"]
    assert stored[1]["posted_at"] == "2026-03-01T04:00:00Z"
    assert len(desk.rows("select * from threads")) == 1


@pytest.mark.parametrize(
    "cell",
    [
        '{"text":"Máy hay nóng, "},{"text":"pin tụt nhanh","link":{"linkUrl":"https://example.org"}}',
        '{"takeoutSegments":[{"text":"Máy hay nóng, "},{"text":"pin tụt nhanh"}]}',
        "Máy hay nóng, pin tụt nhanh",
    ],
)
def test_youtube_takeout(desk: Any, cell: str) -> None:
    names = ["Comment ID", "Channel ID", "Comment Create Timestamp", "Price", "Parent Comment ID", "Post ID", "Video ID", "Comment Text",
             "Top-Level Comment ID"]  # fmt: skip
    rows = [["Ugx1", "UCfiction", "2025-02-11T19:04:00.434647+00:00", "0", "", "", "vid42", cell, ""],
            ["Ugx1.r", "UCfiction", "2025-02-12T19:04:00+00:00", "0", "Ugx1", "", "vid42", "cảm ơn bạn", "Ugx1"]]  # fmt: skip
    desk.take(desk.file("comments.csv", table(names, *rows)))
    first, second = desk.posts("text, thread_url, reply_to, engine, post_id")
    assert first["text"] == "Máy hay nóng, pin tụt nhanh"
    assert first["thread_url"] == "https://youtube.com/watch?v=vid42"
    assert second["reply_to"] == first["post_id"] == "youtube.com/Ugx1"


PLAY = ["Package Name", "App Version Code", "App Version Name", "Reviewer Language", "Device", "Review Submit Date and Time",
        "Review Submit Millis Since Epoch", "Review Last Update Date and Time", "Review Last Update Millis Since Epoch", "Star Rating",
        "Review Title", "Review Text", "Developer Reply Date and Time", "Developer Reply Millis Since Epoch", "Developer Reply Text",
        "Review Link"]  # fmt: skip


def test_google_play_in_utf_16(desk: Any) -> None:
    link = "https://play.google.com/apps/publish?account=1#ReviewDetailsPlace:p=vn.example&reviewId=gp:AOq{}"
    rows = [
        ["vn.example.app", "12", "1.2", "vi", "a10", "2026-01-31T23:59:59Z", "1769903999000", "2026-01-31T23:59:59Z", "1769903999000", "1",
         "", "Ứng dụng hay văng, không đăng nhập được", "", "", "Cảm ơn bạn đã góp ý", link.format("1")],
        ["vn.example.app", "12", "1.2", "en", "a20", "2026-02-01T00:00:01Z", "1769904001000", "", "", "5", "Great",
         "Easy to use", "", "", "",
         link.format("2")],
        ["vn.example.app", "12", "1.2", "vi", "a20", "2026-02-01T00:00:02Z", "1769904002000", "", "", "4", "", "", "", "", "", ""],
    ]  # fmt: skip
    done = desk.take(desk.file("reviews_vn.example.app_202602.csv", table(PLAY, *rows).encode("utf-16")))
    assert (done.posts.new, done.why["no_text"]) == (3, 0)  # stars without a word count for ratings, as on a page
    first, second, wordless = desk.posts("text, posted_at, thread_url, thread_title, author")
    assert (wordless["text"], wordless["author"]) == ("", None)
    assert first["posted_at"] == "2026-01-31T23:59:59Z"
    assert second["text"] == "Great\nEasy to use"
    assert first["thread_url"] == "https://play.google.com/store/apps/details?id=vn.example.app"
    assert first["author"] != second["author"]  # each review is somebody's only one
    assert [row["rating"] for row in desk.rows("select rating from posts order by posted_at")] == [1, 5, 4]
    assert desk.left()[0]["rest"]["Developer Reply Text"] == "Cảm ơn bạn đã góp ý"


def broken(text: str) -> str:
    """Text as Messenger's export writes it: every byte of its UTF-8 as a character."""
    return text.encode("utf-8").decode("latin-1")


MESSENGER = {
    "participants": [{"name": broken("Lê Hoa")}, {"name": broken("Phạm Dũng")}],
    "messages": [
        {"sender_name": broken("Lê Hoa"), "timestamp_ms": 1772000000000, "content": broken("Shop ơi tã này bé bị hăm"),
         "is_geoblocked_for_viewer": False},
        {"sender_name": broken("Phạm Dũng"), "timestamp_ms": 1772000060000, "content": broken("@Lê Hoa đổi loại khác đi"),
         "reactions": [{"reaction": broken("👍"), "actor": broken("Lê Hoa")}]},
        {"sender_name": broken("Lê Hoa"), "timestamp_ms": 1772000120000, "photos": [{"uri": "photos/1.jpg"}]},
    ],
    "title": broken("Nhóm mẹ bỉm"), "is_still_participant": True, "thread_path": "inbox/nhommebim_42", "magic_words": [],
}  # fmt: skip


def test_messenger_is_mended_and_only_taken_with_a_reason(desk: Any) -> None:
    path = desk.file("message_1.json", json.dumps(MESSENGER, ensure_ascii=True))
    with pytest.raises(InputError) as refused:
        desk.take(path)
    assert refused.value.key == "import_private"
    assert not desk.study.database.exists()
    done = desk.take(path, terms="cả hai đồng ý ngày 2026-03-01")
    assert (done.posts.new, done.why["no_text"]) == (2, 1)
    assert [row["text"] for row in desk.posts()] == ["Shop ơi tã này bé bị hăm", "@[name] đổi loại khác đi"]
    assert desk.rows("select terms from sources where url = 'file:message_1.json'") == [
        {"terms": "cả hai đồng ý ngày 2026-03-01"}
    ]
    whole = str(
        [
            desk.rows(f"select * from {table}")
            for table in ("posts", "threads", "authors", "imports", "imported_rows", "sources")
        ]
    )
    for name in ("Lê Hoa", "Phạm Dũng", "nhommebim", "Nhóm mẹ bỉm", "photos/1.jpg"):
        assert name not in whole


def test_messenger_of_encrypted_chats(desk: Any) -> None:
    body = {
        "participants": ["Lê Hoa", "Phạm Dũng"], "threadName": "Lê Hoa_7",
        "messages": [{"isUnsent": False, "media": [], "reactions": [], "senderName": "Lê Hoa",
                      "text": "Giá cao quá", "timestamp": 1772000000000, "type": "text"}],
    }  # fmt: skip
    desk.take(desk.json("chat.json", body), terms="agreed")
    assert [row["text"] for row in desk.posts()] == ["Giá cao quá"]


def test_zalo(desk: Any) -> None:
    body = [
        {
            "type": 1,
            "threadId": "55",
            "data": {
                "msgId": "m1",
                "uidFrom": "9",
                "dName": "Lê Hoa",
                "ts": "1772000000000",
                "content": "Ship lâu quá shop",
            },
        }
    ]
    desk.take(desk.json("zalo.json", body), terms="agreed")
    (stored,) = desk.posts("text, post_id, thread_title")
    assert (stored["text"], stored["post_id"], stored["thread_title"]) == ("Ship lâu quá shop", "zalo.me/m1", "zalo.me")
    assert "Lê Hoa" not in str(desk.left())


def test_no_two_formats_take_the_same_columns() -> None:
    for one in formats():
        for names in one.needs:
            fitting = [other.name for other in formats() if other.fits(sorted(names), {})]
            assert fitting == [one.name]
