"""``chandung import --list`` and ``--undo``: an import goes whole, and nothing of the others with it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from crawler.importers.history import imports_of, take_out
from crawler.importers.kinds import Asked, How
from crawler.importers.orders import run as take_orders
from data.errors import InputError
from data.store import open_store
from tests.command_line import run

FILES = Path(__file__).parent
TABLES = (
    "posts",
    "threads",
    "authors",
    "imported_rows",
    "observations",
    "orders",
    "imports",
    "sources",
    "post_versions",
)
COMMENTS = "Tên,Ngày,Bình luận,Ghi chú\nLan,01/10/2026,tã này tốt lắm nhé,a\nHoa,02/10/2026,giao hàng chậm quá đi,b\n"


def everything(desk: Any) -> dict[str, list[dict[str, Any]]]:
    """What the tables hold, but for what a study and the clock write."""
    kept = {table: desk.rows(f"select * from {table}") for table in TABLES}
    return {
        table: [{k: v for k, v in row.items() if k not in ("last_seen",)} for row in rows]
        for table, rows in kept.items()
    }


def undo(desk: Any, *ids: int) -> dict[str, int]:
    with open_store(desk.study.database) as store, store.one_transaction():
        return take_out(store, list(ids))


def test_undone_posts_are_as_if_they_had_never_come(desk: Any) -> None:
    desk.take(desk.file("truoc.csv", COMMENTS))
    before = everything(desk)
    more = (
        "Tên,Ngày,Bình luận,Ghi chú\nLan,01/10/2026,tã này tốt lắm nhé,a\nMinh,03/10/2026,mua lại lần hai rồi,c\n,,,d\n"
    )
    done = desk.take(desk.file("sau.csv", more))
    assert (done.posts.new, done.posts.known) == (1, 1)
    gone = undo(desk, 2)
    assert (gone["posts"], gone["authors"], gone["imports"]) == (1, 1, 1)
    after = everything(desk)
    # A row that both files have was noted with the file that told it last.
    assert {table: len(rows) for table, rows in after.items() if table != "imported_rows"} == {
        table: len(rows) for table, rows in before.items() if table != "imported_rows"
    }
    assert after["posts"] == before["posts"]
    assert after["sources"] == before["sources"]


def test_a_later_import_of_the_same_file_stands_upon_the_earlier(desk: Any) -> None:
    desk.take(desk.file("x.csv", COMMENTS))
    desk.take(desk.file("x.csv", COMMENTS + "Mai,05/10/2026,thơm mùi sữa dễ chịu,e\n"))
    with pytest.raises(InputError) as error:
        undo(desk, 1)
    assert error.value.key == "import_undo_later"
    assert undo(desk, 2)["posts"] == 1
    assert undo(desk, 1)["posts"] == 2
    assert everything(desk) == {table: [] for table in TABLES} | {"sources": everything(desk)["sources"]}


def test_what_was_undone_may_come_again(desk: Any) -> None:
    path = Path(shutil.copy(FILES / "orders" / "shopee.csv", desk.folder))
    asked = Asked("orders", path.name, path)
    take_orders(asked, desk.study, How(yes=True, quiet=True))
    before = everything(desk)
    assert undo(desk, 1)["orders"] == 6
    assert desk.rows("select * from orders_counted") == desk.rows("select * from observations") == []
    again = take_orders(asked, desk.study, How(yes=True, quiet=True))
    assert again is not None
    assert again.already is None
    assert len(everything(desk)["orders"]) == len(before["orders"])


def test_the_command_lists_and_undoes(desk: Any) -> None:
    assert "Nothing has been imported" in run("import", "--list", cwd=desk.folder).stdout
    desk.file("x.csv", COMMENTS)
    for name in ("ga4-tuoi.csv", "ga4-channels.csv"):
        shutil.copy(FILES / "analytics" / name, desk.folder)
    assert run("import", "posts", "x.csv", "--yes", cwd=desk.folder).returncode == 0
    told = run("import", "analytics", "ga4-tuoi.csv", "ga4-channels.csv", "--yes", cwd=desk.folder)
    assert told.returncode == 0, told.stderr
    assert "age: 58.8 % tell nothing" in told.stdout
    listed = run("import", "--list", cwd=desk.folder, lang="vi").stdout
    assert "01/10/2026 – 31/10/2026" in listed
    assert "24 số liệu" in listed
    refused = run("import", "--undo", "ga4-tuoi.csv", cwd=desk.folder)
    assert (refused.returncode, "Add --yes" in refused.stderr) == (2, True)
    assert len(imports_of(desk.study)) == 3
    done = run("import", "--undo", "ga4-tuoi.csv", "--yes", cwd=desk.folder)
    assert "Taken out: figures: 24" in done.stdout
    as_json = json.loads(run("import", "--undo", "1", "--yes", "--json", cwd=desk.folder).stdout)
    assert (as_json["undone"], as_json["removed"]["posts"]) == ([1], 2)
    assert [one["name"] for one in imports_of(desk.study)] == ["ga4-channels.csv"]
    gone = run("import", "--undo", "ga4-tuoi.csv", "--yes", cwd=desk.folder)
    assert (gone.returncode, "no import “ga4-tuoi.csv”" in gone.stderr) == (2, True)
    assert "Traceback" not in gone.stderr


def test_all_of_a_studys_imports_in_one_go(desk: Any) -> None:
    shutil.copy(FILES / "analytics" / "ga4-cities.json", desk.folder)
    shutil.copy(FILES / "orders" / "shopee.csv", desk.folder)
    desk.file("x.csv", COMMENTS)
    study: Path = desk.folder / "study.yaml"
    imports = """\
imports:
  - {file: ga4-cities.json, kind: analytics, date: 2026-10}
  - {file: shopee.csv, kind: orders}
  - {file: x.csv, kind: posts, about: MiniCare}
"""
    study.write_text(study.read_text(encoding="utf-8") + imports, encoding="utf-8")
    done = run("import", "--yes", "--json", cwd=desk.folder)
    assert done.returncode == 0, done.stderr
    assert [one["file"] for one in json.loads(done.stdout)] == ["ga4-cities.json", "shopee.csv", "x.csv"]
    again = json.loads(run("import", "--yes", "--json", cwd=desk.folder).stdout)
    assert all(one["already_imported"] for one in again)
    about = desk.rows("select distinct kind, brand from observations order by kind")
    assert about == [{"kind": "analytics", "brand": "An Nhiên"}, {"kind": "orders", "brand": "An Nhiên"}]
    wrong = run("import", "orders", "ga4-cities.json", "--yes", cwd=desk.folder, lang="vi")
    assert (wrong.returncode, "không phải danh sách đơn hàng" in wrong.stderr) == (2, True)


def test_an_edited_text_comes_back(desk: Any) -> None:
    def file(name: str, text: str) -> Path:
        return Path(desk.file(name, f"id,thread_id,author,created_at,text\nc1,t1,Lan,2026-01-02 10:00,{text}\n"))

    desk.take(file("mot.csv", "tã này tốt lắm mọi người ạ"))
    before = everything(desk)
    assert desk.take(file("hai.csv", "tã này tệ lắm mọi người ạ")).posts.changed == 1
    undo(desk, 2)
    assert everything(desk) == before
    desk.take(file("hai.csv", "tã này tệ lắm mọi người ạ"))
    desk.take(file("ba.csv", "tã này tạm được mọi người ạ"))
    undo(desk, 2)
    assert desk.rows("select text from posts") == [{"text": "tã này tạm được mọi người ạ"}]
    assert desk.rows("select text from post_versions") == [{"text": "tã này tốt lắm mọi người ạ"}]
