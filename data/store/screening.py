"""Screening new posts: near copies are linked to the earliest of them, and what looks like an advert or seeding is marked.

Nothing is deleted and nobody is accused: a mark says what was seen. It runs after every crawl and import over what is new, in
batches of one transaction each; stopped midway, it goes on with the rest.
"""

from __future__ import annotations

import json
import re
from abc import ABC
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from data.store import near_copies, selling
from data.store.base import Screened
from data.store.copies import point_at_first
from data.store.failures import writing
from data.store.imports import SQLiteImports
from data.store.keys import moment, moment_text

_BATCH: Final = 1_000
_MOST_CANDIDATES: Final = 40
_LINK: Final = re.compile(r"https?://([^\s/?#<>\"')]{3,100})", re.I)
#: A link as people type it: a host and at least one letter of a path. In “1.000k/bịch” and “v.v/…” no host stands.
_BARE_LINK: Final = re.compile(
    r"(?<![\w@/.\-])((?:[a-z0-9\-]{1,40}\.){1,3}(?:me|ee|ly|com|vn|net|org|shop|link|gl|cc|to|app|info|io|be|gg|asia|store))/\w",
    re.I,
)
_CONTACT: Final = re.compile(r"\[(?:phone|email)\]", re.I)
#: A link among so few words is what the post is for.
_FEW_WORDS: Final = 40
#: So many posts of one author in so short a time, in so many threads.
_BURST: Final = (5, timedelta(minutes=15), 3)
#: Two authors who say the very same in few words do so by arrangement where it is within so short a time.
_SAME_WORDS: Final = timedelta(days=3)
#: Nearly the same words so often, or by two authors: a template.
_TEMPLATE: Final = 3
_LONGEST_SHORT: Final = 400


_NEW = """
select p.id, p.text, p.content_hash, p.copy_key, p.author_id, t.site, p.posted_at,
    (select o.kind = 'notes' from sources o where o.source_id = p.source_id) as private
from posts p join threads t using (thread_id)
left join screened s on s.post = p.id and s.content_hash = p.content_hash and s.method = :method
where p.id > :beyond and s.post is null and p.text <> '' order by p.id limit :most
"""
# Of exact copies one stands for all of them.
_KEPT_FOR = """
select distinct p.copy_key from posts p join screened s on s.post = p.id
where p.copy_key in (select value from json_each(?)) and s.method = ? and p.id not in (select value from json_each(?))
"""
# “cross join” keeps SQLite from walking all bands ever kept in search of the few new ones.
_SHARING = """
select distinct n.post, c.post from new_bands n cross join copy_bands c using (band) where c.post <> n.post order by n.post, c.post
"""
# One customer's same review of several products is no template.
_OF_MANY = """
select copy_key, count(*) from posts where copy_key in (select value from json_each(?))
group by copy_key
having (count(*) >= ? and (count(author_id) < count(*) or count(distinct author_id) > 1 or count(rating) < count(*)))
    or (count(*) > 1 and count(distinct author_id) > 1)
"""
_NOT_YET_MARKED = """
select id from posts p where copy_key = ?
and not exists (select 1 from post_marks m where m.post = p.id and m.mark = 'template')
"""
# Stars of posts with the same words; who gives others says something else, in however nearly the same words.
_RATINGS = "select distinct rating from posts where copy_key = ? and rating is not null"
_SAME_SHORT = """
select n.post, p.id, p.text from new_short n
cross join copy_bands c using (band) cross join posts p on p.id = c.post
where p.id <> n.post and p.author_id <> n.author_id and p.posted_at between n.earliest and n.latest
"""
_BUSY = "select author_id from posts where author_id in (select value from json_each(?)) group by author_id having count(*) >= ?"
_BY_AUTHOR = "select id, thread_id, posted_at from posts where author_id = ? and posted_at between ? and ? order by posted_at, id"


class SQLiteScreening(SQLiteImports, ABC):
    """The part of the SQLite store that screens posts."""

    def screen_posts(self, *, beyond: int = 0) -> Screened:
        """Screen what was not screened yet, or has changed since."""
        method, total = near_copies.method(), Screened(newest=beyond)
        while True:
            with writing(self.path, self._db):
                rows = self._db.conn.execute(_NEW, {"method": method, "most": _BATCH, "beyond": beyond}).fetchall()
                total += self._screen(rows, method)
            if len(rows) < _BATCH:
                return total

    def _screen(self, rows: Sequence[Sequence[Any]], method: str) -> Screened:
        self._db.conn.executemany("delete from post_marks where post = ?", [(row[0],) for row in rows])
        times: dict[int, list[str]] = defaultdict(list)
        marks: list[tuple[int, str, str | None]] = []
        for post, text, _, _, author, site, posted_at, _ in rows:
            marks += [(post, mark, detail) for mark, detail in _seen_in(text, site)]
            if author is not None and posted_at:
                times[author].append(posted_at)
        joined = self._join_near_copies(rows, method)
        self._db.conn.executemany(
            "insert or replace into screened (post, content_hash, method) values (?, ?, ?)",
            [(post, content_hash, method) for post, _, content_hash, *_ in rows],
        )
        marks += self._templates({*(row[3] for row in rows if row[3] is not None), *joined.values()})
        marks += self._said_alike(rows)
        busy = self._db.conn.execute(_BUSY, (json.dumps(list(times)), _BURST[0])).fetchall()
        marks += [(post, "burst", None) for (author,) in busy for post in self._burst(author, times[author])]
        self._db.conn.executemany(
            "insert into post_marks (post, mark, detail) values (?, ?, ?) on conflict do update set detail = excluded.detail",
            marks,
        )
        newest = rows[-1][0] if rows else 0
        return Screened(len(rows), len(joined), len({post for post, *_ in marks}), newest)

    def _join_near_copies(self, rows: Sequence[Sequence[Any]], method: str) -> dict[int, str]:
        """Give near copies one key; which posts were joined, and the key that they share with others now."""
        shared = self._bands_of_new(rows, method)
        near: dict[int, list[int]] = defaultdict(list)
        for post, other in self._db.conn.execute(_SHARING):
            if len(near[post]) < _MOST_CANDIDATES:
                near[post].append(other)
        joined: dict[int, str] = {}
        for post, others in near.items():
            for text, key in self._texts([other for other in others if other < post or other not in shared]):
                own = self._db.conn.execute("select copy_key from posts where id = ?", (post,)).fetchone()[0]
                if key == own or (
                    near_copies.alike(shared[post], near_copies.pairs(near_copies.plain_words(text)))
                    and self._rated_alike(own, key)
                ):
                    joined[post] = key
                    self._db.conn.execute("update posts set copy_key = ? where copy_key = ?", (key, own))
                    break
        point_at_first(self._db.conn, dict.fromkeys(joined.values()))
        return joined

    def _rated_alike(self, own: str, key: str) -> bool:
        """Whether two groups of copies may be one: reviews that give the same stars, or words without stars."""
        one, other = ({stars for (stars,) in self._db.conn.execute(_RATINGS, (k,))} for k in (own, key))
        return not one or not other or not one.isdisjoint(other)

    def _bands_of_new(self, rows: Sequence[Sequence[Any]], method: str) -> dict[int, frozenset[str]]:
        """The word pairs of each new text, its bands written."""
        new = {row[3]: row for row in reversed(rows) if row[3] is not None}
        known = (json.dumps(list(new)), method, json.dumps([row[0] for row in rows]))
        for (key,) in self._db.conn.execute(_KEPT_FOR, known).fetchall():
            del new[key]
        shared = {row[0]: near_copies.pairs(near_copies.plain_words(row[1])) for row in new.values()}
        found = sorted((band, post) for post, words in shared.items() for band in near_copies.bands(words))
        self._db.conn.execute("create temp table if not exists new_bands (band integer, post integer)")
        self._db.conn.execute("delete from new_bands")
        self._db.conn.executemany("insert into new_bands (band, post) values (?, ?)", found)
        self._db.conn.executemany("insert or ignore into copy_bands (band, post) values (?, ?)", found)
        return shared

    def _texts(self, posts: Sequence[int]) -> list[tuple[str, str]]:
        query = "select text, copy_key from posts where id in (select value from json_each(?)) and copy_key is not null order by id"
        return [(text, key) for text, key in self._db.conn.execute(query, (json.dumps(posts),))]

    def _templates(self, keys: Iterable[str]) -> list[tuple[int, str, str | None]]:
        found: list[tuple[int, str, str | None]] = []
        for key, count in self._db.conn.execute(_OF_MANY, (json.dumps(sorted(keys)), _TEMPLATE)).fetchall():
            # Of a series that goes on for thousands of posts only the new ones are marked each time.
            posts = self._db.conn.execute(_NOT_YET_MARKED, (key,))
            found += [(post, "template", str(count)) for (post,) in posts]
        return found

    def _said_alike(self, rows: Sequence[Sequence[Any]]) -> list[tuple[int, str, str | None]]:
        """Short posts whose very words another author has too, within a few days: both are marked, and both count."""
        said: dict[int, list[str]] = {}
        new: list[tuple[int, int, int, str, str]] = []
        for post, text, _, copy_key, author, _, posted_at, private in rows:
            if copy_key is not None or private or len(text) > _LONGEST_SHORT:
                continue
            plain = near_copies.plain_words(text)
            if not near_copies.SHORT <= len(plain) < near_copies.SHORTEST:
                continue
            when = moment(posted_at)
            if author is None or when is None:
                continue
            said[post] = plain
            around = (moment_text(when - _SAME_WORDS), moment_text(when + _SAME_WORDS))
            new.append((near_copies.short_band(plain), post, author, str(around[0]), str(around[1])))
        connection = self._db.conn
        connection.execute(
            "create temp table if not exists new_short "
            "(band integer, post integer, author_id integer, earliest text, latest text)"
        )
        connection.execute("delete from new_short")
        connection.executemany("insert into new_short values (?, ?, ?, ?, ?)", new)
        connection.executemany("insert or ignore into copy_bands (band, post) values (?, ?)", [one[:2] for one in new])
        alike: dict[int, set[int]] = defaultdict(set)
        for post, other, text in connection.execute(_SAME_SHORT):
            if near_copies.plain_words(text) == said[post]:
                alike[post] |= {post, other}
        counts: dict[int, int] = {}
        for together in alike.values():
            for post in together:
                counts[post] = max(counts.get(post, 0), len(together))
        return [(post, "template", str(count)) for post, count in counts.items()]

    def _burst(self, author: int, times: Sequence[str]) -> list[int]:
        many, span, threads = _BURST
        first, last = moment(min(times)), moment(max(times))
        assert first is not None
        assert last is not None
        around = (author, moment_text(first - span), moment_text(last + span))
        posts = [(post, thread, moment(at)) for post, thread, at in self._db.conn.execute(_BY_AUTHOR, around)]
        burst: dict[int, None] = {}
        for start in range(len(posts) - many + 1):
            part = posts[start : start + many]
            begun, ended = part[0][2], part[-1][2]
            if begun and ended and ended - begun <= span and len({thread for _, thread, _ in part}) >= threads:
                burst |= dict.fromkeys(post for post, _, _ in part)
        return list(burst)


def _seen_in(text: str, site: str) -> Iterator[tuple[str, str | None]]:
    if _CONTACT.search(text):
        yield "contact", None
    if "/" in text and len(text) < 4_000:
        links = [*_LINK.finditer(text), *_BARE_LINK.finditer(text)]
        elsewhere = [host for found in links if (host := _host(found[1])) and not _same(host, site)]
        if elsewhere and len(text.split()) <= _FEW_WORDS:
            yield "link", elsewhere[0][:100]
    for mark in selling.marks(text):
        yield mark, None


def _host(place: str) -> str:
    try:
        return (urlsplit(f"//{place}").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _same(host: str, site: str) -> bool:
    own = site.split(":")[0]
    return host == own or host.endswith(f".{own}") or own.endswith(f".{host}")
