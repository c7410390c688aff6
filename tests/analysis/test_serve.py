"""The database in the browser: Datasette with our descriptions, read through its own client."""

import asyncio
import codecs
import csv
import io
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import serve
from analysis.report import paper
from analysis.report.context import web
from analysis.report.model import Estimate, Evidence
from analysis.serve_csv import Rewriting
from data.errors import StoreError
from data.ports import usual_port
from data.rows import harmless
from data.study import MARKET
from data.study_file import load
from tests.analysis.world import World
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
    front, questions, page = get(serve.build(database, lang=lang), "/small", "/-/questions", "/small/posts_flat")
    assert page.status_code == 200
    assert table in page.text
    assert column in page.text
    assert table in front.text
    assert "/small/top_pains" in questions.text


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
        ("/small/posts?_where=nocol=1", 400, "không có cột “nocol”"),
        ("/small?sql=sellect+1", 400, "Không trả lời được câu hỏi này"),
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


def test_a_wrong_question_of_one_s_own_is_told_in_the_user_s_language(database: Path) -> None:
    [page] = get(serve.build(database, lang="vi"), "/small?sql=select+nocol+from+posts_flat")
    assert "không có cột “nocol”" in page.text
    assert "no such column" not in page.text


def test_the_years_to_choose_from_stand_in_their_order(demo_study: Path) -> None:
    [page] = get(serve.build(next(demo_study.glob("*.db")), lang="vi"), "/-/search")
    years = [int(year) for year in re.findall(r'value="age\|(\d+)"', page.text)]
    assert len(years) > 14
    assert years == sorted(years)


def test_a_question_s_page_speaks_the_user_s_language(database: Path) -> None:
    page, own, table = get(
        serve.build(database, lang="vi"), "/small/pain_quotes", "/small?sql=select+:kinds+as+k", "/small/posts_flat"
    )
    assert [answer.status_code for answer in (page, own, table)] == [200, 200, 200]
    assert "Xem trả lời" in page.text
    assert '<option value="unmet_need">' in own.text, "what may be chosen is offered"
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


def test_days_are_those_of_where_the_study_is_made(tmp_path: Path) -> None:
    """A post of half past eight in the evening, UTC, was written on the next morning in Vietnam, and is found on that day."""
    path = write_study(tmp_path)
    database = path.with_name("small.db")
    with closing(sqlite3.connect(database)) as store:
        store.execute("update posts set posted_at = '2026-10-01T20:30:00Z' where id = 1")
        store.commit()
    datasette = serve.build(database, lang="vi", study=load(path))
    same, before, after = get(
        datasette,
        "/-/search?since=2026-10-02&until=2026-10-02&words=dien+thoai+moi",
        "/-/search?until=2026-10-01&words=dien+thoai+moi",
        "/-/search.csv?since=2026-10-03&words=dien+thoai+moi",
    )
    assert "02/10/2026" in same.text
    assert "Điện thoại MiniCare" not in before.text
    assert "p0" not in after.text


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


def test_a_report_is_one_line_and_that_in_the_study_s_language_comes_first(database: Path) -> None:
    reports = database.parent / "reports"
    before = serve.build(database, reports, "en")  # begun before the first report is written
    (reports / "small-vi-figures").mkdir(parents=True)
    for name in ("small-vi.html", "small-vi-figures/index.html", "small-vi.xlsx", "small-en.html", "small-en.json"):
        (reports / name).write_bytes(b"x" * 2_040_000)
        os.utime(reports / name, (1_790_000_000 + len(name),) * 2)
    study = load(database.with_name("study.yaml"))
    (front,) = get(serve.build(database, reports, "en", study=study), "/")
    listed = front.text.partition('<ul class="reports">')[2].partition("</ul>")[0]
    assert listed.count("<li>") == 2
    assert re.findall(r'href="/reports/([^"]+)"', listed) == [
        "small-vi.html", "small-vi.html", "small-vi.xlsx", "small-vi-figures/index.html",
        "small-en.html", "small-en.html", "small-en.json",
    ]  # fmt: skip
    assert "2.0 MB" in listed
    front, file = get(before, "/", "/reports/small-en.json")
    assert "/reports/small-en.html" in front.text
    assert (file.status_code, len(file.content)) == (200, 2_040_000)
    (front,) = get(serve.build(database, reports, "vi", study=study), "/")
    assert "2,0 MB" in front.text
    assert '<a href="/reports/small-vi.html"><b>Đọc báo cáo' in front.text


def test_colours_are_those_of_the_report() -> None:
    """Whose palette is tested to be told apart by everybody (``test_palette.py``)."""
    names = {
        "paper": "paper",
        "card": "card",
        "ink": "ink",
        "soft": "soft",
        "track": "track",
        "main": "accent",
        "on-main": "on-accent",
    }
    report = (Path(paper.__file__).parent / "templates" / "style.css").read_text(encoding="utf-8")
    ours = (Path(serve.__file__).parent / "serve_pages" / "label.css").read_text(encoding="utf-8")
    theirs = [
        dict(re.findall(r"--([\w-]+): (#\w+)", block)) for block in re.findall(r":root \{(.*?)\}", report, re.DOTALL)
    ]
    mine = [
        dict(re.findall(r"--([\w-]+): (#\w+)", block)) for block in re.findall(r"labelling \{(.*?)\}", ours, re.DOTALL)
    ]
    for place in (0, 1):  # light and dark
        assert {name: mine[place][name] for name in names} == {name: theirs[place][of] for name, of in names.items()}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("since=2026-13-99", "Không có ngày “2026-13-99”, nên điều kiện “Từ ngày” được bỏ qua."),
        ("until=abc", "Không có ngày “abc”"),
        ("brand=Ai+Do", "Không có thương hiệu “Ai Do”, nên điều kiện này được bỏ qua."),
        ("category=xyz", "Không có nỗi đau “xyz”"),
        ("what=xyz|a", "“xyz|a”"),
        ("source=https://x.example/", "Không có nguồn “https://x.example/”"),
        ("page=999999", "Không có trang 999999; đây là trang cuối, trang 1."),
    ],
)
def test_a_condition_that_cannot_be_is_told_and_left_out(database: Path, asked: str, said: str) -> None:
    plain, page = get(serve.build(database, lang="vi"), "/-/search", f"/-/search?{asked}")
    assert 'role="alert"' not in plain.text
    assert page.text.count('role="alert"') == 1
    assert said in page.text
    assert "5 bài viết" in page.text
    assert page.text.count("<li>") == plain.text.count("<li>")


def test_an_empty_choice_says_what_it_stands_for(database: Path) -> None:
    pages = get(
        serve.build(database, lang="vi"), "/small/pains_this_month", "/small/pain_quotes", "/small/pain_month_by_month"
    )
    empty = [re.findall(r'<option value="">([^<]+)<', page.text) for page in pages]
    assert sorted(empty[0]) == ["cả thị trường", "tháng mới nhất"]
    assert set(empty[1]) == {"tất cả"}
    assert sorted(empty[2]) == ["cả thị trường", "nỗi đau nhiều người nói nhất"]


def test_a_choice_that_there_is_not_is_told(database: Path) -> None:
    wrong, right, pasted = get(
        serve.build(database, lang="vi"),
        "/small/top_pains?brand=Xyz<b>",
        "/small/top_pains?brand=MiniCare",
        "/small/who_counts",
    )
    assert "Không có thương hiệu “Xyz&lt;b&gt;” trong dữ liệu này." in wrong.text
    assert "trong dữ liệu này." not in right.text
    assert "Hãy dán một con số" in pasted.text


def test_the_text_of_a_post_stands_in_front_of_its_addresses(database: Path) -> None:
    flat, cues = get(serve.build(database, lang="vi"), "/small/posts_flat", "/small/pains_flat")
    assert re.findall(r'<th class="col-(\w+)"', flat.text)[:4] == ["posted_at", "brand", "text", "post_id"]
    first = flat.text.partition("<tbody>")[2].partition("</tr>")[0]
    assert re.findall(r'<td class="col-(\w+)', first)[:3] == ["posted_at", "brand", "text"]
    assert re.findall(r'<th class="col-(\w+)"', cues.text)[:5] == ["posted_at", "brand", "category", "kind", "quote"]


def test_differences_are_drawn_as_points_and_no_row_is_without_a_meaning(analysed: World) -> None:
    datasette = serve.build(analysed.study.database, lang="vi")
    (page,) = get(datasette, f"/{analysed.study.database.stem}/how_they_differ")
    drawn = page.text.partition('<ol class="bars">')[2].partition("</ol>")[0]
    assert 5 < drawn.count("<li>") <= 20
    assert re.search(r"<b>[+−]\d+ điểm</b>", drawn)
    assert not re.search(r"[+−]0 điểm", page.text)
    assert "<figcaption>Chênh so với khách mình" in page.text
    assert "chênh so với khách mình" not in drawn
    assert "verdict</td>" not in page.text


def test_links_of_a_report_lead_to_the_server_that_delivers_it(database: Path) -> None:
    reports = database.parent / "reports"
    reports.mkdir()
    evidence = Evidence(
        "e1", MARKET, ("pain", "price"), Estimate(5, 9, 0.5, 0.2, 0.8), (), ("pain_quotes", (("brand", "MiniCare"),))
    )
    link = web(evidence, "small")
    assert link.startswith(f"http://127.0.0.1:{usual_port('small')}/small/pain_quotes?brand=MiniCare")
    others = ["http://127.0.0.1:8820/t/1", f"http://127.0.0.1:{usual_port('x')}/other/pain_quotes"]
    (reports / "small-vi.html").write_text("báo cáo ".join([link, *others]), encoding="utf-8")
    (report,) = get(serve.build(database, reports), "/reports/small-vi.html")
    assert report.text == "báo cáo ".join(["/small/pain_quotes?brand=MiniCare", *others])


def test_a_link_to_another_study_says_whose_it_is(database: Path) -> None:
    (page,) = get(serve.build(database, lang="vi"), "/tra-sua/pain_quotes?brand=x")
    assert page.status_code == 404
    assert "một nghiên cứu khác" in page.text
    assert f"“tra-sua” (thường ở cổng {usual_port('tra-sua')})" in page.text


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


def test_the_first_page_tells_the_state_and_where_to_start(database: Path) -> None:
    for lang, words in (
        ("vi", ("Tìm bài viết", "Bắt đầu từ đâu", "Chưa có báo cáo", "Cần để ý", "forum.example/f/1/")),
        ("en", ("Find posts", "Where to start", "Worth a look", "never crawled yet")),
    ):
        (page,) = get(serve.build(database, lang=lang), "/")
        assert [word for word in words if word not in page.text] == []
        assert 'action="/-/search"' in page.text


@pytest.mark.parametrize(("lang", "told"), [("vi", "tệp nhập vào: khách.csv"), ("en", "imported file: khách.csv")])
def test_an_imported_file_is_called_by_its_name(database: Path, lang: str, told: str) -> None:
    with closing(sqlite3.connect(database)) as db:
        db.execute("update sources set url = 'file:khách.csv' where source_id in (select source_id from posts)")
        db.commit()
    datasette = serve.build(database, lang=lang)
    shown = (
        "/",
        "/small/posts_flat?_facet=source",
        "/small/sources",
        "/small/posts",
        "/-/search?words=bim",
        "/-/label",
    )
    for page in get(datasette, *shown, "/small/sources_state"):
        assert told in page.text, page.url
        assert ">file:" not in page.text, page.url
    (raw,) = get(datasette, "/small/posts_flat.json?_shape=array")
    assert {row["source"] for row in raw.json()} == {"file:khách.csv"}


def test_no_page_may_load_anything_from_elsewhere(database: Path) -> None:
    for page in get(
        serve.build(database), "/", "/small/posts_flat", "/-/search", "/-/label", "/small/nope", "/small/posts.json"
    ):
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "http" not in policy
        assert "unsafe-inline" not in policy.split("style-src")[0]


def test_groups_below_the_minimum_are_in_no_question_that_counts_people(database: Path) -> None:
    names = (
        "top_pains",
        "pains_this_month",
        "brands_talked_about",
        "people_of_brands",
        "pain_brand_by_brand",
        "who_they_are",
    )
    answers = get(serve.build(database), *(f"/small/{name}.json?_shape=array" for name in names))
    assert [answer.json() for answer in answers] == [[]] * len(names)
    few, none = get(
        serve.build(database, lang="vi"),
        "/small/pains_this_month?month=2026-10",
        "/small/pains_this_month?month=1999-01",
    )
    assert "chưa điều nào đủ 5 người" in few.text
    assert "Không có gì khớp" in none.text


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


_ANOTHER_PROGRAM = """
import sqlite3, sys
other = sqlite3.connect(sys.argv[1])
other.execute("insert into brands (name, role, aliases, active) values (?, 'competitor', '[]', 1)", [sys.argv[2]])
other.commit()
other.execute(sys.argv[3])
other.close()
"""


@pytest.mark.parametrize("last", ["pragma wal_checkpoint(truncate)", "vacuum"])
def test_what_another_program_writes_meanwhile_is_shown_and_breaks_nothing(database: Path, last: str) -> None:
    datasette = serve.build(database, lang="vi", study=load(database.with_name("study.yaml")))
    pages = ("/", "/small/top_pains", "/small/posts_flat", "/-/search?words=nong", "/small/brands")

    def write(name: str) -> None:
        subprocess.run([sys.executable, "-c", _ANOTHER_PROGRAM, str(database), name, last], check=True)

    async def all_of_them() -> list[list[Any]]:
        await datasette.invoke_startup()
        asked = []
        for name in ("Mới Một", "Mới Hai"):
            asked.append([await datasette.client.get(page) for page in pages])
            await asyncio.to_thread(write, name)
        return [*asked, [await datasette.client.get(page) for page in pages]]

    asked = asyncio.run(all_of_them())
    assert {answer.status_code for answers in asked for answer in answers} == {200}
    assert [[name in answers[-1].text for name in ("Mới Một", "Mới Hai")] for answers in asked] == [
        [False, False], [True, False], [True, True],
    ]  # fmt: skip
    assert not [file for file in _held() if file.startswith(str(database)) and file.endswith("(deleted)")]


def _held() -> Iterator[str]:
    """The files that this process holds open, where the system tells."""
    folder = Path("/proc/self/fd")
    for descriptor in folder.iterdir() if folder.is_dir() else ():
        with suppress(OSError):
            yield str(descriptor.readlink())
