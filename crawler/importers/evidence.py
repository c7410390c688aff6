"""What is said of a file of figures before it is taken and after, and the way from one to the other."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click
from rich.console import Console

from crawler.importers.asking import agreed
from crawler.importers.history import period as days_of
from crawler.importers.kinds import Asked, How
from crawler.importers.taking import Evidence, Taken, clock, take, taken_before
from data.numbers import number
from data.rows import shown
from data.store.imported import PEOPLE, Observation
from data.study import Study
from data.words import entry, language, tell

_MOST = 6


def taken(asked: Asked, study: Study, how: How, found: Evidence, remarks: Sequence[str]) -> Taken | None:
    """Show what a file tells, ask, and take it; ``None`` where nothing was to be stored."""
    screen = Console(stderr=how.quiet)
    if not screen.is_terminal:
        screen.width = 10_000
    if not (how.replace or how.dry_run) and (when := taken_before(found, study)) is not None:
        _say(screen, how, tell("import.already", path=found.path.name, when=clock(when, study)))
        return Taken(found.path.name, found.kind, already=when)
    if not how.quiet or not how.yes:
        _show(screen, found, remarks)
    if how.dry_run or (not how.yes and asked.mapping is None and not agreed(asked.path)):
        click.echo(tell("import.nothing_stored"), err=True)
        return None
    done = take(found, study, replace=how.replace)
    for name in done.replaced:
        _say(screen, how, tell("evidence.replaced", path=name))
    _say(screen, how, tell("evidence.done", path=done.name, rows=number(done.rows), figures=number(done.observations)))
    return done


def _say(screen: Console, how: How, line: str) -> None:
    if not how.quiet:
        screen.print(shown(line), markup=False, highlight=False, soft_wrap=True)


def _show(screen: Console, found: Evidence, remarks: Sequence[str]) -> None:
    days = days_of({"period_from": found.period[0], "period_to": found.period[1]})
    about = tell("import.notes.market") if found.about is None else found.about
    values = {"path": found.path.name, "rows": number(found.rows), "what": tell(f"evidence.made_by.{found.format}")}
    lines = [tell("evidence.head", period=days, about=about, **values), *_sums(found.observations)]
    for line in (lines[0], *(f"• {line}" for line in (*lines[1:], *remarks))):
        screen.print(shown(line), markup=False, highlight=False, soft_wrap=True)


def _sums(observations: Sequence[Observation]) -> list[str]:
    """A line for each attribute and unit: the most frequent values with their shares."""
    found: dict[tuple[str, str], list[Observation]] = {}
    for one in sorted(observations, key=lambda one: one.unit != PEOPLE):
        found.setdefault((one.attribute, one.unit), []).append(one)
    said = []
    for (attribute, unit), cells in found.items():
        cells.sort(key=lambda cell: -(cell.share or 0))
        told = [f"{value_name(attribute, one.value)} {number(100 * (one.share or 0), 1)} %" for one in cells[:_MOST]]
        more = [f"… (+{len(cells) - _MOST})"] if len(cells) > _MOST else []
        n = cells[0].n
        of = (
            tell("evidence.of_all")
            if n is None
            else tell("evidence.of", n=number(n), unit=tell(f"evidence.units.{unit}"))
        )
        said.append(f"{attribute_name(attribute)}{of}: {', '.join([*told, *more])}")
    return said


def attribute_name(attribute: str) -> str:
    """An attribute as the interface's language calls it."""
    own = {**entry("codes.attributes", language()), **entry("evidence.attributes", language())}
    return str(own.get(attribute, attribute))


def value_name(attribute: str, value: str) -> str:
    """A value likewise; places, bands and what has no name as they stand."""
    tables = {**entry("codes.values", language()), **entry("evidence.values", language())}
    named = tables.get(attribute, {})
    if attribute == "age" and (match := re.fullmatch(r"(\d+)-120", value)):
        return f"{match[1]}+"
    return str(named.get(value, value)) if isinstance(named, dict) else value
