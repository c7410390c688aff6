"""The commands ``chandung lexicon list``, ``check``, ``export``, ``suggest``, ``accept`` and ``refuse``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Any, TextIO

import click

from data.click_words import Subcommands
from data.errors import InputError
from data.words import LANGUAGES, tell

if TYPE_CHECKING:
    from analysis.lexicons.suggest import Suggested, Suggestion
    from analysis.text.lexicon import Entry
    from data.study import Study

_study = click.option("--study", "-s", type=click.Path(path_type=Path), help=tell("lexicon.options.study"))
_language = click.option("--language", type=click.Choice(LANGUAGES), help=tell("lexicon.options.language"))
_area = click.option("--area", default="", help=tell("lexicon.options.area"))


def _help(area: str) -> str:
    return f"{tell(f'{area}.help')}\n\n\b\n{tell('cli.example')}\n{indent(tell(f'{area}.example'), '  ')}"


def _command(name: str) -> Callable[[Callable[..., Any]], click.Command]:
    return lexicon.command(name, help=_help(f"lexicon.{name}"), short_help=tell(f"lexicon.{name}.short"))


def _formats(command: Callable[..., Any]) -> Callable[..., Any]:
    for flag, key in (("table", "cli.query"), ("jsonl", "cli.query"), ("json", "cli.query"), ("csv", "cli.query")):
        command = click.option(f"--{flag}", "how", flag_value=flag, help=tell(f"{key}.options.{flag}"))(command)
    return command


@click.group("lexicon", cls=Subcommands, help=_help("lexicon"), short_help=tell("cli.commands.lexicon"))
def lexicon() -> None:
    pass


def _load(study: Path | None, *, needed: bool = True) -> Study | None:
    """The study; ``None`` where none was given, none lies here and none is needed."""
    from data.study_file import load

    try:
        return load(study)
    except InputError as error:
        if study is None and not needed and error.key == "no_study":
            return None
        raise


def _write(rows: Iterable[Mapping[str, Any]], how: str | None, out: TextIO = sys.stdout) -> int:
    from data.rows import write_rows

    return write_rows((dict(row) for row in rows), how or ("table" if sys.stdout.isatty() else "csv"), sys.stdout)


@_command("list")
@click.argument("term", default="")
@_language
@_area
@click.option("--code", default="", help=tell("lexicon.options.code"))
@_study
@_formats
def list_(term: str, language: str | None, area: str, code: str, study: Path | None, how: str | None) -> None:
    from analysis.lexicons.lines import Wanted, nearest_first, rows, shortened

    _known(area, code)
    loaded = _load(study, needed=False)
    wanted = Wanted(term, area, code)
    found = rows(loaded.lexicon_files if loaded else (), (language,) if language else LANGUAGES)
    shown = ("language", "area", "term", "variants", "code", "weight", "origin", "example", "line", "state")
    how = how or ("table" if sys.stdout.isatty() else "csv")
    sorted_rows = nearest_first((row for row in found if wanted(row)), term)
    if how == "table":
        sorted_rows = [row | {name: shortened(row[name], term) for name in ("term", "variants")} for row in sorted_rows]
    _write(({name: row[name] for name in shown} for row in sorted_rows), how)


def _known(area: str, code: str = "") -> None:
    """Refuse an area or a code that no line has."""
    from analysis.text.lexicon_own import area_of, areas, codes_of, nearest

    if area and area not in areas():
        raise InputError("no_such_area", name=area, nearest=nearest(area, areas()), known=", ".join(areas()))
    if code and not area and not area_of(code):
        every = sorted({one for name in areas() for part in codes_of(name) for one in (part, *part.split(";"))})
        if code not in every:
            raise InputError("no_such_code", name=code, nearest=nearest(code, every))


@_command("check")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@_study
def check(files: tuple[Path, ...], study: Path | None) -> int:
    from analysis.lexicons.lines import effect_of
    from analysis.text.lexicon_own import read_own

    if not files:
        loaded = _load(study)
        files = loaded.lexicon_files if loaded else ()
        if not files:
            click.echo(tell("lexicon.check.none"))
            return 0
    wrong = 0
    for path in files:
        own = read_own([path])
        for sentence in (*own.faults, *own.notes):
            click.echo(str(sentence), err=True)
        wrong += len(own.faults)
        if own.faults:
            click.echo(tell("lexicon.check.wrong", path=path, n=len(own.faults)), err=True)
            continue
        effect = effect_of(own.entries)
        click.echo(
            tell(
                "lexicon.check.right",
                path=path, n=effect.lines, added=effect.added, changed=effect.changed, silenced=effect.silenced,
            )
        )  # fmt: skip
        for silent in [entry for entry in own.entries if entry.weight == 0][:20]:
            _say_still_counting(silent, own.entries)
    return 2 if wrong else 0


def _say_still_counting(silent: Entry, entries: Sequence[Entry]) -> None:
    from analysis.lexicons.lines import still_counting

    if found := still_counting(silent, entries):
        some = ", ".join(found[:5]) + (" …" if len(found) > 5 else "")
        click.echo(tell("lexicon.still", term=silent.term, n=len(found), some=some))


@_command("export")
@click.option("--language", type=click.Choice(LANGUAGES), help=tell("lexicon.export.options.language"))
@_area
@_study
@click.option("--output", "-o", type=click.Path(path_type=Path), help=tell("lexicon.export.options.output"))
def export(language: str | None, area: str, study: Path | None, output: Path | None) -> None:
    from analysis.lexicons import files
    from analysis.lexicons.lines import once, our_rows, own_rows

    _known(area)
    loaded = _load(study, needed=False)
    lang = language or (loaded.language if loaded else LANGUAGES[0])
    path = output or Path(f"lexicon-{lang}.xlsx")
    own = [row for row in own_rows(loaded.lexicon_files) if row["language"] in ("", lang)] if loaded else []
    laid = {(row["area"], row["term"].lower(), row["code"]) for row in own}
    ours = (row for row in our_rows(lang) if (row["area"], row["term"].lower(), row["code"]) not in laid)
    count = files.write(path, once(row for row in (*ours, *own) if area in ("", row["area"])))
    click.echo(tell("lexicon.export.written", path=path, n=count))


@_command("suggest")
@click.argument("study", type=click.Path(path_type=Path), required=False)
@_language
@click.option("--brand", default="", help=tell("lexicon.suggest.options.brand"))
@click.option("--category", default="", help=tell("lexicon.suggest.options.category"))
@click.option("--at-least", type=click.IntRange(1), help=tell("lexicon.suggest.options.at_least"))
@click.option("--most", type=click.IntRange(1, 1000), default=50, help=tell("lexicon.suggest.options.most"))
@click.option("--review", is_flag=True, help=tell("lexicon.suggest.options.review"))
@_formats
def suggest(
    study: Path | None,
    language: str | None,
    brand: str,
    category: str,
    at_least: int | None,
    most: int,
    review: bool,
    how: str | None,
) -> None:
    from analysis.lexicons.decisions import refused
    from analysis.lexicons.suggest import suggest as find
    from analysis.text.lexicon_own import nearest
    from data.codebook import PAIN_CATEGORIES
    from data.store import open_store
    from data.study_file import load

    loaded = load(study)
    if category and category not in PAIN_CATEGORIES:
        raise InputError("no_such_code", name=category, nearest=nearest(category, PAIN_CATEGORIES))
    if brand and (named := loaded.brand_of(brand)) is None:
        raise InputError("import_no_brand", name=brand, known=", ".join(one.name for one in loaded.brands))
    with open_store(loaded.database, read_only=True) as store:
        found = find(
            store, loaded, language=language or "", brand=named or "" if brand else "", category=category,
            at_least=at_least, refused=refused(loaded), most=most,
        )  # fmt: skip
    if review:
        _review(loaded, found)
        return
    if how in ("json", "jsonl", "csv") or (how is None and not sys.stdout.isatty()):
        _say_why_nothing(found, err=True)
        _write(map(_row, found.suggestions), how)
        return
    _say_why_nothing(found)
    if found.suggestions:
        _write(map(_row, found.suggestions), "table")
        click.echo(tell("lexicon.suggest.next"))


def _row(one: Suggestion) -> dict[str, Any]:
    told = {"term": one.term, "language": one.language, "code": one.code, "z": one.z, "q": float(f"{one.q:.2g}")}
    quotes = {f"quote_{n}": text for n, text in enumerate((*one.quotes, "", "", "")[:3], start=1)}
    return told | {"people_complaining": one.people, "people_elsewhere": one.others} | quotes


def _say_why_nothing(found: Suggested, *, err: bool = False) -> None:
    if not found.enough:
        click.echo(
            tell("lexicon.suggest.not_enough", complaining=found.complaining, others=found.others, least=found.least),
            err=err,
        )
    elif not found.suggestions:
        click.echo(tell("lexicon.suggest.nothing"), err=err)


def _review(study: Study, found: Suggested) -> None:
    """Show each proposal and do what is answered, until all are seen or the user has enough."""
    from analysis.lexicons import decisions

    _say_why_nothing(found)
    done = {"accepted": 0, "refused": 0}
    for number, one in enumerate(found.suggestions, start=1):
        click.echo(
            tell(
                "lexicon.review.one",
                number=number, all=len(found.suggestions), term=one.term, code=one.code, people=one.people, others=one.others,
                z=one.z,
            )
        )  # fmt: skip
        for quote in one.quotes:
            click.echo(f"    “{quote}”")
        answer = click.prompt(tell("lexicon.review.ask"), default="s", show_default=False).strip().lower()
        if answer in ("q", "t"):
            break
        if answer in ("r", "b"):
            decisions.refuse(study, one.term, (one.language,), date.today())
            done["refused"] += 1
        elif answer in ("a", "n"):
            code = click.prompt(tell("lexicon.review.code"), default=one.code)
            try:
                path, named = decisions.accept(
                    study, _line(one.term, code, one.language, example=next(iter(one.quotes), ""))
                )
            except InputError as error:
                click.echo(str(error), err=True)
                continue
            _say_named(path, named)
            study = _load(study.path) or study
            done["accepted"] += 1
    click.echo(tell("lexicon.review.done", **done))


def _line(term: str, code: str, lang: str, **more: str) -> dict[str, str]:
    return {"term": term, "code": code, "weight": "1", "origin": "suggest", "language": lang} | more


def _say_named(path: Path, named: bool) -> None:
    if not named:
        click.echo(tell("lexicon.accept.name_it", file=path.name), err=True)


@_command("accept")
@click.argument("term")
@click.option("--code", required=True, help=tell("lexicon.accept.options.code"))
@click.option("--weight", type=click.FloatRange(0, 1), default=1.0, help=tell("lexicon.accept.options.weight"))
@click.option("--variants", default="", help=tell("lexicon.accept.options.variants"))
@_area
@_language
@_study
def accept(
    term: str, code: str, weight: float, variants: str, area: str, language: str | None, study: Path | None
) -> None:
    from analysis.lexicons import decisions
    from analysis.text.lexicon_own import lines_of, stands
    from data.study_file import load

    line = _line(
        " ".join(term.split()), code, language or "", area=area, weight=f"{weight:g}", variants=variants, origin="own"
    )
    path, named = decisions.accept(load(study), line)
    entries = [] if weight else lines_of([path])
    if weight or stands(entries[-1], entries[:-1]):
        click.echo(tell("lexicon.accept.done" if weight else "lexicon.accept.silenced", term=term, file=path.name))
    else:
        click.echo(tell("lexicon.accept.nothing", term=term, code=code, file=path.name), err=True)
    for silent in entries[-1:]:
        _say_still_counting(silent, entries)
    _say_named(path, named)


@_command("refuse")
@click.argument("terms", nargs=-1, required=True)
@_language
@_study
def refuse(terms: tuple[str, ...], language: str | None, study: Path | None) -> None:
    from analysis.lexicons import decisions
    from data.study_file import load

    loaded = load(study)
    if not all(term.strip() for term in terms):
        raise InputError("lexicon_no_word")
    for term in terms:
        path = decisions.refuse(
            loaded, " ".join(term.lower().split()), (language,) if language else LANGUAGES, date.today()
        )
    click.echo(tell("lexicon.refuse.done", n=len(terms), file=path.name))
