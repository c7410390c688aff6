"""``chandung import reference``: a report's text is kept page by page, its figures are suggested and never taken by themselves."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from crawler.importers.asking import agreed, brand_named
from crawler.importers.kinds import Asked, How
from crawler.importers.reference import figures
from crawler.importers.reference.documents import Document, read
from crawler.importers.reference.fetching import fetch, is_address
from crawler.importers.reference.keeping import Report, known, report_of, wanted
from crawler.importers.reference.showing import done_lines, lines
from crawler.importers.taking import Taken, clock, period_of, take, taken_before
from data.errors import InputError
from data.rows import shown
from data.study import Study
from data.words import tell


def run(asked: Asked, study: Study, how: How) -> Taken | None:
    """Import one report, a file or an address; ``None`` where nothing was to be stored."""
    if asked.mapping is not None or how.save_mapping is not None:
        raise InputError("reference_no_mapping")
    period_of(asked.date)  # wrong dates are told before anything is fetched
    brand = brand_named(study, asked.about)
    with _file(asked, study) as (path, url):
        document = read(path)
        found = figures.find(document.pages)
        report = report_of(path, url, document, found, asked, brand)
        return _taken(report, replace(asked, path=path), study, how)


@contextmanager
def _file(asked: Asked, study: Study) -> Iterator[tuple[Path, str | None]]:
    if not is_address(asked.given):
        yield asked.path, None
        return
    fetched = fetch(asked.given, study)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / wanted(fetched)
        path.write_bytes(fetched.body)
        yield path, asked.given


def _taken(report: Report, asked: Asked, study: Study, how: How) -> Taken | None:
    def say(line: str) -> None:
        click.echo(shown(line), err=how.quiet)

    evidence = report.evidence
    if not (how.replace or how.dry_run) and (when := taken_before(evidence, study)) is not None:
        if not how.quiet:
            say(tell("import.already", path=evidence.path.name, when=clock(when, study)))
        return Taken(evidence.path.name, evidence.kind, already=when)
    others = known(study, report)
    if others and not how.replace:
        raise InputError("reference_again", path=evidence.path.name, id=others[0]["import_id"], other=others[0]["name"])
    if not how.quiet or not how.yes:
        for line in lines(report, asked, study):
            say(line)
    if how.dry_run or (not how.yes and not agreed(asked.path)):
        click.echo(tell("import.nothing_stored"), err=True)
        return None
    report.take_over(others)
    done = take(evidence, study, replace=how.replace)
    if not how.quiet:
        for line in done_lines(report, done):
            say(line)
    return done


__all__ = ["Document", "run"]
