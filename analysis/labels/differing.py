"""Where two people said otherwise of the same words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from analysis.labels.naming import said_plainly
from data.labels import OF_POST, Contradiction, Label, contradictions
from data.rows import shown
from data.store import Store
from data.words import tell

_POSTS = """
select p.id, p.post_id, p.text, p.url from posts p
where p.id in (select post from labels group by post having count(distinct coder) > 1) order by p.id
"""
_AT_ONCE = 500


def found(store: Store) -> Iterator[tuple[str, Contradiction]]:
    """Every contradiction, with the id of its post."""
    rows = store.query(_POSTS)
    while batch := list(islice(rows, _AT_ONCE)):
        labels = store.labels_of(row["id"] for row in batch)
        for row in batch:
            yield from ((row["post_id"], one) for one in contradictions(labels.get(row["id"], []), row["text"]))


def differing(store: Store) -> Iterator[str]:
    """Each contradiction as a sentence: the post, the words, and who said what; the later one holds."""
    for post_id, one in found(store):
        yield tell(
            "label.contradictions.line",
            post=shown(post_id),
            quote=shown(one.answer.quote),
            earlier=_says(one.earlier),
            later=_says(one.later),
        )


def _says(label: Label) -> str:
    day = f"{label.labelled_at:%Y-%m-%d}"
    if label.verdict in OF_POST or label.answer is None:
        what = tell(f"label.verdicts.{label.verdict}")
    else:
        what = f"{tell(f'label.verdicts.{label.verdict}')} ({', '.join(map(shown, said_plainly(label.answer)))})"
    return tell("label.contradictions.says", coder=shown(label.coder), day=day, what=what)
