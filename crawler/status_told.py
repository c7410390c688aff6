"""``chandung status`` in words."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.schedule_told import job_told
from crawler.schedule_words import on_its_day, took, when
from crawler.status import Coming, Ran, SourceState, Status, Trouble
from data.numbers import number
from data.rows import shown
from data.words import tell

_MARKS = {"done": "✓", "partial": "!", "failed": "✗", "overtime": "✗", "interrupted": "!"}


def lines(found: Status) -> Iterator[str]:
    """The whole, one line each."""
    yield tell(
        "status.head",
        study=found.study.study,
        zone=found.study.timezone,
        now=on_its_day(found.now, found.study.timezone),
    )
    if found.running:
        yield from _part("running", [_running(found, one) for one in found.running])
    if found.ran:
        yield from _part("ran", [_ran(found, one) for one in found.ran])
        if found.waiting > 0:
            yield f"  {tell('status.waiting', count=number(found.waiting), command=_command(found, ('analyze',)))}"
    else:
        yield ""
        yield tell("status.never_ran", command=_command(found, ("crawl",)))
        if found.study.schedule and found.schedule is None:
            yield tell("status.never_ran_by_itself", command=_command(found, ("schedule",)))
    if found.coming or all(one.what != "study" for one in found.troubles):
        yield from _part("next", [*(_coming(found, one) for one in found.coming), _who_runs_it(found)])
    if found.troubles:
        yield from _part("troubles", [_trouble(found, one) for one in found.troubles])
    if found.unset:
        yield from _part("unset", [f"! {one.said}" for one in found.unset])
        yield f"    {tell('status.unset')}"
    if found.sources:
        yield from _part("sources", [_source(found, one) for one in found.sources])


def _part(name: str, said: list[str]) -> Iterator[str]:
    yield ""
    yield tell(f"status.parts.{name}")
    yield from (f"  {line}" for line in said)


def _when(found: Status, moment: object) -> str:
    from datetime import datetime

    assert isinstance(moment, datetime)
    return when(moment, found.study.timezone, found.now)


def _name(what: str) -> str:
    return tell(f"schedule.steps.{what}")


def _running(found: Status, one: Ran) -> str:
    how = "by_clock" if one.by_clock else "by_hand"
    values = {"what": _name(one.what), "when": _when(found, one.started_at), "time": took(one.started_at, found.now)}
    return tell(f"status.running_{how}", **values)


def _ran(found: Status, one: Ran) -> str:
    state = tell(f"status.states.{one.state}", time=took(one.started_at, one.ended_at))
    if one.what == "report" and not one.by_clock:
        state = tell("status.written")
    line = f"{_MARKS[one.state]} {_name(one.what)}: {_when(found, one.started_at)}, {state}"
    if one.brought is not None and (one.brought or one.state == "done"):
        line += f", {tell('status.brought', count=number(one.brought))}"
    return f"{line} {tell('status.ahead')}" if one.is_ahead(found.now) else line


def _coming(found: Status, one: Coming) -> str:
    if one.next_at is None:
        start = tell("schedule.never")
    else:
        start = tell("schedule.due_now") if one.next_at <= found.now else _when(found, one.next_at)
    line = job_told(found.study, one.job, start, found.now)
    wait = one.standing.waits_for
    return f"{line}; {tell(f'status.waits.{wait}')}" if wait else line


def _who_runs_it(found: Status) -> str:
    if not found.study.schedule:
        return tell("status.no_schedule")
    if found.schedule is None:
        return tell("status.nobody", command=_command(found, ("schedule",)))
    if found.schedule.process is None or found.schedule.since is None:
        return tell("status.at_work")
    values = {"process": found.schedule.process, "host": found.schedule.host}
    return tell("status.at_work_since", when=_when(found, found.schedule.since), **values)


def _trouble(found: Status, one: Trouble) -> str:
    values = {"command": _command(found, one.command), "when": _when(found, one.at) if one.at else ""}
    if one.what in ("sources", "schedule"):
        broken = sum(source.broken_since is not None for source in found.sources)
        return "✗ " + tell(f"status.trouble.{one.what}", count=broken, total=len(found.sources), **values)
    why = "\n      ".join(map(shown, one.why.strip().splitlines())) or tell(f"status.why.{one.state}")
    if one.what in ("study", "channel"):
        return "✗ " + tell(f"status.trouble.{one.what}", name=shown(one.name or ""), why=why, **values)
    key = "overtime" if one.state == "overtime" else "command"
    return "✗ " + tell(f"status.trouble.{key}", what=_name(one.what), why=why, **values)


def _source(found: Status, one: SourceState) -> str:
    if one.crawled_at is None:
        return f"· {shown(one.url)}: {tell('status.source.never')}"
    values = {"when": _when(found, one.crawled_at), "posts": number(one.posts), "pages": number(one.pages)}
    if one.broken_since is not None:
        since = _when(found, one.broken_since)
        key = "broken_pages" if one.pages and not one.posts else "broken"
        said = tell(f"status.source.{key}", since=since, reason=shown(one.reason or "–"), **values)
        return f"✗ {shown(one.url)}: {said}"
    mark = _MARKS.get(one.state or "", "·")
    said = tell("status.source.pages" if one.pages and not one.posts else "status.source.fine", **values)
    if one.state in ("partial", "interrupted") and one.reason:
        said += f"; {shown(one.reason)}"
    return f"{mark} {shown(one.url)}: {said}"


def _command(found: Status, words: tuple[str, ...]) -> str:
    path = str(found.study.path)
    name, *options = words
    return " ".join(["chandung", name, f'"{path}"' if " " in path else path, *options])
