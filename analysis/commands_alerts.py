"""The command ``chandung alerts``."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from data.words import tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.alerts.event import Event
    from analysis.alerts.ledger import Delivery
    from analysis.alerts.rounds import Round
    from data.store import Store
    from data.study import Study

_TEXT = f"{tell('alerts.help')}\n\n\b\n{tell('cli.example')}\n{indent(tell('alerts.example'), '  ')}"


@click.command("alerts", help=_TEXT, short_help=tell("cli.commands.alerts"))
@click.argument("study", type=click.Path(path_type=Path), required=False)
@click.option("--test", "tested", is_flag=True, help=tell("alerts.options.test"))
@click.option("--dry-run", "dry", is_flag=True, help=tell("alerts.options.dry_run"))
@click.option("--digest", is_flag=True, help=tell("alerts.options.digest"))
@click.option("--json", "as_json", is_flag=True, help=tell("cli.options.json"))
def alerts(study: Path | None, tested: bool, dry: bool, digest: bool, as_json: bool) -> None:
    from data.store import open_store
    from data.study_file import load

    loaded, now = load(study), _now()
    if tested:
        raise SystemExit(_test(loaded, now))
    if dry:
        with open_store(loaded.database, read_only=True) as store:
            _preview(store, loaded, now, digest=digest)
        return
    from analysis.alerts import rounds

    with rounds.alone(loaded.database), open_store(loaded.database) as store:
        store.sync_study(loaded)
        # Who asks by hand has perhaps just mended a channel.
        done = rounds.run(store, loaded, now, digest=digest, patient=bool(os.environ.get("CHANDUNG_WITHIN")))
        if as_json:
            click.echo(json.dumps(_as_json(done), ensure_ascii=False, indent=2))
        else:
            _say(done, store, loaded, digest=digest)
    failed = [one.channel for one in done.told if one.failed]
    raise SystemExit(_ended(sum(one.rests_until is None for one in done.told), failed))


def _now() -> datetime:
    """This moment; a rehearsal of the schedule names another one."""
    named = os.environ.get("CHANDUNG_NOW")
    return datetime.fromisoformat(named) if named else datetime.now(UTC)


def _ended(channels: int, failed: Sequence[str]) -> int:
    """The exit code, after a last line of which channels were left out."""
    if failed:
        said = tell("alerts.command.some", n=channels - len(failed), all=channels, names=", ".join(failed))
        click.echo(said, err=True)
    return 1 if failed else 0


def _test(study: Study, now: datetime) -> int:
    """Send a test to every channel. Gives the exit code."""
    from analysis.alerts.channels import ChannelError, channels
    from analysis.alerts.message import Message, Part
    from analysis.alerts.wording import Item
    from data.words import tell_in

    ways = channels(study)
    if not ways:
        click.echo(tell("alerts.test.none"), err=True)
        return 2
    said = tell_in(study.language, "alerts.test.said", study=study.study)
    title = tell_in(study.language, "alerts.test.title", study=study.study)
    message, failed = Message(title, (Part(None, (Item(said),)),), None, study.language), list[str]()
    for way in ways:
        try:
            way.send(message, "low", now)
            click.echo(tell("alerts.test.ok", channel=way.name))
        except ChannelError as error:
            failed.append(way.name)
            click.echo(tell("alerts.command.test_failed", channel=way.name, why=_why(str(error))), err=True)
    return _ended(len(ways), failed)


def _why(why: str) -> str:
    return tell("alerts.command.failed_why", why=why) if why else ""


def _preview(store: Store, study: Study, now: datetime, *, digest: bool) -> None:
    """Print what a round would tell."""
    from analysis.alerts import digest as weekly
    from analysis.alerts import ledger, rounds
    from analysis.alerts.channels import channels
    from analysis.alerts.event import KNOWN, TOLD
    from analysis.alerts.wording import Teller
    from data.quiet_hours import QuietHours

    book = ledger.read(store)
    states = rounds.new_events(store, study, book, now)
    found = [event for event, state in states if state == TOLD]
    ways = channels(study)
    click.echo(tell("alerts.command.dry"))
    if (quiet := QuietHours(study.alerts.quiet_hours, study.timezone).until(now)) is not None:
        click.echo(tell("alerts.command.quiet", until=f"{quiet:%H:%M}"))
    if book.since is None:
        _first(sum(state == KNOWN for _, state in states))
    teller = Teller(study, store)
    week = weekly.due(store, now) if digest else None
    said = [rounds.message(teller, events) for events in (found, [week] if week else []) if events]
    waits = {way.name: [_as_sent(one, now) for one in ledger.waiting(store, way.name)] for way in ways}
    for name, events in waits.items():
        if events:
            click.echo(f"\n{tell('alerts.command.would', channel=name)}")
            for kept in (
                [one for one in events if one.kind != "digest"],
                [one for one in events if one.kind == "digest"],
            ):
                if kept:
                    _show(rounds.message(teller, kept))
    for one in said:
        _show(one)
    if not said and not any(waits.values()) and book.since is not None:
        click.echo(tell("alerts.command.nothing"))


def _as_sent(one: Delivery, now: datetime) -> Event:
    """What waits as it would be sent now: a digest that was held tells of the time up to then."""
    from analysis.alerts import digest as weekly

    held = one.event.kind == "digest" and not one.row["tries"]
    return weekly.up_to(one.event, now) if held else one.event


def _show(one: object) -> None:
    from analysis.alerts import message

    assert isinstance(one, message.Message)
    click.echo(f"\n{one.title}\n\n{message.write(one, message.TEXT, chat=False)}")


def _first(known: int) -> None:
    click.echo(tell("alerts.command.first", n=known) if known else tell("alerts.command.first_none"))


def _say(done: Round, store: Store, study: Study, *, digest: bool) -> None:
    from analysis.alerts import rounds
    from analysis.alerts.wording import Teller

    if done.first:
        _first(done.known)
    if done.new:
        _show(rounds.message(Teller(study, store), done.new))
        click.echo("")
    elif not done.first and not done.waiting and not any(one.events for one in done.told):
        click.echo(tell("alerts.command.nothing"))
    if done.held_until is not None and done.waiting:
        click.echo(tell("alerts.command.held", n=done.waiting, until=f"{done.held_until:%H:%M}"))
    for one in done.told:
        if one.rests_until is not None:
            until = one.rests_until.astimezone(ZoneInfo(study.timezone))
            click.echo(tell("alerts.command.rests", channel=one.channel, until=f"{until:%H:%M %d/%m}"), err=True)
        elif one.why is not None:
            click.echo(tell("alerts.command.failed", channel=one.channel, why=_why(one.why)), err=True)
        elif one.events:
            click.echo(tell("alerts.command.told", channel=one.channel, n=one.events))
    if digest and not done.digest:
        click.echo(tell("alerts.command.digest_early"))
    if not study.alerts.to:
        click.echo(tell("alerts.command.no_channel"))


def _as_json(done: Round) -> dict[str, object]:
    return {
        "first": done.first,
        "known": done.known,
        "new": [_event(event) for event in done.new],
        "digest": done.digest,
        "held_until": done.held_until.isoformat() if done.held_until else None,
        "waiting": done.waiting,
        "channels": [
            {
                "channel": one.channel,
                "told": one.events,
                "failed": one.why,
                "rests_until": one.rests_until.isoformat() if one.rests_until else None,
            }
            for one in done.told
        ],
    }


def _event(event: Event) -> dict[str, object]:
    values = {name: value for name, value in event.values.items() if name != "posts"}
    return {"kind": event.kind, "level": event.level, "brand": event.brand, "at": event.at, "values": values}
