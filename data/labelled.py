"""Labels in the form of coded posts: what a study's people have coded whole, to measure and to learn from, to give and to take."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC
from itertools import islice
from typing import Any

from data.gold import LANGUAGES, CodedPost
from data.labels import OF_POST, Answer, Label, occurrences, standing
from data.records import Cue
from data.store.base import Store

_AT_ONCE = 500
_DONE = """
select p.id, p.post_id, p.text, p.lang, p.posted_at from posts p
where p.text <> '' and exists (
    select 1 from labels l where l.post = p.id and l.verdict in ('done', 'nothing') and l.content_hash = p.content_hash
) order by p.id
"""


def done_posts(store: Store) -> Iterator[CodedPost]:
    """Every Vietnamese and English post that somebody is done with, as it stands: the newest label of each answer holds.

    Answers that nobody judged are none. ``labelled_by`` names all who labelled it, ``labelled_at`` is the newest label's day.
    """
    brands = _brands(store)
    for row, labels in _done(store):
        post = _coded(row, labels, brands)
        if post is not None:
            yield post


def codings(store: Store) -> Iterator[CodedPost]:
    """The same posts by each person who is done with them, as that person alone says it; whose word is newest comes last.

    ``labelled_by`` is one name, ``labelled_at`` the moment of that person's newest label.
    """
    brands = _brands(store)
    for row, labels in _done(store):
        by_coder: dict[str, list[Label]] = {}
        for label in labels:
            by_coder[label.coder] = [*by_coder.pop(label.coder, ()), label]
        for own in by_coder.values():
            post = _coded(row, own, brands)
            if post is not None:
                yield replace(post, labelled_at=f"{own[-1].labelled_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")


def _done(store: Store) -> Iterator[tuple[dict[str, Any], list[Label]]]:
    rows = store.query(_DONE)
    while batch := list(islice(rows, _AT_ONCE)):
        labels = store.labels_of(row["id"] for row in batch)
        yield from ((row, labels.get(row["id"], [])) for row in batch)


def _coded(row: Mapping[str, Any], labels: list[Label], brands: Mapping[str, tuple[str, ...]]) -> CodedPost | None:
    text = unicodedata.normalize("NFC", row["text"])
    now = standing(labels, text)
    if now.done is None or row["lang"] not in LANGUAGES:
        return None
    answers = sorted((one.answer for one in now.judged if one.holds and not one.lost), key=lambda a: (a.start, a.end))
    said = text.casefold()
    return CodedPost(
        id=row["post_id"],
        language=row["lang"],
        text=text,
        cues=tuple(answer for answer in answers if isinstance(answer, Cue)),
        pains=tuple(answer for answer in answers if not isinstance(answer, Cue)),
        posted_at=row["posted_at"],
        brands={
            name: forms for name, forms in brands.items() if any(form.casefold() in said for form in (name, *forms))
        },
        labelled_by=", ".join(dict.fromkeys(label.coder for label in labels)),
        labelled_at=f"{max(label.labelled_at for label in labels):%Y-%m-%d}",
    )


def begun(store: Store) -> int:
    """How many posts have labels of somebody who is not done with them, while somebody else is."""
    sql = (
        "select count(distinct l.post) as n from labels l join posts p on p.id = l.post where not exists (select 1 from labels d "
        "where d.post = l.post and d.coder = l.coder and d.verdict in ('done', 'nothing') and d.content_hash = p.content_hash)"
    )
    return int(next(store.query(sql))["n"]) - unfinished(store)


def unfinished(store: Store) -> int:
    """How many posts have labels, and nobody is done with them."""
    of_post = ", ".join(f"'{verdict}'" for verdict in OF_POST)
    sql = (
        "select count(distinct l.post) as n from labels l join posts p on p.id = l.post where not exists "  # noqa: S608 - fixed names
        f"(select 1 from labels d where d.post = l.post and d.verdict in ({of_post}) and d.content_hash = p.content_hash)"
    )
    return int(next(store.query(sql))["n"])


def _brands(store: Store) -> dict[str, tuple[str, ...]]:
    rows = store.query("select name, aliases from brands where active order by brand_id")
    return {row["name"]: tuple(json.loads(row["aliases"] or "[]")) for row in rows}


def as_line(post: CodedPost) -> dict[str, Any]:
    """A post as one line of a file of coded posts, as :func:`data.gold.coded` reads it."""
    line: dict[str, Any] = {"id": post.id, "language": post.language}
    if post.domain:
        line["domain"] = post.domain
    line |= {"posted_at": post.posted_at, "text": post.text}
    if post.hard:
        line["hard"] = list(post.hard)
    line["brands"] = {name: list(forms) for name, forms in post.brands.items()}
    line["cues"] = [_entry(cue, post.text) for cue in post.cues]
    line["pains"] = [_entry(pain, post.text) for pain in post.pains]
    return {**line, "coder": post.labelled_by, "labelled_at": post.labelled_at}


def _entry(answer: Answer, text: str) -> dict[str, Any]:
    if isinstance(answer, Cue):
        entry: dict[str, Any] = {"attribute": answer.attribute, "value": answer.value, "who": answer.who}
        if answer.group:
            entry["group"] = answer.group
    else:
        entry = {name: getattr(answer, name) for name in ("kind", "category", "target", "severity")}
    entry["quote"] = answer.quote
    nth = _nth(answer, text)
    return entry if nth == 1 else {**entry, "nth": nth}


def _nth(answer: Answer, text: str) -> int:
    return 1 + sum(place < answer.start for place in occurrences(answer.quote, text))


def rows_of(posts: Iterable[CodedPost]) -> Iterator[dict[str, Any]]:
    """Posts as rows of a table, one an answer, with the columns of :data:`COLUMNS`; of a post without any, one row."""
    for post in posts:
        line = as_line(post)
        whole = {name: line[name] for name in ("id", "language", "posted_at", "text", "coder", "labelled_at")}
        entries = [*line["cues"], *line["pains"]] or [{}]
        for entry in entries:
            yield {name: {**whole, **entry}.get(name) for name in COLUMNS}


#: The columns of a table of labels.
COLUMNS = (
    "id", "language", "posted_at", "text", "attribute", "value", "who", "group", "kind", "category", "target", "severity",
    "quote", "nth", "coder", "labelled_at",
)  # fmt: skip
