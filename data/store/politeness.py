"""The part of the SQLite store that remembers what was asked of each site, and what was refused."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterable, Sequence
from datetime import datetime

from data.store.failures import writing
from data.store.keys import moment_text
from data.store.polite import Asked, Refusal, RobotsFile, count_asked
from data.store.screening import SQLiteScreening

#: A copy is known by pointing at its first; both may have come in one crawl.
_NEAR_COPIES = """
update crawls set near_copies = (
    select count(*) from posts p
    where p.source_id = crawls.source_id and p.first_seen >= crawls.started_at and p.duplicate_of is not null
) where run_id = ? and posts_new > 0
"""


class SQLitePoliteness(SQLiteScreening, ABC):
    """Robots files, requests a day, refusals."""

    def robots_files(self, since: datetime) -> list[RobotsFile]:
        """Every robots.txt that was read later than ``since``."""
        rows = self._db.execute(
            "select origin, fetched_at, status, body from robots_files where fetched_at > ?", (moment_text(since),)
        )
        return [RobotsFile(row[0], datetime.fromisoformat(row[1]), row[2], (row[3] or "").encode()) for row in rows]

    def save_robots_file(self, file: RobotsFile) -> None:
        """Note how a site's robots.txt was last read."""
        body = file.body.decode("utf-8-sig", "replace") or None
        with writing(self.path, self._db):
            self._db.execute(
                "insert or replace into robots_files (origin, fetched_at, status, body) values (?, ?, ?, ?)",
                (file.origin, moment_text(file.fetched_at), file.status, body),
            )

    def asked_on(self, day: str) -> list[Asked]:
        """How much was asked of each host on a day."""
        return [
            Asked(*row)
            for row in self._db.execute("select host, day, requests from host_days where day = ?", (day,)).fetchall()
        ]

    def note_asked(self, asked: Sequence[Asked]) -> None:
        """Add requests to what a host was asked for before."""
        if asked:
            with writing(self.path, self._db):
                count_asked(self._db.conn, asked)

    def save_refusals(self, crawl_id: int, refusals: Iterable[Refusal]) -> None:
        """Note what a crawl refused or was refused."""
        rows = [
            (crawl_id, one.reason, one.url, one.times, moment_text(one.at), one.said_vi, one.said_en)
            for one in refusals
        ]
        if rows:
            with writing(self.path, self._db):
                self._db.conn.executemany(
                    "insert into refusals (crawl_id, reason, url, times, refused_at, said_vi, said_en) "
                    "values (?, ?, ?, ?, ?, ?, ?)",
                    rows,
                )

    def count_near_copies(self, run_id: int) -> dict[str, int]:
        """Note with each crawl of a run how many of its new posts are copies of another; source → how many."""
        with writing(self.path, self._db):
            self._db.execute(_NEAR_COPIES, (run_id,))
        found = self._db.execute(
            "select s.url, c.near_copies from crawls c join sources s using (source_id) where run_id = ? and near_copies > 0",
            (run_id,),
        )
        return dict(found.fetchall())
