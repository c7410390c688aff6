"""What a note tells beside its words: written with the post that it became."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import data
from crawler.importers.columns import plain
from crawler.importers.notes.form import TOLD_BY
from crawler.importers.notes.mapping import NotesMapping
from crawler.importers.notes.speakers import meaning
from crawler.importers.placing import Placed
from data.codebook import VALUES
from data.store import Store
from data.store.keys import site_of
from data.words import LANGUAGES

_FOLDER = Path(data.__file__).parent / "languages"
_LONGEST = 100
Keep = Callable[[Store, int, Sequence[Placed]], None]


def keep(mapping: NotesMapping) -> Keep:
    """What writes the rows of ``notes`` for a batch of rows that became posts."""

    def write(store: Store, import_id: int, batch: Sequence[Placed]) -> None:
        posts = ((one, one.post.post_id) for one in batch if one.post is not None)
        store.add_notes(
            import_id, {(site_of(one.thread_url), native): told(mapping, one.rest) for one, native in posts}
        )

    return write


def told(mapping: NotesMapping, rest: dict[str, str]) -> dict[str, str | None]:
    """Channel, kind and product of a row, in the codebook's words where it has them."""
    channel, topic, product = (
        rest.get(name or "", "").strip()[:_LONGEST] for name in (mapping.channel, mapping.topic, mapping.product)
    )
    kind = next((one for one in ("sales", "support") if topic and meaning(f"topic_{one}", topic)), topic)
    return {
        "channel": _channel(channel) or None, "kind": kind or None, "product": product or None,
        "told_by": "report" if rest.get(TOLD_BY) == "report" else "customer",
    }  # fmt: skip


def _channel(said: str) -> str:
    if said and meaning("channel_phone", said):
        return "phone"
    return _channels().get(plain(said), said) if said else ""


@cache
def _channels() -> dict[str, str]:
    found = {plain(name.replace("_", " ")): name for name in VALUES["channel"]}
    for lang in LANGUAGES:
        with (_FOLDER / lang / "importers" / "analytics_channels.tsv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                if row["channel"] in VALUES["channel"]:
                    found.setdefault(plain(row["name"]), row["channel"])
    return found
