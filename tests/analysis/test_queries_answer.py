"""Every named query finds what is there: a code that the analysis does not write finds nothing, and says so to nobody."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from analysis import trending
from analysis.report import pain_trends
from data import codebook
from data.store import Store, open_store
from data.store.queries import named_query, query_names
from tests.analysis.world import World

#: What the small market lacks, as a crawl, an import, a coder or a later analysis would have written it.
_LACKING = f"""
update trends set verdict = case value when 'price' then '{trending.RISES}' else '{trending.FALLS}' end
    where subject = 'pain' and brand = 'market';
insert into set_aside select author_id, 'shop', 9, 9 from authors limit 1;
insert into post_marks select id, 'call_to_order', null from posts limit 3;
insert into labels (post, coder, labelled_at, verdict, attribute, value, content_hash)
    select id, 'lan', '2026-11-20T03:00:00+00:00', 'added', 'gender', 'female', 'x' from posts limit 1;
insert into crawls (run_id, source_id, started_at, state, skipped)
    select (select max(run_id) from runs), source_id, '2026-11-20T01:00:00+00:00', 'done', '{{}}' from sources limit 1;
insert into refusals (crawl_id, reason, url, times, refused_at, said_vi, said_en)
    select crawl_id, 'robots', 'https://dien-dan.example/x', 2, '2026-11-20T01:00:00+00:00', 'cấm', 'refused' from crawls limit 1;
insert into counted_people select 'pain', 'pain', 'price', author_id, id, 1.0 from posts where author_id is not null limit 6;
insert into switching (from_brand, to_brand, authors, posts, reasons, evidence) values ('MiniCare', 'An Nhiên', 7, 8, '[]', '[]');
insert into real_customers (brand, segment, kind, platform, basis, attributes, missing, count, n, share, low, high, verdict)
    values ('An Nhiên', 'Mẹ bỉm thành thị', 'orders', '', 'orders', '[]', '[]', 40, 80, 0.5, 0.4, 0.6, 'undecided');
insert into landing_changes (snapshot_id, before_id, source_id, url, changed_at, last_as_before, area, how, said_vi, said_en)
    select snapshot_id, snapshot_id, source_id, url, last_seen, first_seen, 'price', 'raised', 'tăng', 'raised'
    from landing_snapshots limit 1;
update landing_snapshots set content = json_set(content, '$.claims',
    json('[{{"area": "discount", "kind": "gift", "text": "Mua 1 tặng 1"}}]'));
update posts set rating = 1 + id % 2, thread_id = (select min(thread_id) from threads)
    where id in (select id from posts order by id limit 12);
update posts set duplicate_of = (select post_id from posts order by id limit 1) where id in (select id from posts order by id desc limit 2);
insert or replace into product_ratings select min(thread_id), 'An Nhiên', 'Bỉm M', null, 12, 1.5, 12, null, null from threads;
"""
_VALUES: dict[str, dict[str, str]] = {"search_posts": {"words": "mình"}, "who_counts": {"figure": "pain"}}


@pytest.fixture(scope="module")
def whole(analysed: World, tmp_path_factory: pytest.TempPathFactory) -> Store:
    path = Path(shutil.copy(analysed.study.database, tmp_path_factory.mktemp("whole")))
    with closing(sqlite3.connect(path)) as database:
        database.executescript(_LACKING)
    return open_store(path, read_only=True)


@pytest.mark.parametrize("name", query_names())
def test_every_named_query_has_rows_where_there_is_something_to_tell(whole: Store, name: str) -> None:
    wanted = dict.fromkeys(re.findall(r":(\w+)", named_query(name)))
    assert list(whole.named(name, **wanted | _VALUES.get(name, {})))


def test_a_pain_whose_level_jumped_is_among_those_that_moved(whole: Store) -> None:
    path = Path(shutil.copy(whole.path, whole.path.with_name("jumped.db")))
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "update trends set verdict = ?, jumps = ? where subject = 'pain' and brand = 'market' and value = 'price'",
            (trending.UNKNOWN, '[{"up": true}, {"up": false}]'),
        )
    with open_store(path, read_only=True) as store:
        told = {row["category"]: row["verdict"] for row in store.named("pains_rising_and_falling", brand="")}
    assert told["price"] == pain_trends.JUMP_DOWN


def test_the_attributes_that_queries_name_are_those_of_the_codebook() -> None:
    named = {
        code
        for name in query_names()
        for codes in re.findall(r"attribute (?:=|in) \(?((?:'\w+'(?:, )?)+)", named_query(name))
        for code in re.findall(r"'(\w+)'", codes)
    }
    assert named - {"all"} <= set(codebook.ATTRIBUTES)
