"""What moved since an earlier report, in words: a section that tells it all, and a mark beside each number that moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from analysis import changed, kept
from analysis.changed import Change
from analysis.changes_order import of_competitors, only_diluted
from analysis.report.blocks import Bar, Block, Card, Cards, Cell, Items, Section, Table, Text
from analysis.report.model import Moved, Report
from analysis.report.sections import trends_changes
from analysis.report.speech import Speech
from data.study import Study
from data.words import entry, tell_in

KEY = "changed-since"
_MOST = 40


def section(changes: Sequence[Change], made_at: str, which: str, study: Study, say: Speech, now: str = "") -> Section:
    """Everything that changed since the report made at ``made_at``; ``which`` says which report that is. Of a report of the same day
    as ``now`` the hour is told, too."""

    def tell(key: str, **values: object) -> str:
        return tell_in(say.lang, f"report_files.compare.{key}", **values)

    date = say.hour(made_at) if now and say.date(now) == say.date(made_at) else say.date(made_at)
    blocks: list[Block] = [Text(which, soft=True)]
    figures = [c for c in changes if c.kind in (changed.MOVED, changed.NEW)]
    theirs = of_competitors(changes, study.own.name)
    verdicts = [c for c in changes if c.kind == changed.VERDICT and c not in theirs]
    pages = [c for c in changes if c.kind in (changed.PRICE, changed.CLAIM)]
    others = [c for c in changes if c not in (*figures, *verdicts, *pages, *theirs)]
    if pages:
        blocks.append(Items(tell("pages"), [*map(Text, trends_changes.sentences(pages, study, say))]))
    if verdicts:
        title = tell_in(say.lang, "trends.changed.kinds.verdict")
        blocks.append(Items(title, [*map(Text, trends_changes.sentences(verdicts, study, say))]))
    if figures:
        columns = entry("report_files.compare.columns", say.lang)
        blocks.append(Table(tell("figures"), columns, [_row(c, say) for c in figures], shown=_MOST))
    if others:
        blocks.append(Items(tell("other"), [*map(Text, trends_changes.sentences(others, study, say))]))
    if theirs:
        blocks.append(Text(trends_changes.joined(theirs, study, say)))
    if not changes:
        blocks.append(Text(tell("nothing")))
    first = trends_changes.briefly(changes, KEY, study, say) if changes else [Text(tell("nothing"))]
    front = Card(tell("title", date=date), [Items("", first)])
    return Section(KEY, tell("title", date=date), tell("lead", date=date), blocks, front=[front])


def told_once(sections: Sequence[Section]) -> tuple[Section, ...]:
    """The sections without the list of what changed since the analysis before: one list of changes is enough."""
    return tuple(_without_changes(part) if part.key == "over-time" else part for part in sections)


def _without_changes(part: Section) -> Section:
    titles = {card.title for card in part.front}
    blocks = [
        replace(block, cards=[card for card in block.cards if card.title not in titles])
        if isinstance(block, Cards)
        else block
        for block in part.blocks
    ]
    return replace(part, blocks=blocks, front=())


def _row(change: Change, say: Speech) -> list[Cell | str]:
    before, after = change.before, change.after
    was: Cell | str = tell_in(say.lang, "report_files.compare.too_few")
    by = Cell("–")
    if before:
        was = Cell(say.percent(before["share"]), before["share"], note=_stands_on(before, say))
        by = Cell(
            say.points(after["share"] - before["share"]), after["share"] - before["share"], note=_why(change, say)
        )
    now = Cell(say.percent(after["share"]), after["share"], note=_stands_on(after, say))
    return [_capital(_subject(change, say)), _capital(say.brand(change.brand)), was, now, by]


def _why(change: Change, say: Speech) -> str | None:
    return tell_in(say.lang, "report_files.compare.only_diluted") if only_diluted(change) else None


def _stands_on(row: Mapping[str, Any], say: Speech) -> str:
    return f"{say.interval(row['low'], row['high'])} · {say.tell('n_is', n=say.count(row['n']))}"


def _subject(change: Change, say: Speech) -> str:
    if change.subject == kept.PAIN:
        return tell_in(say.lang, "report_files.compare.what_pain", name=say.category(change.value))
    if change.subject == kept.VOICE:
        return tell_in(say.lang, "report_files.compare.what_voice")
    return say.chip(change.attribute, change.value)


def told(moved: Moved, say: Speech) -> str:
    """How a number was: ``up from 17%``, ``down from 30%``, that only others came, or that it is told for the first time."""
    if moved.before is None:
        return tell_in(say.lang, "report_files.compare.new")
    key = "up" if moved.now > moved.before else "diluted" if moved.diluted else "down"
    return tell_in(say.lang, f"report_files.compare.{key}", before=say.percent(moved.before))


def marked(report: Report, sections: Sequence[Section], say: Speech) -> tuple[Section, ...]:
    """The sections with ``moved`` set on every bar and field whose evidence is of a number that moved."""
    if not report.moved:
        return tuple(sections)
    moves: dict[Any, str] = {(m.brand, m.attribute, m.value): told(m, say) for m in report.moved}
    evidence = [e for e in report.evidence if e.side is None and (e.brand, *e.subject) in moves]
    marks = moves | {e.key: moves[e.brand, *e.subject] for e in evidence}
    return tuple(_marked(part, marks) for part in sections)


def _marked(value: Any, marks: Mapping[Any, str]) -> Any:
    """A block with everything in it marked; what is unmarked stays the very same."""
    if isinstance(value, Bar | Cell) and value.moved is None:
        found = marks.get(value.key) or marks.get(getattr(value, "about", None))
        if found:
            return replace(value, moved=found)
    if is_dataclass(value) and not isinstance(value, type):
        parts = {f.name: getattr(value, f.name) for f in fields(value)}
        new = {name: _marked(part, marks) for name, part in parts.items() if isinstance(part, tuple | list)}
        changed_parts = {name: part for name, part in new.items() if part is not parts[name]}
        return replace(value, **changed_parts) if changed_parts else value
    if isinstance(value, tuple | list):
        every = [_marked(part, marks) for part in value]
        return value if all(a is b for a, b in zip(every, value, strict=True)) else type(value)(every)
    return value


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
