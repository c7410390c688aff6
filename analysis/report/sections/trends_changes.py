"""What has changed since the analysis before, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from analysis import changed, kept
from analysis.changed import Change
from analysis.report import registered
from analysis.report.blocks import Block, Card, Text
from analysis.report.evidence import plain
from analysis.report.sections.trends_drawn import tell
from analysis.report.speech import Speech
from data.assumptions import claims
from data.store import Store
from data.study import Study

#: Told of each kind of change; the others are counted.
_MOST = 6
_LONGEST = 300


def card(store: Store, study: Study, say: Speech) -> Card:
    """The card of changes since the analysis before the last one."""
    run = changed.last_compared(store)
    if run is None:
        return Card(tell(say, "changed.title_first"), [Text(tell(say, "changed.first"))])
    ended = next(iter(store.query("select ended_at from runs where run_id = :run", {"run": run})))["ended_at"]
    found = changed.changes_since(store, run, minimum=study.privacy.minimum_group)
    return Card(tell(say, "changed.title", date=_when(store, ended, say)), list(_blocks(found, study, say)))


def _when(store: Store, ended: str, say: Speech) -> str:
    """When the analysis before ended: with the time of day where another was made on that day."""
    ends = [row["ended_at"] for row in store.query("select ended_at from runs where what = 'find' and state = 'done'")]
    return say.hour(ended) if [say.date(end) for end in ends].count(say.date(ended)) > 1 else say.date(ended)


def sentences(found: Sequence[Change], study: Study, say: Speech) -> list[str]:
    """Each change as a sentence, in their order."""
    names = {claim.id: claim.assumption for claim in claims(study)}
    told = (_sentence(change, names, say) for change in found)
    return [text[:1].upper() + text[1:] for text in told]


def _blocks(found: Sequence[Change], study: Study, say: Speech) -> Iterator[Block]:
    if not found:
        yield Text(tell(say, "changed.nothing"))
    for kind in changed.KINDS:
        mine = [change for change in found if change.kind == kind]
        if not mine:
            continue
        yield Text(f"{tell(say, f'changed.kinds.{kind}')}:", soft=True)
        for told in sentences(mine[:_MOST], study, say):
            yield Text(told)
        if len(mine) > _MOST:
            yield Text(tell(say, "changed.more", n=say.count(len(mine) - _MOST)), soft=True)


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
    what = _subject(change, say)
    shares = {
        side: say.percent(row["share"]) for side, row in (("before", change.before), ("after", change.after)) if row
    }
    people = {
        f"n_{side}": say.count(row["n"]) for side, row in (("before", change.before), ("after", change.after)) if row
    }
    key = change.kind
    if key == changed.MOVED and change.newcomers:
        key = "newcomers"
        shares["new"], people["n_new"] = say.percent(change.newcomers["share"]), say.count(change.newcomers["n"])
    elif key == changed.MOVED:
        key = "up" if change.after["share"] > change.before["share"] else "down"
    return tell(say, f"changed.{key}", brand=brand, what=what, **shares, **people)


def _verdict(change: Change, names: dict[str, Any], say: Speech) -> str:
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
    if change.subject == kept.PAIN:
        return tell(say, "changed.pain", name=say.category(change.value))
    if change.subject == kept.VOICE:
        return tell(say, "changed.voice")
    return tell(say, "changed.audience", name=say.chip(change.attribute, change.value))


def _assumed(name: str, names: dict[str, Any], say: Speech) -> str:
    """What an assumption claims; one that the study file no longer has goes by its name."""
    assumption = names.get(name)
    if assumption is None:
        return name
    if assumption.pain is not None:
        return say.category(assumption.pain)
    values = [say.value(assumption.attribute, value) for value in assumption.expected]
    return f"{say.attribute(assumption.attribute)}: {say.join(values, 'or')}"
