"""The part of the SQLite store that keeps what people said of the machine's answers."""

from __future__ import annotations

import json
from abc import ABC
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from data.labels import OF_POST, Answer, Label
from data.records import Cue, Pain
from data.store.failures import writing
from data.store.keys import moment, moment_text
from data.store.politeness import SQLitePoliteness
from data.store.sqlite_write import insert

_OF_CUE = ("attribute", "value", "group", "who", "start", "end", "quote")
_OF_PAIN = ("kind", "category", "target", "severity", "start", "end", "quote")
#: An answer that a person gave is as sure as can be; whose it is, is said by the label.
_CERTAIN = {"confidence": 1.0, "source_component": ""}
_OF = """
select l.*, l.content_hash = p.content_hash as same_text from labels l join posts p on p.id = l.post
where l.post in (select value from json_each(?)) order by l.post, l.labelled_at, l.label_id
"""
# The next analysis reads such a post again, and only such.
_READ_AGAIN = "update annotations set version = '' where post in (select value from json_each(?))"
_ASIDE = """
create temp table labels_aside as
select p.post_id, l.* from labels l join posts p on p.id = l.post join sources s on s.source_id = p.source_id where s.url = ?
"""
_BACK = """
insert into labels select a.label_id, p.id, {columns} from labels_aside a join posts p on p.post_id = a.post_id
"""


class SQLiteLabelling(SQLitePoliteness, ABC):
    """Labels: written one by one, never over one another."""

    def save_labels(self, labels: Iterable[Label]) -> list[int]:
        """Keep labels, all of them or none, and have their posts read again; their ids. Those of unknown posts are left out."""
        ids: list[int] = []
        with writing(self.path, self._db):
            posts = set()
            for label in labels:
                row = _row(label)
                digest = self._db.conn.execute("select content_hash from posts where id = ?", (label.post,)).fetchone()
                if digest is None:
                    continue
                row["content_hash"] = digest[0]
                ids.append(int(self._db.conn.execute(insert("labels", tuple(row)), row).lastrowid or 0))
                posts.add(label.post)
            self._db.conn.execute(_READ_AGAIN, (json.dumps(sorted(posts)),))
        return ids

    def forget_labels(self, ids: Sequence[int]) -> int:
        """Take labels back, and have their posts read again; how many there were."""
        with writing(self.path, self._db):
            wanted = json.dumps(list(ids))
            posts = self._db.conn.execute(
                "select distinct post from labels where label_id in (select value from json_each(?))", (wanted,)
            ).fetchall()
            self._db.conn.execute(_READ_AGAIN, (json.dumps([post for (post,) in posts]),))
            gone = self._db.conn.execute(
                "delete from labels where label_id in (select value from json_each(?))", (wanted,)
            )
        return int(gone.rowcount)

    def labels_of(self, posts: Iterable[int]) -> dict[int, list[Label]]:
        """Post (its row's id) → its labels in the order in which they were made; posts without any are left out."""
        cursor = self._db.execute(_OF, (json.dumps(list(posts)),))
        names = [column[0] for column in cursor.description]
        found: dict[int, list[Label]] = {}
        for values in cursor:
            label = _label(dict(zip(names, values, strict=True)))
            found.setdefault(label.post, []).append(label)
        return found

    # A file that is imported anew brings the same posts again; what people said of them shall not go with the old rows.

    def take_back(self, source: str) -> int:
        with writing(self.path, self._db):
            self._db.conn.execute("drop table if exists temp.labels_aside")
            self._db.conn.execute(_ASIDE, (source,))
            return super().take_back(source)

    def end_import(self, import_id: int, counts: Mapping[str, int]) -> None:
        with writing(self.path, self._db):
            super().end_import(import_id, counts)
            aside = "select 1 from sqlite_temp_master where name = 'labels_aside'"
            if self._db.conn.execute(aside).fetchone():
                names = [name for name, *_ in self._db.conn.execute("select name from pragma_table_info('labels')")]
                columns = ", ".join(f'a."{name}"' for name in names if name not in ("label_id", "post"))
                self._db.conn.execute(_BACK.format(columns=columns))
                self._db.conn.execute("drop table temp.labels_aside")


def _row(label: Label) -> dict[str, Any]:
    answer = label.answer
    said = asdict(answer) if answer is not None else {}
    return {
        "post": label.post,
        "coder": label.coder,
        "labelled_at": moment_text(label.labelled_at),
        "verdict": label.verdict,
        **{name: said.get(name) for name in dict.fromkeys((*_OF_CUE, *_OF_PAIN))},
        "was": json.dumps(_plain(label.was), ensure_ascii=False) if label.was is not None else None,
        "source_component": label.component,
    }


def _plain(answer: Answer) -> dict[str, Any]:
    fields = _OF_CUE if isinstance(answer, Cue) else _OF_PAIN
    return {name: value for name, value in asdict(answer).items() if name in fields and value is not None}


def _label(row: Mapping[str, Any]) -> Label:
    return Label(
        post=row["post"],
        coder=row["coder"],
        verdict=row["verdict"],
        labelled_at=moment(row["labelled_at"]) or datetime.min.replace(tzinfo=UTC),
        answer=None if row["verdict"] in OF_POST else _answer(row),
        was=_answer(json.loads(row["was"])) if row["was"] else None,
        component=row["source_component"],
        same_text=bool(row["same_text"]),
        label_id=row["label_id"],
    )


def _answer(row: Mapping[str, Any]) -> Answer:
    if row.get("attribute"):
        return Cue(**{name: row.get(name) for name in _OF_CUE}, **_CERTAIN)  # type: ignore[arg-type]
    return Pain(**{name: row.get(name) for name in _OF_PAIN}, **_CERTAIN)  # type: ignore[arg-type]
