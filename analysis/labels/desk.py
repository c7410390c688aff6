"""A desk to label at: one post with all that is said of it, and what a person may do with each answer.

The terminal and the web page both work on it.
"""

from __future__ import annotations

import getpass
import hashlib
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from data.codebook import SENSITIVE
from data.gold import CodingError, coded
from data.labels import Answer, Label, contradictions, judges, occurrences, standing
from data.records import Cue, Pain
from data.store import Store
from data.words import tell

LONGEST_NAME = 40
_POST = """
select p.id, p.post_id, p.text, p.lang, p.posted_at, p.url, t.title, b.name as brand, s.url as source, a.post is not null as read
from posts p join threads t using (thread_id) join sources s on s.source_id = p.source_id
left join brands b on b.brand_id = p.brand_id left join annotations a on a.post = p.id where p.id = ?
"""
_CUES = """
select attribute, value, who, start, "end", quote, confidence, source_component, "group" from cues
where post = ? and source_component not like 'label:%' order by start, "end"
"""
_PAINS = """
select kind, category, target, severity, start, "end", quote, confidence, source_component from pains
where post = ? and source_component not like 'label:%' order by start, "end"
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """One answer on the desk. ``state`` is ``open`` where only the machine said it, else the label's verdict, or ``lost``
    where the post was edited since and no longer has the words."""

    answer: Answer
    state: str
    label: Label | None = None

    @property
    def holds(self) -> bool:
        return self.state not in ("rejected", "lost")

    @property
    def token(self) -> str:
        """Names the answer as it stands: a page that was shown earlier finds it again, or learns that it has changed."""
        plain = {**asdict(self.answer), "state": self.state, "label": self.label.label_id if self.label else 0}
        return hashlib.blake2b(repr(sorted(plain.items())).encode("utf-8", "replace"), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Seen:
    """A post on the desk. ``done`` is who said last that it is coded whole; ``read`` is false before the first analysis."""

    key: int
    post_id: str
    text: str
    language: str | None
    posted_at: str | None
    url: str | None
    title: str
    brand: str | None
    source: str
    read: bool
    answers: tuple[Shown, ...]
    done: Label | None
    coders: tuple[str, ...]
    disagree: int


def coder_name(given: str | None) -> str:
    """A short name that may stand in a row: the one given, else the one by which the system knows the user."""
    try:
        name = given or os.environ.get("CHANDUNG_CODER") or getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such user, or a system without any
        name = ""
    plain = re.sub(r"[^\w.\-+@ ]", "", unicodedata.normalize("NFC", name)).strip()
    return " ".join(plain.split())[:LONGEST_NAME].strip() or "user"


class Desk:
    """What ``coder`` sees and does. Everything done is in the store at once; what it returns can be taken back."""

    def __init__(self, store: Store, coder: str, *, sensitive: bool = False) -> None:
        self.store = store
        self.coder = coder
        self.sensitive = sensitive

    def see(self, key: int) -> Seen | None:
        """The post ``key`` (its row's id) with its answers by place; ``None`` where there is no such post."""
        row = next(self.store.query(_POST, (key,)), None)
        if row is None:
            return None
        labels = self.store.labels_of([key]).get(key, [])
        now = standing(labels, row["text"])
        shown = [Shown(one.answer, "lost" if one.lost else _state(one.label), one.label) for one in now.judged]
        if now.done is None:
            found = (answer for answer in self._found(key) if not any(judges(one, answer) for one in now.judged))
            shown += [Shown(answer, "open") for answer in found]
        shown.sort(key=lambda one: _order(one.answer))
        return Seen(
            key=key,
            post_id=row["post_id"],
            text=row["text"],
            language=row["lang"],
            posted_at=row["posted_at"],
            url=row["url"],
            title=row["title"],
            brand=row["brand"],
            source=row["source"],
            read=bool(row["read"]),
            answers=tuple(shown),
            done=now.done,
            coders=tuple(dict.fromkeys(label.coder for label in labels)),
            disagree=len(contradictions(labels, row["text"])),
        )

    def _found(self, key: int) -> Iterable[Answer]:
        yield from (Cue(**row) for row in self.store.query(_CUES, (key,)))
        yield from (Pain(**row) for row in self.store.query(_PAINS, (key,)))

    # What may be done

    def accept(self, seen: Seen, one: Shown) -> list[int]:
        return self._keep(self._label(seen, "accepted", one.answer, of=one))

    def reject(self, seen: Seen, one: Shown) -> list[int]:
        return self._keep(self._label(seen, "rejected", one.answer, of=one))

    def change(self, seen: Seen, one: Shown, fields: Mapping[str, Any]) -> list[int]:
        """Put another answer in the place of ``one``. Raises ``CodingError`` where the codebook knows no such answer."""
        new = self.answer(seen, fields, near=one.answer.start)
        return self._keep(replace(self._label(seen, "changed", new, of=one), was=one.answer))

    def add(self, seen: Seen, fields: Mapping[str, Any]) -> list[int]:
        """Add an answer. Raises ``CodingError`` where the codebook knows no such answer."""
        return self._keep(self._label(seen, "added", self.answer(seen, fields)))

    def finish(self, seen: Seen) -> list[int]:
        """Say that the post is coded whole: whatever stands there is right, also by the word of others."""
        rest = [
            self._label(seen, "accepted", one.answer, of=one)
            for one in seen.answers
            if one.holds and (one.label is None or one.label.coder != self.coder)
        ]
        return self._keep(*rest, self._label(seen, "done"))

    def nothing(self, seen: Seen) -> list[int]:
        """Say that the post tells neither a pain nor a cue."""
        rest = [self._label(seen, "rejected", one.answer, of=one) for one in seen.answers if one.holds]
        return self._keep(*rest, self._label(seen, "nothing"))

    def take_back(self, ids: Iterable[int]) -> int:
        return self.store.forget_labels(list(ids))

    def answer(self, seen: Seen, fields: Mapping[str, Any], near: int | None = None) -> Answer:
        """The answer that ``fields`` tell (as in a file of coded posts), checked against the codebook and the text."""
        entry = {name: value for name, value in fields.items() if value not in (None, "")}
        quote = str(entry.get("quote") or "").strip()
        text = unicodedata.normalize("NFC", seen.text)
        if str(entry.get("severity", "")).isdigit():
            entry["severity"] = int(entry["severity"])
        entry |= {"quote": quote, "nth": _nth(text, unicodedata.normalize("NFC", quote), entry.get("nth"), near)}
        kind = "cues" if "attribute" in entry else "pains"
        line = {"id": seen.post_id, "language": "vi", "text": text, kind: [entry]}
        post = coded(line)
        if entry.get("attribute") in SENSITIVE and not self.sensitive:
            raise CodingError(tell("label.wrong.sensitive", attribute=entry["attribute"]))
        return post.cues[0] if kind == "cues" else post.pains[0]

    def _label(self, seen: Seen, verdict: str, answer: Answer | None = None, of: Shown | None = None) -> Label:
        component = None
        if of is not None:
            component = of.label.component if of.label is not None else of.answer.source_component
        return Label(seen.key, self.coder, verdict, datetime.now(UTC), answer, component=component)

    def _keep(self, *labels: Label) -> list[int]:
        return self.store.save_labels(labels)


def _order(answer: Answer) -> tuple[int, int, str]:
    """By place; answers on the same words keep their order, whatever is said of them."""
    said = f"{answer.attribute} {answer.value}" if isinstance(answer, Cue) else f"~{answer.category} {answer.kind}"
    return (answer.start, answer.end, said)


def _state(label: Label) -> str:
    return "rejected" if label.verdict == "nothing" else label.verdict


def _nth(text: str, quote: str, given: object, near: int | None) -> object:
    """Which occurrence of the quote is meant: the one given, else the one nearest to where the answer stood."""
    if given not in (None, ""):
        return int(str(given)) if str(given).isdigit() else given
    if near is None or not quote:
        return 1
    places = list(occurrences(quote, text))
    nearest = min(places, key=lambda place: abs(place - near), default=0)
    return 1 + places.index(nearest) if places else 1
