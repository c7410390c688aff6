"""What a reading is measured against: gold posts, a study's labels, or a file of them; and where labels contradict each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from analysis.text.matching import compare
from data import gold
from data.errors import InputError
from data.gold import CodedPost
from data.labels import Answer, Contradiction, contradictions, said, same
from data.records import Annotation, Cue
from data.words import tell

if TYPE_CHECKING:
    from analysis.text.annotate import Annotator
    from data.store import Store

_LABELLED = """
select p.id, p.post_id, p.text from posts p join labels l on l.post = p.id group by p.id having count(distinct l.coder) > 1
"""


@dataclass(frozen=True, slots=True)
class Clash:
    """Two codings of one post, or of the same words in it, that do not go together: who said what, the earlier first."""

    post: str
    earlier: str
    later: str


@dataclass(frozen=True, slots=True)
class Measured:
    """Coded posts to measure with.

    Left out are ``unfinished`` labelled posts, which nobody said to be coded whole, and ``learned`` ones, which a model of
    the study has learned from. ``annotator`` reads as the study asks for it; ``None`` is the reading without a study.
    """

    posts: list[CodedPost]
    clashes: list[Clash] = field(default_factory=list)
    unfinished: int = 0
    learned: int = 0
    annotator: Callable[[], Annotator] | None = None


def of_gold(part: str, language: str | None, domain: str | None) -> Measured:
    return Measured(gold.gold(language, part=part, domain=domain))


def of_labels(path: Path) -> Measured:
    """The labels of a file (JSON Lines of coded posts, or a table of them as CSV or workbook), or those of the study that ``path`` is,
    holds or belongs to. Raises :class:`InputError` that names the line which cannot be used.
    """
    if path.suffix.lower() in (".yaml", ".yml", ".db", ".sqlite", ".sqlite3") or path.is_dir():
        return _of_study(path)
    return of_posts(_of_table(path) if path.suffix.lower() in (".csv", ".tsv", ".xlsx") else gold.read_coded(path))


def _of_table(path: Path) -> list[CodedPost]:
    from analysis.labels.exchange import read

    def refuse(why: str) -> NoReturn:
        raise InputError("coded_table", path=path, why=why)

    return [post for _, post in read(path, refuse)]


def of_posts(posts: Sequence[CodedPost]) -> Measured:
    """Posts as they stand in a file, where one may be coded several times: the newest coding counts."""
    codings: dict[str, list[CodedPost]] = {}
    for post in posts:
        codings.setdefault(post.id, []).append(post)
    clashes: list[Clash] = []
    for several in codings.values():
        several.sort(key=lambda post: post.labelled_at)
        for one, other in combinations(several, 2):
            if one.labelled_by != other.labelled_by or one.labelled_at == other.labelled_at:
                clashes += _between(one, other)
        clashes += _within(several[-1])
    return Measured([several[-1] for several in codings.values()], clashes)


def _between(one: CodedPost, other: CodedPost) -> Iterator[Clash]:
    """Where two codings of a post differ."""
    beside = compare(one, Annotation(other.id, other.language, other.cues, other.pains))
    names = one.labelled_by, other.labelled_by
    for pair in (*beside.cues, *beside.pains):
        mine, theirs = (_answer(answer) for answer in pair)
        if mine != theirs:
            yield Clash(one.id, *(_by(name, what) for name, what in zip(names, (mine, theirs), strict=True)))


def _within(post: CodedPost) -> Iterator[Clash]:
    """Where the same words of one coding are said to be two things."""
    kinds: tuple[Sequence[Answer], ...] = (post.cues, post.pains)
    for answers in kinds:
        for one, other in combinations(answers, 2):
            if same(one, other) and said(one) != said(other):
                yield Clash(post.id, *(_by(post.labelled_by, _answer(answer)) for answer in (one, other)))


def _answer(answer: Answer | None) -> str:
    """An answer without its exact words, on which two people seldom agree to the letter."""
    if answer is None:
        return tell("eval.clash.nothing")
    if isinstance(answer, Cue):
        return tell("eval.clash.cue", attribute=answer.attribute, value=answer.value, who=answer.who)
    return tell("eval.clash.pain", kind=answer.kind, category=answer.category, severity=answer.severity)


def _by(name: str, what: str) -> str:
    return tell("eval.clash.by", name=name, what=what) if name else what


def _of_study(path: Path) -> Measured:
    from analysis.read import annotator
    from data.labelled import done_posts, unfinished
    from data.store import open_store
    from data.study_file import load
    from data.where import database_of

    with open_store(database_of(path), read_only=True) as store:
        posts, clashes, left = list(done_posts(store)), list(_of_store(store)), unfinished(store)
    if path.suffix.lower() not in (".yaml", ".yml") and not path.is_dir():
        return Measured(posts, clashes, left)
    study = load(path)
    held = posts
    if study.text.pains_model is not None:
        from analysis.labels.training import is_held

        held = [post for post in posts if is_held(post.id)]
    return Measured(held, clashes, left, len(posts) - len(held), lambda: annotator(study))


def _of_store(store: Store) -> Iterator[Clash]:
    rows = {row["id"]: row for row in store.query(_LABELLED)}
    for key, labels in store.labels_of(rows).items():
        for clash in contradictions(labels, rows[key]["text"]):
            yield Clash(rows[key]["post_id"], *_said_in(clash))


def _said_in(clash: Contradiction) -> tuple[str, str]:
    told = []
    for label in (clash.earlier, clash.later):
        answer = None if label.verdict == "rejected" or label.answer is None else label.answer
        told.append(_by(label.coder, f"{_answer(answer)} “{clash.answer.quote}”"))
    return told[0], told[1]
