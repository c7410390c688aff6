"""Notes of sales and support: the customer's words become posts, an agent's never do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crawler.importers import history
from crawler.importers.kinds import Asked, How
from crawler.importers.notes import run
from crawler.importers.notes.mapping import NotesMapping
from crawler.importers.notes.planning import plan_notes
from crawler.importers.plan import plan
from crawler.importers.storing import Imported, store
from data.errors import InputError
from tests.crawler.importers.conftest import Desk

CALLS = """Mã KH,Khách hàng,Ngày,Nhân viên,Kênh,Loại,Sản phẩm,Nội dung cuộc gọi
KH01,Trần Thị Lan,02/10/2026,Hoa,Tổng đài,Hỗ trợ,Bỉm M,"KH báo tã bị tràn ban đêm, số 0912345678. Đã tư vấn chị Lan đổi size."
KH02,Ngô Văn Bình,03/10/2026,Hoa,Zalo,Bán hàng,Bỉm L,Khách chê giá đắt. Hẹn gọi lại.
KH03,Đỗ Thu,04/10/2026,Tú,Zalo,Bán hàng,Bỉm L,Đã gửi báo giá.
"""


def take(desk: Desk, path: Path, told: NotesMapping | None = None, **how: Any) -> Imported:
    return store(plan_notes(path, desk.study, told=told, **{"terms": "mục 4", **how}), desk.study)


def test_reports_of_customers_become_posts_of_a_source_of_notes(desk: Desk) -> None:
    done = take(desk, desk.file("goi.csv", CALLS))
    assert (done.rows, done.posts.new, dict(done.why)) == (3, 2, {"agent": 1})
    rows = desk.rows("select text, quoted, brand from posts_flat order by text")
    assert rows == [
        {"text": "chê giá đắt.", "quoted": "Hẹn gọi lại.", "brand": "An Nhiên"},
        {"text": "tã bị tràn ban đêm, số [phone].", "quoted": "Đã tư vấn chị [name] đổi size.", "brand": "An Nhiên"},
    ]
    source = desk.rows(
        "select s.kind, s.terms, b.name from sources s join brands b using (brand_id) where s.url like 'file:%'"
    )
    assert source == [{"kind": "notes", "terms": "mục 4", "name": "An Nhiên"}]
    notes = desk.rows("select channel, kind, product, told_by from notes order by note_id")
    assert notes == [
        {"channel": "phone", "kind": "support", "product": "Bỉm M", "told_by": "report"},
        {"channel": "zalo", "kind": "sales", "product": "Bỉm L", "told_by": "report"},
    ]
    assert desk.rows("select kind from imports") == [{"kind": "notes"}]


def test_nothing_in_the_store_tells_who_anybody_is(desk: Desk) -> None:
    take(desk, desk.file("goi.csv", CALLS))
    whole = desk.study.database.read_bytes()
    for word in ("Trần Thị Lan", "Ngô Văn", "0912345678", "KH01", "Hoa"):
        assert word.encode() not in whole, word


def test_notes_do_not_count_among_public_posts(desk: Desk) -> None:
    take(desk, desk.file("goi.csv", CALLS))
    assert desk.rows("select counted from posts_flat") == [{"counted": 0}, {"counted": 0}]


def test_messages_of_agents_are_left_out_by_role(desk: Desk) -> None:
    names = ("conversation_id", "customer_id", "created_at", "sender_type", "message")
    said = [("customer", "máy nóng quá"), ("agent", "máy nóng là bình thường ạ"), ("bot", "Cảm ơn bạn")]
    chats = [
        dict(zip(names, ("c1", "7", f"2026-10-02T09:0{minute}:00Z", *one), strict=True))
        for minute, one in enumerate(said)
    ]
    done = take(desk, desk.file("chat.jsonl", "\n".join(json.dumps(one, ensure_ascii=False) for one in chats)))
    assert dict(done.why) == {"agent": 2}
    assert [row["text"] for row in desk.posts()] == ["máy nóng quá"]
    assert desk.rows("select count(*) as n from imported_rows where why = 'agent'") == [{"n": 0}]


def test_a_messenger_export_has_its_own_page_for_an_agent(desk: Desk) -> None:
    export = {
        "participants": [{"name": "Lan"}, {"name": "An Nhiên"}],
        "messages": [
            {"sender_name": "Lan", "timestamp_ms": 1790000000000, "content": "giao hàng chậm"},
            {"sender_name": "An Nhiên", "timestamp_ms": 1790000001000, "content": "shop xin lỗi vì giao hàng chậm"},
            {"sender_name": "Hoa CSKH", "timestamp_ms": 1790000002000, "content": "em kiểm tra ạ"},
        ],
        "title": "Lan", "thread_path": "inbox/lan_1",
    }  # fmt: skip
    take(desk, desk.json("message_1.json", export), NotesMapping(agents=["Hoa CSKH"]))
    assert [row["text"] for row in desk.posts()] == ["giao hàng chậm"]


def test_the_same_customer_is_one_person_in_every_file(desk: Desk) -> None:
    take(
        desk,
        desk.file(
            "a.csv",
            "Số điện thoại,Ngày,Tin nhắn\n0912345678,01/10/2026,bé bị hăm da\n0912345679,13/10/2026,bé ngủ ngon\n",
        ),
    )
    take(
        desk,
        desk.file("b.csv", "SĐT,Ngày,Tin nhắn\n+84 912 345 678,01/11/2026,vẫn bị hăm da\n84912345670,13/11/2026,tốt\n"),
    )
    assert desk.rows("select count(distinct author_id) as n from posts") == [{"n": 3}]


def test_a_number_is_somebody_where_it_is_the_customers_id(desk: Desk) -> None:
    take(
        desk,
        desk.file(
            "a.csv",
            "Mã KH,Ngày,Tin nhắn\nKhách 1,01/10/2026,máy nóng\nKhách 2,13/10/2026,máy ồn\n12,13/10/2026,máy tốt\n",
        ),
    )
    assert desk.rows("select count(distinct author_id) as n from posts") == [{"n": 3}]


def test_texts_sent_to_many_are_left_out(desk: Desk) -> None:
    sent = "Shop đang có khuyến mãi mua hai tặng một cho khách hàng thân thiết nhé"
    lines = [f"{n},2026-10-0{n},{sent}" for n in range(1, 6)]
    done = take(
        desk, desk.file("x.csv", "customer_id,created_at,message\n" + "\n".join(lines) + "\n9,2026-10-09,máy nóng\n")
    )
    assert dict(done.why) == {"template": 5}


SAME = "KH báo giao hàng chậm quá năm ngày chưa nhận được hàng"


def test_many_customers_may_complain_in_the_same_words(desk: Desk) -> None:
    lines = [f"{n},2026-10-0{n},{SAME}" for n in range(1, 8)]
    done = take(desk, desk.file("x.csv", "Mã khách,Ngày,Ghi chú\n" + "\n".join(lines)))
    assert (done.posts.new, dict(done.why)) == (7, {})
    said = "giao hàng chậm quá năm ngày chưa nhận được hàng nữa"
    lines = [f"k{n},2026-10-0{n},{said}" for n in range(1, 8)]
    done = take(desk, desk.file("chat.csv", "customer_id,created_at,message\n" + "\n".join(lines)))
    assert (done.posts.new, dict(done.why)) == (7, {})
    assert desk.rows("select count(distinct author_id) as n, count(duplicate_of) as copies from posts") == [
        {"n": 14, "copies": 0}
    ]


def test_notes_differing_in_a_number_are_not_the_very_same(desk: Desk) -> None:
    lines = [f"KH{n},2026-10-0{n},Khách chê giá đắt quá chị ấy 30 tuổi ở Hà Nội - mã {n}" for n in range(1, 8)]
    assert take(desk, desk.file("x.csv", "Mã khách,Ngày,Ghi chú\n" + "\n".join(lines))).posts.new == 7


def test_a_customer_who_says_the_same_twice_is_one_note(desk: Desk) -> None:
    lines = [f"KH1,2026-10-01,{SAME}", f"KH1,2026-10-01,{SAME}", f"KH2,2026-10-01,{SAME}"]
    take(desk, desk.file("x.csv", "Mã khách,Ngày,Ghi chú\n" + "\n".join(lines)))
    assert desk.rows("select count(*) as n from posts") == [{"n": 2}]


def zalo(number: int, src: int | None, who: str, text: str) -> dict[str, Any]:
    one: dict[str, Any] = {
        "message_id": f"m{number}", "time": 1790000000000 + number * 90_000, "type": "text", "message": text,
        "from_id": "oa1" if who == "oa" else who, "to_id": "u9" if who == "oa" else "oa1",
        "from_display_name": "Tiệm Nhà Mình" if who == "oa" else f"Khách {who}",
    }  # fmt: skip
    return one if src is None else {**one, "src": src}


@pytest.mark.parametrize("marked", [True, False])
def test_what_an_official_account_writes_is_an_agents(desk: Desk, marked: bool) -> None:
    """By its mark; without one by its being whom customers write to, whatever it is called."""
    said = [
        (1, "u1", "Giao hàng chậm quá shop ơi"),
        (0, "oa", "Dạ em kiểm tra ạ"),
        (1, "u2", "Máy bị rò nước"),
        (0, "oa", "Dạ giá hơi cao ạ"),
    ]
    rows = [zalo(n, src if marked else None, who, text) for n, (src, who, text) in enumerate(said)]
    done = take(desk, desk.json("zalo.json", {"error": 0, "message": "Success", "data": rows}))
    assert dict(done.why) == {"agent": 2}
    assert [row["text"] for row in desk.rows("select text from posts order by posted_at")] == [
        "Giao hàng chậm quá shop ơi",
        "Máy bị rò nước",
    ]


def test_grounds_must_be_given(desk: Desk) -> None:
    path = desk.file("goi.csv", CALLS)
    with pytest.raises(InputError) as error:
        run(Asked("notes", str(path), path), desk.study, How(yes=True, quiet=True))
    assert error.value.key == "import_notes_private"
    assert not desk.study.database.exists()


def test_the_guess_says_whose_words_it_takes(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    path = desk.file("goi.csv", CALLS)
    assert run(Asked("notes", str(path), path, terms="mục 4"), desk.study, How(dry_run=True)) is None
    shown = capsys.readouterr().out
    assert "words: customer" in shown
    assert "Trần Thị Lan" not in shown
    assert "0912345678" not in shown


def test_a_mapping_is_written_and_read_again(desk: Desk) -> None:
    path, wanted = desk.file("goi.csv", CALLS), desk.folder / "cot.yaml"
    run(Asked("notes", str(path), path, terms="mục 4"), desk.study, How(dry_run=True, quiet=True, save_mapping=wanted))
    text = wanted.read_text(encoding="utf-8")
    assert "agent: Nhân viên" in text
    assert "words: agent" in text
    done = run(Asked("notes", str(path), path, mapping=wanted, terms="mục 4"), desk.study, How(quiet=True))
    assert done is not None
    assert done.as_json()["posts_new"] == 2


def test_a_mapping_of_unknown_fields_says_what_there_is(desk: Desk) -> None:
    path = desk.file("goi.csv", CALLS)
    wrong = desk.file("cot.yaml", "agnet: Nhân viên\n")
    with pytest.raises(InputError) as error:
        run(Asked("notes", str(path), path, mapping=wrong, terms="x"), desk.study, How(yes=True, quiet=True))
    assert "agent" in str(error.value)


def test_an_import_of_notes_is_undone_whole(desk: Desk) -> None:
    take(desk, desk.file("goi.csv", CALLS))
    history.undone(desk.study, "goi.csv", How(yes=True, quiet=True))
    for table in ("posts", "notes", "imports", "authors", "threads", "imported_rows"):
        assert desk.rows(f"select count(*) as n from {table}") == [{"n": 0}], table


def test_the_same_file_again_adds_nothing(desk: Desk) -> None:
    path = desk.file("goi.csv", CALLS)
    take(desk, path)
    assert take(desk, path).already is not None
    assert store(plan_notes(path, desk.study, terms="x"), desk.study, replace=True).posts.new == 2
    assert desk.rows("select count(*) as n from notes") == [{"n": 2}]


def test_notes_about_a_competitor_say_so(desk: Desk) -> None:
    take(desk, desk.file("goi.csv", CALLS), about="MiniCare")
    assert desk.rows("select b.name from sources s join brands b using (brand_id) where url like 'file:%'") == [
        {"name": "MiniCare"}
    ]


@pytest.mark.parametrize("body", ["", "a,b\n", "\x00\x01\x02", "customer_id,message\n" + "x" * 200_000 + "\n"])
def test_hostile_files_say_what_is_wrong_or_store_what_is_there(desk: Desk, body: str) -> None:
    path = desk.file("x.csv", body)
    said = ""
    try:
        take(desk, path)
    except InputError as error:
        said = str(error)
    assert bool(said) != bool(desk.study.database.exists())


def test_a_conversation_copied_as_text_is_no_json(desk: Any) -> None:
    path = desk.file("zalo.txt", "[10:21, 01/10/2026] Mai: shop ơi bỉm size M bị tràn\n[10:22, 01/10/2026] An: dạ\n")
    with pytest.raises(InputError) as told:
        plan_notes(path, desk.study, terms="đồng ý")
    assert told.value.key == "import_chat_text"


COMMENTS = """Bình luận,Người bình luận,Ngày,Lượt thích,Link
bỉm tràn suốt đêm,Lan,01/10/2026,4,https://forum.example/t/1
giá hơi cao,Bình,02/10/2026,0,https://forum.example/t/2
"""
ASKED = """Dấu thời gian,Bạn mua bỉm ở đâu?,Bạn bao nhiêu tuổi?,Bạn gặp khó khăn gì khi mua bỉm?
01/10/2026 10:00,siêu thị,25-34,bỉm hay tràn về ban đêm
"""


@pytest.mark.parametrize(
    ("given", "text", "kind"),
    [(plan, CALLS, "notes"), (plan_notes, COMMENTS, "posts"), (plan, ASKED, "survey"), (plan_notes, ASKED, "survey")],
)
def test_what_is_plainly_of_another_kind_is_refused(desk: Desk, given: Any, text: str, kind: str) -> None:
    with pytest.raises(InputError) as error:
        given(desk.file("tep.csv", text), desk.study)
    assert error.value.key == "import_other_kind"
    assert f"chandung import {kind} tep.csv" in str(error.value)


def test_a_mapping_that_names_the_words_says_that_it_is_meant(desk: Desk) -> None:
    path = desk.file("binh-luan.csv", COMMENTS)
    assert plan_notes(path, desk.study, told=NotesMapping(text="Bình luận"), terms="mục 4").seen.rows == 2
