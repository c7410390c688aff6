"""The command ``chandung survey``."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from data.click_words import command
from data.errors import InputError
from data.words import tell

if TYPE_CHECKING:
    from data.study import Study
    from data.survey.questionnaire import Questionnaire

_FORMATS = ("google-forms", "limesurvey", "markdown")
_NAMES = {"vi": "khao-sat", "en": "survey"}


@command("survey", "survey")
@click.argument("what", metavar="make", type=click.Choice(["make"]))
@click.argument("study", type=click.Path(path_type=Path), required=False)
@click.option("--language", type=click.Choice(["vi", "en"]), help=tell("survey.options.language"))
@click.option("--product", metavar="TEXT", help=tell("survey.options.product"))
@click.option("--format", "formats", type=click.Choice(_FORMATS), multiple=True, help=tell("survey.options.format"))
@click.option(
    "--questions", type=click.IntRange(3, 60), default=15, show_default=True, help=tell("survey.options.questions")
)
@click.option("--name", metavar="NAME", help=tell("survey.options.name"))
@click.option("--replace", is_flag=True, help=tell("survey.options.replace"))
@click.option("--json", "as_json", is_flag=True, help=tell("cli.options.json"))
def survey(
    what: str,
    study: Path | None,
    language: str | None,
    product: str | None,
    formats: tuple[str, ...],
    questions: int,
    name: str | None,
    replace: bool,
    as_json: bool,
) -> None:
    from data.study_file import load

    loaded = load(study)
    lang = language or loaded.language
    stem = name or _NAMES[lang]
    if not stem.strip() or any(sign in stem for sign in '/\\:*?"<>|') or len(stem) > 80:
        raise InputError("survey_name", name=stem[:80])
    asked, greeting = _made(loaded, lang, " ".join((product or "").split())[:80] or None, questions)
    written = _write(loaded, asked, lang, product, formats or _FORMATS, stem, greeting, replace=replace)
    _tell(asked, written, as_json=as_json)


def _made(study: Study, lang: str, product: str | None, questions: int) -> tuple[Questionnaire, str]:
    """The questionnaire, and which words greet those who answer it."""
    from analysis.survey.buyers import organisations
    from analysis.survey.making import make
    from data.store import open_store

    with ExitStack() as stack:
        there = study.database.exists() and study.database.stat().st_size > 0
        store = stack.enter_context(open_store(study.database)) if there else None
        asked = make(study, store, lang, product=product, most=questions)
        return asked, "welcome_organisation" if organisations(study, store) else "welcome"


def _write(
    study: Study, asked: Questionnaire, lang: str, product: str | None, formats: tuple[str, ...], stem: str, greeting: str,
    *, replace: bool
) -> list[Path]:  # fmt: skip
    from analysis.survey import limesurvey, writing
    from analysis.survey.making import minutes
    from data.survey import bank, files
    from data.words import tell_in

    words = bank.form(lang)
    what = product or words["product"].format(brand=study.own.name)
    welcome = words[greeting].format(minutes=minutes(asked), product=what)
    bodies: dict[str, bytes] = {}
    if "google-forms" in formats:
        bodies[f"{stem}.google-forms.csv"] = b"\xef\xbb\xbf" + writing.google_forms(asked).encode()
    if "limesurvey" in formats:
        bodies[f"{stem}.lss"] = limesurvey.structure(asked, lang, welcome=welcome)
    if "markdown" in formats:
        bodies[f"{stem}.md"] = writing.markdown(asked, lang, welcome=welcome).encode()
    bodies[f"{stem}{files.ENDING}"] = files.text_of(asked, [tell_in(lang, "survey.map.comment")]).encode()
    paths = {study.folder / name: body for name, body in bodies.items()}
    if not replace and (there := next((path for path in paths if path.exists()), None)):
        raise InputError("survey_exists", path=there.name)
    for path, body in paths.items():
        try:
            path.write_bytes(body)
        except OSError as error:
            raise InputError("cannot_write", path=path, why=error.strerror) from None
    return list(paths)


def _tell(asked: Questionnaire, written: list[Path], *, as_json: bool) -> None:
    from analysis.survey.making import minutes, needed, rows_of

    if as_json:
        told = {"questions": rows_of(asked), "files": [str(path) for path in written], "minutes": minutes(asked)}
        json.dump(told, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
        return
    click.echo(tell("survey.made", count=len(asked.questions), minutes=minutes(asked)))
    for number, question in enumerate(asked.questions, start=1):
        click.echo(f"{number:3}. {question.ask}\n     {tell('survey.because', why=question.why)}")
    click.echo(tell("survey.written", files=", ".join(path.name for path in written)))
    click.echo(tell("survey.needed", n=needed(), narrow=needed(width=0.1)))
    click.echo(tell("survey.next", map=written[-1].name))
