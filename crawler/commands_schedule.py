"""The commands ``chandung schedule`` and ``chandung status``."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from data.click_words import command
from data.errors import InputError, StoreError
from data.words import tell

if TYPE_CHECKING:
    from crawler.schedule import Stopping
    from crawler.schedule_run import Runner
    from crawler.status import Status
    from data.study import Study


def _moment(_ctx: click.Context, _param: click.Parameter, value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(value) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@command("schedule", "schedule")
@click.argument("study", type=click.Path(path_type=Path), required=False)
@click.option("--once", is_flag=True, help=tell("schedule.options.once"))
@click.option("--systemd", "unit", flag_value="systemd", help=tell("schedule.options.systemd"))
@click.option("--cron", "unit", flag_value="cron", help=tell("schedule.options.cron"))
@click.option("--windows", "unit", flag_value="windows", help=tell("schedule.options.windows"))
@click.option("--quiet", "-q", is_flag=True, help=tell("schedule.options.quiet"))
@click.option("--now", "moment", callback=_moment, hidden=True)
def schedule(study: Path | None, once: bool, unit: str | None, quiet: bool, moment: datetime | None) -> int:
    from crawler.crawl_log import logged_to
    from crawler.schedule import LOG_NAME, Stopping, alone, at_work
    from data.study_file import load

    loaded = load(study)
    if not loaded.schedule:
        raise InputError("nothing_scheduled", path=loaded.path)
    if unit is not None:
        from crawler import schedule_units

        click.echo(getattr(schedule_units, unit)(loaded), nl=False)
        return 0
    if once and quiet and at_work(loaded.database) is not None:
        return 0  # the one before it is at work still, as often when cron starts one every few minutes
    with Stopping() as stopping, alone(loaded.database), logged_to(loaded.folder / LOG_NAME):
        runner = _runner(loaded, stopping, moment, quiet=quiet)
        return _once(runner, quiet=quiet) if once else _keep(runner, stopping, quiet=quiet)


def _runner(loaded: Study, stopping: Stopping, moment: datetime | None, *, quiet: bool) -> Runner:
    from crawler.schedule_child import Launcher
    from crawler.schedule_run import Runner, now

    told = {"CHANDUNG_NOW": moment.isoformat()} if moment is not None else {}
    return Runner(
        loaded.path,
        clock=now if moment is None else lambda: moment,
        launch=Launcher(stopping.stop, stopping.hurry, told),
        say=(lambda line: None) if quiet else click.echo,
        stopped=stopping.stop.is_set,
        pause=stopping.stop.wait,
    )


def _once(runner: Runner, *, quiet: bool) -> int:
    """Run what is due and leave: 1 where something of it went wrong."""
    ran = runner.look()
    wrong = [step for step in ran if step.state not in ("done", "skipped")]
    if not ran and not quiet:
        click.echo(_next(runner))
    for step in wrong if quiet else ():
        click.echo(
            f"{tell(f'schedule.steps.{step.step}')}: {step.said or tell(f'schedule.states.{step.state}')}", err=True
        )
    return 1 if wrong else 0


def _keep(runner: Runner, stopping: Stopping, *, quiet: bool) -> int:
    from crawler.schedule import keep_running
    from crawler.schedule_run import PASSING
    from crawler.schedule_told import jobs_told

    if not quiet:
        try:
            standing = runner.book.standing()
        except StoreError as error:
            if error.key not in PASSING:
                raise
            standing = {}  # the first look tells what is wrong, and the next ones wait until it passes
        for line in jobs_told(runner.study, standing, runner.clock()):
            click.echo(line)
    keep_running(runner, stopping, click.echo)
    if not quiet:
        click.echo(tell("schedule.stopped"))
    return 0


def _next(runner: Runner) -> str:
    from crawler.schedule_words import when

    found = runner.wakes()
    if found is None:
        return tell("schedule.never")
    moment = runner.clock()
    return tell("schedule.nothing_due", when=when(max(found, moment), runner.study.timezone, moment))


@command("status", "status")
@click.argument("study", type=click.Path(path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help=tell("cli.options.json"))
@click.option("--now", "moment", callback=_moment, hidden=True)
def status(study: Path | None, as_json: bool, moment: datetime | None) -> int:
    from crawler.status import look
    from data.study_file import load

    now, wrong = moment or datetime.now(UTC), None
    try:
        found = look(load(study), now)
    except InputError as error:
        found, wrong = _of_the_database(study, now, error), error
    if as_json:
        json.dump(found.as_json(), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        from crawler.status_told import lines

        for line in lines(found):
            click.echo(line)
    if wrong is not None:
        return 2
    return 1 if found.troubles else 0


def _of_the_database(study: Path | None, now: datetime, error: InputError) -> Status:
    """How a study stands whose file cannot be read. Raises ``error`` where there is no database of it either."""
    from crawler.status import Trouble, look
    from crawler.status_broken import last_known

    known = last_known(study)
    if known is None:
        raise error
    found = look(known, now)
    others = [one for one in found.troubles if one.what != "schedule"]  # which cannot start as the file stands
    found.troubles = [Trouble("study", None, str(error), ("check",)), *others]
    return found
