"""``chandung import`` as people and scripts run it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from data.store import open_store
from tests.command_line import run

COMMENTS = (
    "Tên;Ngày;Bình luận;Ghi chú\nLê Hoa;25/12/2025 10:30;Gọi 0912345678 nhé, tã tốt lắm;a\nTrần Minh;26/12/2025;;b\n"
)


def test_the_guess_is_shown_and_nothing_stored_without_a_yes(desk: Any) -> None:
    desk.file("x.csv", COMMENTS)
    done = run("import", "posts", "x.csv", cwd=desk.folder)
    assert done.returncode == 2
    assert "Add --yes" in done.stderr
    for said in ("Bình luận", "[phone]", "L• H••", "2025-12-25 10:30", "No place for: Ghi chú", "Rows without text: 1"):
        assert said in done.stdout
    assert "0912345678" not in done.stdout
    assert not desk.study.database.exists()
    assert "seems to name brands" not in done.stdout
    desk.file("x.csv", COMMENTS.replace("Ghi chú", "Thương hiệu"))
    dry = run("import", "posts", "x.csv", "--dry-run", cwd=desk.folder, lang="vi")
    assert (dry.returncode, dry.stderr.strip()) == (0, "Chưa lưu gì cả.")
    assert "Chưa dùng tới các cột: Thương hiệu" in dry.stdout
    assert "Cột “Thương hiệu” có vẻ ghi tên thương hiệu" in dry.stdout
    assert not desk.study.database.exists()


def test_yes_imports_and_says_which_rows_were_left(desk: Any) -> None:
    desk.file("x.csv", COMMENTS)
    done = run("import", "posts", "x.csv", "--yes", "--about", "mini care", cwd=desk.folder)
    assert done.returncode == 0, done.stderr
    assert "Posts new: 1" in done.stdout
    assert "1 without text, kept beside: row 3" in done.stdout
    again = run("import", "posts", "x.csv", "--yes", "--about", "MiniCare", cwd=desk.folder)
    assert "has not changed since" in again.stdout
    assert [row["brand"] for row in desk.posts("brand, text, posted_at")] == ["MiniCare"]


def test_json_for_scripts(desk: Any) -> None:
    desk.file("x.csv", COMMENTS)
    done = run("import", "posts", "x.csv", "--yes", "--json", cwd=desk.folder)
    (told,) = json.loads(done.stdout)
    assert (told["rows"], told["posts_new"], told["unplaced"], told["first_rows"]) == (2, 1, 1, {"no_text": [3]})


def test_a_broken_line_ends_with_1_and_keeps_the_others(desk: Any) -> None:
    desk.file("x.csv", 'comment,author\ntốt lắm nhé,Lan\n"quên đóng ngoặc,Minh\nchậm quá đi,Hoa\n')
    done = run("import", "posts", "x.csv", "--yes", cwd=desk.folder)
    assert done.returncode == 1
    assert "never closed, kept beside: line 3" in done.stdout
    assert len(desk.posts()) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["posts", "nowhere.csv"], "no file nowhere.csv"),
        (["posts", "x.csv", "--about", "Nobody"], "no brand “Nobody”"),
        (["posts", "x.csv", "--mapping", "no.yaml"], "no mapping no.yaml"),
        (["posts", "x.csv", "--encoding", "klingon"], "no encoding “klingon”"),
        (["posts", "study.yaml"], "study.yaml names nothing of this kind below imports:"),
        ([], "names nothing of this kind below imports:"),
        (["surveys"], "no file surveys"),
    ],
)
def test_wrong_input_is_one_sentence(desk: Any, arguments: list[str], said: str) -> None:
    desk.file("x.csv", COMMENTS)
    done = run("import", *arguments, "--yes", cwd=desk.folder)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not desk.study.database.exists()


def test_a_mapping_can_be_saved_and_is_never_overwritten(desk: Any) -> None:
    desk.file("x.csv", COMMENTS)
    saved = run("import", "posts", "x.csv", "--save-mapping", "x.map.yaml", cwd=desk.folder)
    assert saved.returncode == 0, saved.stderr
    text = (desk.folder / "x.map.yaml").read_text(encoding="utf-8")
    assert "text: Bình luận" in text
    assert "#   Ghi chú" in text
    assert not desk.study.database.exists()
    assert run("import", "posts", "x.csv", "--save-mapping", "x.map.yaml", cwd=desk.folder).returncode == 2
    done = run("import", "posts", "x.csv", "--mapping", "x.map.yaml", cwd=desk.folder)
    assert (done.returncode, "Posts new: 1" in done.stdout) == (0, True)


def test_without_a_file_the_studys_own_imports_are_read(desk: Any) -> None:
    desk.file("x.csv", COMMENTS)
    desk.file("khac.csv", "năm,số\n2025,1\n")
    study: Path = desk.folder / "study.yaml"
    imports = "imports: [{file: x.csv, kind: posts, about: MiniCare}, {file: khac.csv, kind: orders}]\n"
    study.write_text(study.read_text(encoding="utf-8") + imports, encoding="utf-8")
    done = run("import", "--yes", cwd=desk.folder)
    assert (done.returncode, "khac.csv" in done.stderr) == (2, True)  # it is no list of orders, and stops nobody else
    with open_store(desk.study.database, read_only=True) as store:
        assert [row["name"] for row in store.query("select name from imports")] == ["x.csv"]
    told = run("check", cwd=desk.folder, CHANDUNG_ALLOW_PRIVATE="1")
    assert "(files: 2) is read by “chandung import”" in told.stdout


def test_several_files_and_one_of_them_broken(desk: Any) -> None:
    desk.file("x.csv", COMMENTS)
    desk.file("rong.csv", "")
    done = run("import", "posts", "rong.csv", "x.csv", "--yes", cwd=desk.folder)
    assert done.returncode == 2
    assert "rong.csv is empty" in done.stderr
    assert len(desk.posts()) == 1


def test_private_messages_need_a_reason(desk: Any) -> None:
    messages = [{"sender_name": "Lê Hoa", "timestamp_ms": 1772000000000, "content": "tã này tốt nhé"}]
    desk.json("message_1.json", {"participants": [{"name": "Lê Hoa"}], "messages": messages})
    done = run("import", "posts", "message_1.json", "--yes", cwd=desk.folder)
    assert done.returncode == 2
    assert "private messages" in done.stderr
    assert not desk.study.database.exists()
    done = run("import", "posts", "message_1.json", "--yes", "--terms", "Hoa agreed on 2026-03-01", cwd=desk.folder)
    assert done.returncode == 0, done.stderr
    assert len(desk.posts()) == 1


def test_a_folder_is_no_file_and_an_empty_database_is_none_yet(desk: Any) -> None:
    (desk.folder / "tables").mkdir()
    refused = run("import", "posts", "tables", cwd=desk.folder)
    assert refused.returncode == 2
    assert "is a folder" in refused.stderr
    desk.study.database.write_bytes(b"")
    desk.file("x.csv", COMMENTS)
    begun = datetime.now(ZoneInfo(desk.study.timezone))
    done = run("import", "posts", "x.csv", "--yes", cwd=desk.folder)
    assert done.returncode == 0, done.stderr
    again = run("import", "posts", "x.csv", "--yes", cwd=desk.folder, TZ="America/New_York")
    told = {f"{at:%d/%m/%Y %H:}" for at in (begun, datetime.now(ZoneInfo(desk.study.timezone)))}
    assert any(one in again.stdout for one in told), "in the study's time"
