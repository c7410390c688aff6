"""Labels out of a study and into it: files of coded posts (JSON Lines), or tables of them with one answer a row."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analysis.labels import tables
from analysis.labels.desk import Desk, coder_name
from data.codebook import SENSITIVE
from data.errors import InputError
from data.gold import LANGUAGES, CodedPost, coded, faults
from data.labelled import as_line, codings
from data.labels import Answer, Label, located, said, same, standing
from data.records import Cue, Pain
from data.store import Store
from data.words import tell

#: The endings of files that labels can be written into.
KINDS = (".jsonl", ".csv", ".xlsx")
_BY_ID = "select id, text from posts where post_id = ? and text <> ''"
_LANGUAGE = "select lang from posts where post_id = ?"
Complain = Callable[[str], None]


@dataclass(slots=True)
class Brought:
    """What an import came to, in posts."""

    new: int = 0
    known: int = 0
    strange: int = 0
    wrong: int = 0


def write(store: Store, path: Path) -> int:
    """Write every post that somebody is done with into ``path``, each person's answers apart; how many posts there were.

    The ending says the form: ``.jsonl``, or a table as ``.csv`` or ``.xlsx``. Raises :class:`InputError` for any other.
    """
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise InputError("label_kind", path=path.name, known=", ".join(KINDS))
    draft = path.with_name(f".{path.name}.part")
    posts = _Counted(codings(store))
    try:
        if kind == ".jsonl":
            with draft.open("w", encoding="utf-8", newline="\n") as out:
                out.writelines(json.dumps(as_line(post), ensure_ascii=False) + "\n" for post in posts)
        else:
            tables.write(draft, posts, workbook=kind == ".xlsx")
        draft.replace(path)
    except OSError as error:
        raise InputError("cannot_write", path=path, why=error.strerror or error) from None
    finally:
        draft.unlink(missing_ok=True)
    return len(posts.seen)


class _Counted:
    """Coded posts in passing, counted by their ids."""

    def __init__(self, posts: Iterable[CodedPost]) -> None:
        self._posts = posts
        self.seen: set[str] = set()

    def __iter__(self) -> Iterator[CodedPost]:
        for post in self._posts:
            self.seen.add(post.id)
            yield post


def read(path: Path, complain: Complain, store: Store | None = None) -> Iterator[tuple[int, CodedPost]]:
    """The posts of a file, each with the number of its (first) line. What cannot be used is told to ``complain`` by number.

    With the ``store`` of the study that they are for, posts without a text are known by their id, and such as say two things
    of the same words are refused. A post without a language has the study's, else the one that its words tell.
    """
    is_table = tables.is_table(path)
    lines = tables.posts_of(path, with_text=store is None) if is_table else _lines(path)
    for number, line, why in lines:
        if why or not isinstance(line, dict):
            complain(tell("label.import.line", line=number, why=why or faults(line)[0][2]))
            continue
        if store is not None and not line.get("text"):
            row = next(store.query(_BY_ID, (str(line.get("id")),)), None)
            if row is None and line.get("id"):
                complain(tell("label.import.strange", line=number, id=line["id"]))
                continue
            line["text"] = row["text"] if row is not None else None
        line["language"] = line.get("language") or line.get("lang") or _language(line, store)
        wrong = list(_wrong(number, line, line["rows"] if is_table else {}, strict=store is not None))
        for at, sentence in wrong:
            complain(tell("label.import.line", line=at, why=sentence))
        if not wrong:
            yield number, coded(line)


def _language(line: Mapping[str, Any], store: Store | None) -> str | None:
    """The language of a post that names none."""
    row = next(store.query(_LANGUAGE, (str(line.get("id")),)), None) if store is not None else None
    if row is not None and row["lang"] in LANGUAGES:
        return str(row["lang"])
    from analysis.text.language import detect

    found = detect(line["text"]) if isinstance(line.get("text"), str) else None
    return found if found in LANGUAGES else None


def _wrong(
    number: int, line: Mapping[str, Any], rows: Mapping[str, list[int]], *, strict: bool
) -> Iterator[tuple[int, str]]:
    """What is wrong with a post, with the number of the line that says it; one sentence a line. ``rows`` are a table's."""
    told: dict[int, list[str]] = {}
    for name, place, error in faults(line):
        at = rows[name][place] if name and name in rows else number
        told.setdefault(at, []).append(str(error))
    if not told and strict and (twice := _said_twice(coded(line))) is not None:
        place, other, cue = twice
        values = {"attribute": cue.attribute, "one": other.value, "other": cue.value, "quote": cue.quote}
        told[rows["cues"][place] if rows else number] = [tell("label.import.twice", **values)]
    for at, sentences in sorted(told.items()):
        yield at, "; ".join(dict.fromkeys(sentences))


def _said_twice(post: CodedPost) -> tuple[int, Cue, Cue] | None:
    """The first cue (its place, what was said before, itself) that says otherwise of words of which only one can hold."""
    for place, cue in enumerate(post.cues):
        for other in post.cues[:place]:
            if same(other, cue) and said(other) != said(cue):
                return place, other, cue
    return None


def _lines(path: Path) -> Iterator[tuple[int, Any, str]]:
    with tables.opened(path, "utf-8-sig") as source:
        for number, raw in enumerate(source, 1):
            if raw.strip():
                try:
                    yield number, json.loads(raw), ""
                except (ValueError, RecursionError) as error:
                    yield number, None, tell("eval.line.not_json", why=getattr(error, "msg", type(error).__name__))


def take(
    store: Store,
    posts: Iterable[tuple[int, CodedPost]],
    complain: Complain,
    *,
    coder: str | None,
    sensitive: bool = False,
) -> Brought:
    """Keep posts that were coded elsewhere as labels, each of them as coded whole.

    They are known again by their id, else by their text. ``coder`` says who coded them where the file does not.
    """
    brought, by_text = Brought(), _ByText(store)
    for number, post in posts:
        row = next(store.query(_BY_ID, (post.id,)), None) or by_text.find(post.text)
        if row is None:
            brought.strange += 1
            complain(tell("label.import.strange", line=number, id=post.id))
            continue
        # Files of old have one coding of several people, theirs together.
        names = [coder_name(one) for one in post.labelled_by.split(", ") if one] or [coder_name(coder)]
        answers, lost = _placed(post, unicodedata.normalize("NFC", row["text"]))
        if lost:
            brought.wrong += 1
            complain(tell("label.import.lost", line=number, quote=lost))
            continue
        hidden = () if sensitive else SENSITIVE
        answers = _without(answers, hidden)
        own = [one for one in store.labels_of([row["id"]]).get(row["id"], []) if one.coder in names]
        if _says_so_already(own, answers, row["text"], hidden):
            brought.known += 1
            continue
        store.save_labels(_labels(store, row["id"], coder_name("+".join(names)), _moment(post.labelled_at), answers))
        brought.new += 1
    return brought


class _ByText:
    """Finds a post by its words, for files whose ids are not the study's. What there is to find is gathered on first use."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys: dict[int, int] | None = None

    def find(self, text: str) -> dict[str, Any] | None:
        if self._keys is None:
            rows = self._store.query("select id, text from posts where text <> '' order by id desc")
            self._keys = {hash(row["text"]): row["id"] for row in rows}
        key = self._keys.get(hash(text))
        row = next(self._store.query("select id, text from posts where id = ?", (key,)), None) if key else None
        return row if row is not None and row["text"] == text else None


def _placed(post: CodedPost, text: str) -> tuple[list[Answer], str]:
    """The answers where their quotes stand in the text as stored; the first quote that is not there."""
    answers: list[Answer] = []
    coded_there: list[Answer] = [*post.cues, *post.pains]
    for answer in coded_there:
        there = located(answer, text)
        if there is None:
            return [], answer.quote
        answers.append(there)
    return answers, ""


def _without(answers: Iterable[Answer], hidden: Collection[str]) -> list[Answer]:
    return [answer for answer in answers if not (isinstance(answer, Cue) and answer.attribute in hidden)]


def _says_so_already(own: Sequence[Label], answers: Sequence[Answer], text: str, hidden: Collection[str]) -> bool:
    now = standing(own, text)
    holding = _without((one.answer for one in now.judged if one.holds and not one.lost), hidden)
    return now.done is not None and _codes(holding) == _codes(answers)


def _codes(answers: Iterable[Answer]) -> list[str]:
    return sorted(
        f"{answer.start}-{answer.end} {type(answer).__name__} {_slot(answer)} {said(answer)}" for answer in answers
    )


def _slot(answer: Answer) -> str:
    return f"{answer.attribute} {answer.who}" if isinstance(answer, Cue) else ""


def _labels(store: Store, key: int, coder: str, at: datetime, answers: Sequence[Answer]) -> Iterator[Label]:
    """What coding a post whole says of the machine's answers: right, otherwise, wrong; and what it missed."""
    seen = Desk(store, coder).see(key)
    before = [one.answer for one in seen.answers if one.holds] if seen is not None else []
    matches: dict[int, Answer] = {}
    # What is coded alike is matched first, so that of two pains on the same words each keeps its own.
    for alike in (_alike, _of_one_trouble, same):
        for place, answer in enumerate(answers):
            match = next((one for one in before if alike(one, answer)), None)
            if place not in matches and match is not None:
                matches[place] = match
                before.remove(match)
    for place, answer in enumerate(answers):
        match = matches.get(place)
        if match is None:
            yield Label(key, coder, "added", at, answer)
            continue
        component = match.source_component or None
        if said(match) == said(answer) and (match.start, match.end) == (answer.start, answer.end):
            yield Label(key, coder, "accepted", at, answer, component=component)
        else:
            yield Label(key, coder, "changed", at, answer, was=match, component=component)
    for wrong in before:
        yield Label(key, coder, "rejected", at, wrong, component=wrong.source_component or None)
    yield Label(key, coder, "done" if answers else "nothing", at)


def _alike(one: Answer, other: Answer) -> bool:
    return same(one, other) and said(one) == said(other)


def _of_one_trouble(one: Answer, other: Answer) -> bool:
    return same(one, other) and isinstance(one, Pain) and isinstance(other, Pain) and one.category == other.category


def _moment(day: str) -> datetime:
    try:
        at = datetime.fromisoformat(day.replace("Z", "+00:00"))
    except ValueError:
        return datetime.now(UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


__all__ = ["KINDS", "Brought", "read", "take", "write"]
