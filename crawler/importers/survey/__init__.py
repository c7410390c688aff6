"""``chandung import survey``: answers of Google Forms, LimeSurvey, Microsoft Forms and any other table, put on the codebook."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import click

from crawler.importers import asking
from crawler.importers.kinds import Asked, How
from crawler.importers.looks import refuse_others
from crawler.importers.raw import sheets_of
from crawler.importers.survey import coding, counting, guessing, reading, showing, sorting
from crawler.importers.survey.coding import Coded
from crawler.importers.survey.reading import Answers
from crawler.importers.taking import Evidence, Period, Taken, clock, period_of, take, taken_before
from data.errors import InputError
from data.store import Store
from data.study import Study
from data.survey import files
from data.survey.questionnaire import TEXT, Questionnaire
from data.words import tell

_MOST_MAPS = 50
#: A saved questionnaire is taken for a file's where so much of its questions are there.
_ITS_OWN = 0.5


def run(asked: Asked, study: Study, how: How) -> Taken | None:
    """Import one file of answers: whole, or not at all."""
    about = asking.brand_named(study, asked.about)
    refuse_others(sheets_of(asked.path, encoding=asked.encoding, sheet=asked.sheet), asked.path, "survey")
    answers = reading.read(asked.path, encoding=asked.encoding, sheet=asked.sheet)
    # whoever writes a mapping down wants what the file itself tells, not what another survey was
    saved = asked.mapping or (None if how.save_mapping else _saved(answers, study))
    form = files.load(saved) if saved else guessing.guess(answers, study)
    coded = coding.code(answers, form, study, map_name=saved.name if saved else None)
    sorted_by = sorting.sort(coded.people, form, study)
    evidence = _evidence(asked, answers, form, coded, study, about, sorted_by)
    if not how.replace and (when := taken_before(evidence, study)):
        click.echo(tell("import.already", path=asked.path.name, when=clock(when, study)), err=how.quiet)
        return Taken(asked.path.name, "survey", already=when)
    showing.show(answers, form, coded, map_name=saved.name if saved else None, quiet=how.quiet)
    if not saved and all(q.attribute is None for q in form.questions) and how.save_mapping is None:
        raise InputError("survey_nothing_understood", path=asked.path.name)
    if how.save_mapping is not None:
        asking.save_text(how.save_mapping, files.text_of(form, [tell("survey.map.comment")]))
        if not how.yes:
            return None
    if how.dry_run:
        click.echo(tell("import.nothing_stored"), err=True)
        return None
    if not (how.yes or asked.mapping or asking.agreed(asked.path)):
        click.echo(tell("import.nothing_stored"), err=True)
        return None
    done = take(evidence, study, replace=how.replace)
    _tell(done, saved or how.save_mapping, form, asked.path, quiet=how.quiet)
    return done


def _saved(answers: Answers, study: Study) -> Path | None:
    """The questionnaire that was kept for this file, or for another file of the same survey."""
    own = answers.path.with_name(f"{answers.path.stem}{files.ENDING}")
    if own.is_file():
        return own
    best: tuple[float, Path] | None = None
    folders = dict.fromkeys([answers.path.resolve().parent, study.folder])
    for path in [one for folder in folders for one in sorted(folder.glob(f"*{files.ENDING}"))][:_MOST_MAPS]:
        try:
            form = files.load(path)
        except InputError:
            continue  # a mapping of another kind, or one that is being written
        there = sum(bool(coding.columns_of(question, answers.columns)) for question in form.questions)
        share = there / len(form.questions)
        if share > _ITS_OWN and (best is None or share > best[0]):
            best = (share, path)
    return best[1] if best else None


def _evidence(
    asked: Asked, answers: Answers, form: Questionnaire, coded: Coded, study: Study, about: str | None, sorted_by: set[str]
) -> Evidence:  # fmt: skip
    period = period_of(asked.date) if asked.date else _period(coded, study)
    people = coded.people
    evidence = Evidence(asked.path, "survey", answers.tool, about, len(answers.lines), period=period)
    evidence.observations = list(counting.observations(people, form, study, about, period, sorted_by))
    targets = [segment.model_dump(exclude_none=True, mode="json") for segment in study.own.target]
    evidence.noted = {"questionnaire": form.model_dump(exclude_defaults=True, mode="json"), "target": targets}
    evidence.counts.update(
        respondents=len(people), duplicates=coded.twice, empty=answers.empty,
        target=sum(one.target is True for one in people), others=sum(one.target is False for one in people),
    )  # fmt: skip

    def write(store: Store, import_id: int, key: bytes) -> None:
        respondents, given = counting.rows(people, import_id, key)
        store.add_rows("respondents", respondents)
        store.add_rows("answers", given)

    evidence.write = write
    return evidence


def _period(coded: Coded, study: Study) -> Period:
    """The days from the first answer to the last, as the study's clocks show them."""
    zone = ZoneInfo(study.timezone)
    days = sorted(
        one.answered_at.astimezone(zone).date().isoformat() for one in coded.people if one.answered_at is not None
    )
    return (days[0], days[-1]) if days else (None, None)


def _tell(done: Taken, saved: Path | None, form: Questionnaire, path: Path, *, quiet: bool) -> None:
    values = {"path": done.name, "people": done.counts["respondents"], "cells": done.observations}
    click.echo(tell("survey.import.done", **values), err=quiet)
    if done.replaced:
        click.echo(tell("survey.import.replaced", names=", ".join(done.replaced)), err=quiet)
    if any(question.type == TEXT for question in form.questions):
        click.echo(tell("survey.import.texts"), err=quiet)
    if saved is None:
        kept = path.with_name(f"{path.stem}{files.ENDING}")
        try:
            kept.write_text(files.text_of(form, [tell("survey.map.comment")]), encoding="utf-8")
        except OSError:
            return  # a folder that nobody may write to: the import itself is done
        click.echo(tell("survey.import.kept", map=kept.name), err=quiet)
