"""The database in the browser: Datasette with our descriptions, read through its own client."""

import asyncio
import codecs
import csv
import io
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import serve
from analysis.serve_csv import Rewriting
from data.errors import StoreError
from data.rows import harmless
from tests.small_study import write_study


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return write_study(tmp_path).with_name("small.db")


def get(datasette: Any, *addresses: str) -> list[Any]:
    async def all_of_them() -> list[Any]:
        await datasette.invoke_startup()
        return [await datasette.client.get(address) for address in addresses]

    return asyncio.run(all_of_them())


@pytest.mark.parametrize(
    ("lang", "table", "column"),
    [
        ("vi", "Mỗi dòng một bài viết", "Thương hiệu được nói tới"),
        ("en", "One row a post", "The brand it is about"),
    ],
)
def test_tables_and_columns_are_explained_in_the_interface_language(
    database: Path, lang: str, table: str, column: str
) -> None:
    front, page = get(serve.build(database, lang=lang), "/small", "/small/posts_flat")
    assert page.status_code == 200
    assert table in page.text
    assert column in page.text
    assert "top_pains" in front.text


def test_fiction_says_so_on_every_page_and_the_title_names_the_study_once(database: Path) -> None:
    note = "Mọi thương hiệu ở đây đều hư cấu."
    pages = get(serve.build(database, lang="vi", note=note), "/", "/small", "/small/posts_flat", "/small/top_pains")
    assert all(note in page.text for page in pages)
    title = pages[0].text.partition("<title>")[2].partition("</title>")[0]
    assert title.split() == ["Khách", "hàng", "đang", "nói", "gì:", "small"]


def test_the_note_is_found_from_the_study_and_from_its_database(tmp_path: Path) -> None:
    study = write_study(tmp_path)
    with study.open("a", encoding="utf-8") as file:
        file.write("note: Hư cấu\n")
    database = tmp_path / "small.db"
    assert [
        about and about.note for given in (study, tmp_path, database) for about in [serve._study(given, database)]
    ] == ["Hư cấu"] * 3


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/nope", 404, "Không có trang này"),
        ("/small/posts/999999", 404, "Không có trang này"),
        ("/small/posts/1/-/delete", 404, "Không có trang này"),
        ("/small/posts?_sort=nocol", 400, "nocol"),
        ("/small/posts_flat?_next=x", 400, "Không trả lời được câu hỏi này"),
        ("/small/posts?_where=nocol=1", 400, "no such column: nocol"),
        ("/small?sql=delete+from+posts", 400, "Không trả lời được câu hỏi này"),
    ],
)
def test_a_wrong_address_gets_a_plain_page_and_leaves_the_terminal_alone(
    database: Path, capfd: pytest.CaptureFixture[str], address: str, status: int, said: str
) -> None:
    datasette = serve.build(database, lang="vi")
    capfd.readouterr()
    [page] = get(datasette, address)
    assert (page.status_code, said in page.text, "Trang đầu" in page.text) == (status, True, True)
    assert "Traceback" not in page.text
    assert capfd.readouterr() == ("", "")


def test_a_question_s_page_speaks_the_user_s_language(database: Path) -> None:
    page, own, table = get(
        serve.build(database, lang="vi"), "/small/pain_quotes", "/small?sql=select+:kinds+as+k", "/small/posts_flat"
    )
    assert [answer.status_code for answer in (page, own, table)] == [200, 200, 200]
    assert "Điền vào" in page.text
    assert "unmet_need" in own.text, "what may be filled in is said in its field"
    assert all("Trang đầu" in answer.text for answer in (page, own, table))
    assert not [
        words for words in ("Custom SQL", "Query parameters", "Run SQL", ">home<") if words in page.text + own.text
    ]


def test_every_named_query_answers(database: Path) -> None:
    datasette = serve.build(database)
    names = serve.query_names()
    answers = get(datasette, *(f"/small/{name}.json?words=nong&_shape=array" for name in names))
    assert {name: answer.status_code for name, answer in zip(names, answers, strict=True)} == dict.fromkeys(names, 200)
    assert [row["post_id"] for row in answers[names.index("search_posts")].json()] == ["forum.example/p0"]


def test_the_search_box_finds_words_with_and_without_diacritics(database: Path) -> None:
    datasette = serve.build(database)
    answers = get(
        datasette, *(f"/small/posts.json?_shape=array&_search={words}" for words in ("Điện thoại", "dien thoai"))
    )
    assert [[row["id"] for row in answer.json()] for answer in answers] == [[1, 5], [1, 5]]


def test_what_a_crawl_writes_meanwhile_is_seen(database: Path) -> None:
    datasette = serve.build(database)
    with closing(sqlite3.connect(database)) as crawl:  # left open, so that the change stays in the write-ahead log
        crawl.execute("update posts set text = 'vừa ghi xong' where id = 1")
        crawl.commit()
        assert database.with_name("small.db-wal").stat().st_size > 0
        (answer,) = get(datasette, "/small/posts.json?_shape=array&id=1")
    assert [row["text"] for row in answer.json()] == ["vừa ghi xong"]


def test_nothing_can_be_written(database: Path) -> None:
    (answer,) = get(serve.build(database), "/small.json?sql=delete+from+posts")
    assert answer.status_code == 400
    with sqlite3.connect(database) as check:
        assert check.execute("select count(*) from posts").fetchone() == (5,)


def test_hostile_posts_are_shown_as_text(database: Path) -> None:
    (page,) = get(serve.build(database), "/small/posts_flat")
    assert "<script>alert(1)</script>" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text


def test_the_newest_report_is_linked(database: Path) -> None:
    reports = database.parent / "reports"
    reports.mkdir()
    (reports / "small.vi.html").write_text("<p>báo cáo</p>", encoding="utf-8")
    front, report = get(serve.build(database, reports), "/small", "/reports/small.vi.html")
    assert "/reports/small.vi.html" in front.text
    assert "báo cáo" in report.text


@pytest.mark.parametrize("address", ["posts_flat.csv", "posts_flat.csv?_stream=1&_dl=1", "posts.csv?_labels=on"])
def test_csv_opens_in_excel_and_runs_no_formula(database: Path, address: str) -> None:
    hostile = ["=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)", '=1+1 "Zeno"\nnghe', "-5"]
    with closing(sqlite3.connect(database)) as db:
        db.executemany("update posts set text = ? where id = ?", [(text, n) for n, text in enumerate(hostile, 1)])
        db.execute("update threads set title = '=1+1 Zeno'")
        db.commit()
    (answer,) = get(serve.build(database), f"/small/{address}")
    assert answer.content.startswith(codecs.BOM_UTF8)
    assert answer.content.count(codecs.BOM_UTF8) == 1
    header, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    texts = {row[header.index("text")] for row in rows}
    assert texts == {"'" + text for text in hostile[:4]} | {"-5"}
    titled = "thread_title" if "flat" in address else "thread_id_label"
    assert {row[header.index(titled)] for row in rows} == {"'=1+1 Zeno"}


def test_csv_of_a_table_is_whole_and_of_a_part_the_part(database: Path) -> None:
    with closing(sqlite3.connect(database)) as db:
        db.execute(
            "with recursive n(i) as (select 6 union all select i + 1 from n where i < 6000) "
            "insert into posts (id, post_id, thread_id, source_id, text, content_hash, first_seen, last_seen) "
            "select i, 'x/' || i, 1, 1, '', '', '', '' from n"
        )
        db.commit()
    forms = ("?_size=max", "", "?_sort_desc=posted_at&_stream=1", "?_size=10", "?id=7&_size=max")
    answers = get(serve.build(database), *(f"/small/posts.csv{form}" for form in forms))
    assert [len(list(csv.reader(answer.text.splitlines()))) - 1 for answer in answers] == [6000, 6000, 6000, 10, 1]


@given(st.lists(st.lists(st.text('=a,"\r\n é😀', max_size=6), min_size=2, max_size=3), max_size=6), st.integers(1, 7))
def test_csv_is_rewritten_however_its_pieces_are_cut(rows: list[list[str]], size: int) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    whole, rewriting = out.getvalue().encode(), Rewriting()
    pieces = [rewriting.take(whole[at : at + size]) for at in range(0, len(whole), size)]
    read = csv.reader(io.StringIO(b"".join([*pieces, rewriting.take(b"", last=True)]).decode("utf-8-sig"), newline=""))
    assert list(read) == [[harmless(cell) for cell in row] for row in rows]


def test_the_first_page_searches_asks_and_explains_in_the_interface_language(database: Path) -> None:
    for lang, words in (
        ("vi", ("Tìm bài viết", "Khách hàng là ai?", "Mỗi dòng một bài viết")),
        ("en", ("Find posts",)),
    ):
        for page in get(serve.build(database, lang=lang), "/", "/small"):
            assert all(word in page.text for word in words)
            assert 'action="/small/search_posts"' in page.text


def test_another_host_name_is_turned_away() -> None:
    reached: list[str] = []
    answers: list[int] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        reached.append(scope["path"])

    async def send(message: Any) -> None:
        answers.append(message.get("status", 0))

    def ask(host: bytes) -> None:
        scope = {"type": "http", "path": host.decode(), "headers": [(b"host", host)]}
        asyncio.run(serve.only_here(app)(scope, None, send))  # type: ignore[arg-type, func-returns-value]

    for host in (b"127.0.0.1:8001", b"localhost:8001", b"[::1]:8001", b"evil.example", b"127.0.0.1.evil.example:8001"):
        ask(host)
    assert reached == ["127.0.0.1:8001", "localhost:8001", "[::1]:8001"]
    assert 421 in answers


def test_a_file_that_is_no_database_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(b"not a database" * 20)
    with pytest.raises(StoreError):
        serve.build(path)
