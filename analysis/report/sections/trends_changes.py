"""What has changed since the analysis before, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from analysis import changed, kept
from analysis.changed import Change
from analysis.changes_order import diluted, of_competitors, ordered
from analysis.report import registered
from analysis.report.blocks import Block, Card, Fold, Items, Text
from analysis.report.evidence import plain
from analysis.report.sections.trends_drawn import tell
from analysis.report.speech import Speech
from analysis.statistics import SLACK
from data.assumptions import claims
from data.store import Store
from data.study import Study

#: Told of each kind of change; the others are counted.
_MOST = 6
#: Told on the front page.
_FRONT = 3
_LONGEST = 300


def card(store: Store, study: Study, say: Speech) -> tuple[Card, Card]:
    """The card of changes since the analysis before the last one, and that of the first of them, for the front page."""
    run = changed.last_compared(store)
    if run is None:
        first = Card(tell(say, "changed.title_first"), [Text(tell(say, "changed.first"))])
        return first, Card(first.title, [Items("", [Text(tell(say, "changed.first"))])])
    ended = next(iter(store.query("select ended_at from runs where run_id = :run", {"run": run})))["ended_at"]
    found = ordered(changed.changes_since(store, run, minimum=study.privacy.minimum_group), study.own.name)
    title = tell(say, "changed.title", date=_when(store, ended, say))
    front = briefly(found, "over-time", study, say)
    return Card(title, list(_blocks(found, study, say))), Card(title, [Items("", front)])


def briefly(found: Sequence[Change], place: str, study: Study, say: Speech) -> list[Text]:
    """The most important of the changes, what was summed up of the others, and where all stand."""
    fell, theirs = diluted(found), of_competitors(found, study.own.name)
    texts = sentences([change for change in found if change not in fell and change not in theirs], study, say)
    lines, left = [Text(text) for text in texts[:_FRONT]], max(0, len(texts) - _FRONT)
    if fell:
        lines.append(Text(_summed(fell, say)))
    if theirs and not left:
        lines.append(Text(joined(theirs, study, say)))
    elif left:
        lines.append(Text(tell(say, "changed.others", n=say.count(left + len(theirs))), key=place))
    return lines or [Text(tell(say, "changed.nothing"))]


def _summed(fell: Sequence[Change], say: Speech) -> str:
    """Shares that fell because others came, in one sentence."""
    most = max(change.newcomers["n"] for change in fell)
    return tell(say, "changed.diluted", count=say.count(len(fell)), n=say.count(most))


def _when(store: Store, ended: str, say: Speech) -> str:
    """When the analysis before ended: with the time of day where another was made on that day."""
    ends = [row["ended_at"] for row in store.query("select ended_at from runs where what = 'find' and state = 'done'")]
    return say.hour(ended) if [say.date(end) for end in ends].count(say.date(ended)) > 1 else say.date(ended)


def sentences(found: Sequence[Change], study: Study, say: Speech) -> list[str]:
    """Each change as a sentence, in their order."""
    names = {claim.id: claim.assumption for claim in claims(study)}
    told = (_sentence(change, names, say) for change in found)
    return [text[:1].upper() + text[1:] for text in told]


def joined(theirs: Sequence[Change], study: Study, say: Speech) -> str:
    """The verdicts on competitors in one sentence."""
    if len(theirs) == 1:
        return sentences(theirs, study, say)[0]
    names = {claim.id: claim.assumption for claim in claims(study)}
    told = [
        tell(
            say, "changed.verdict_one",
            brand=say.brand(c.brand), what=_assumed(c.attribute, names, say), after=say.tell(f"{c.after['answer']}.name"),
        )
        for c in theirs
    ]  # fmt: skip
    return tell(say, "changed.verdicts_theirs", list="; ".join(told))


def _blocks(found: Sequence[Change], study: Study, say: Speech) -> Iterator[Block]:
    """The first of each kind, what was summed up, and behind a fold all others."""
    if not found:
        yield Text(tell(say, "changed.nothing"))
    fell, theirs = diluted(found), of_competitors(found, study.own.name)
    kinds: dict[str, list[Change]] = {}
    for change in found:
        if change not in fell and change not in theirs:
            kinds.setdefault(change.kind, []).append(change)
    rest: list[Change] = []
    for kind, mine in kinds.items():
        yield Text(f"{tell(say, f'changed.kinds.{kind}')}:", soft=True)
        for text in sentences(mine[:_MOST], study, say):
            yield Text(text)
        rest += mine[_MOST:]
    if fell:
        yield Text(_summed(fell, say))
    if theirs:
        yield Text(joined(theirs, study, say))
    if rest or fell:
        every = [Text(text) for text in sentences([*rest, *fell], study, say)]
        yield Fold(tell(say, "changed.more", n=say.count(len(every))), [Items("", every)])


def _sentence(change: Change, names: dict[str, Any], say: Speech) -> str:
    brand = say.brand(change.brand)
    if change.kind == changed.SILENT:
        return tell(
            say, "changed.silent",
            source=urlsplit(change.value).netloc or change.value, newest=say.date(change.at),
            read=say.date(change.after["read"]), days=change.after["days"],
        )  # fmt: skip
    if change.kind in (changed.PRICE, changed.CLAIM):
        said = plain(change.said.get(say.lang) or "")[:_LONGEST]
        return tell(say, "changed.on_page", brand=brand, date=say.date(change.at), said=said)
    if change.kind == changed.VERDICT:
        return _verdict(change, names, say)
    if change.kind == changed.EVIDENCE:
        of = registered.kind(change.after["kind"], say) if "kind" in change.after else ""
        named = {"name": plain(change.value)[:_LONGEST], "kind": of, "n": say.count(change.after.get("count", 0))}
        return tell(say, f"changed.import_{change.attribute}", **named)
    if change.kind == changed.ASSUMED:
        return tell(say, f"changed.assumption_{change.attribute}", what=_assumed(change.value, names, say))
    return _figure(change, say)


def _figure(change: Change, say: Speech) -> str:
    """How a share went; where it can be told, by what those who came since say."""
    sides = {"before": change.before, "after": change.after, "new": change.newcomers}
    shares = {side: say.percent(row["share"]) for side, row in sides.items() if row}
    people = {f"n_{side}": say.count(row["n"]) for side, row in sides.items() if row}
    key = change.kind
    if key == changed.MOVED:
        up = change.after["share"] > change.before["share"]
        key = "up" if up else "down"
        if change.newcomers:
            people["count"] = say.count(round(change.newcomers["count"]))
            silent = change.newcomers["count"] < SLACK
            key = f"nobody_{change.subject}" if silent else f"newcomers_{key}"
    return tell(say, f"changed.{key}", what=_subject(change, say), **shares, **people)


def _verdict(change: Change, names: dict[str, Any], say: Speech) -> str:
    if change.subject == kept.ANSWER:
        sides = {"before": change.before, "after": change.after}
        answers = {side: say.tell(f"verdict.{row['answer']}") for side, row in sides.items()}
        return tell(say, "changed.answer", brand=say.brand(change.brand), **answers)
    named = {
        side: say.tell(f"{row['answer']}.name")
        for side, row in (("before", change.before), ("after", change.after))
        if row
    }
    key = "verdict" if not change.value else "verdict_kind" if change.before else "verdict_first"
    of = {"kind": registered.kind(change.value, say)} if change.value else {}
    what = _assumed(change.attribute, names, say)
    return tell(say, f"changed.{key}", what=what, brand=say.brand(change.brand), **named, **of)


def _subject(change: Change, say: Speech) -> str:
    """What a figure is of: a pain or a value at a brand, or how many speak of the brand."""
    brand = say.brand(change.brand)
    if change.subject == kept.PAIN:
        return tell(say, "changed.pain", name=say.category(change.value), brand=brand)
    if change.subject == kept.VOICE:
        return tell(say, "changed.voice", brand=brand)
    return tell(say, "changed.audience", name=say.chip(change.attribute, change.value), brand=brand)


def _assumed(name: str, names: dict[str, Any], say: Speech) -> str:
    """What an assumption claims; one that the study file no longer has goes by its name."""
    assumption = names.get(name)
    if assumption is None:
        return name
    if assumption.pain is not None:
        return say.category(assumption.pain)
    values = [say.value(assumption.attribute, value) for value in assumption.expected]
    return f"{say.attribute(assumption.attribute)}: {say.join(values, 'or')}"
