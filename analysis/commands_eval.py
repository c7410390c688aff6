"""The command ``chandung eval``."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from data.click_words import command
from data.errors import InputError
from data.words import LANGUAGES, entry, tell

if TYPE_CHECKING:
    from analysis.text.evaluate import Figure
    from analysis.text.label_sets import Measured
    from analysis.text.matching import Compared

_PARTS = ("development", "test", "all")
_BY = ("attribute", "category", "kind", "domain", "hard")
_FORMATS = ("table", "json", "csv")
#: Labels of fewer posts than this tell little, whatever they say.
_FEW_POSTS = 100


@command("eval", "eval")
@click.argument("labelled", metavar="[STUDY]", type=click.Path(path_type=Path), required=False)
@click.option("--gold", "part", type=click.Choice(_PARTS), help=tell("eval.options.gold"))
@click.option("--labels", type=click.Path(path_type=Path), help=tell("eval.options.labels"))
@click.option("--language", "lang", type=click.Choice(LANGUAGES), help=tell("eval.options.language"))
@click.option("--domain", help=tell("eval.options.domain"))
@click.option("--by", type=click.Choice(_BY), help=tell("eval.options.by"))
@click.option("--predictions", type=click.Path(path_type=Path), help=tell("eval.options.predictions"))
@click.option("--format", "how", type=click.Choice(_FORMATS), default="table", help=tell("eval.options.format"))
@click.option("--misses", "-v", "listed", is_flag=True, help=tell("eval.options.misses"))
@click.option("--yes-show-test", "shown", is_flag=True, help=tell("eval.options.yes_show_test"))
def eval_(
    labelled: Path | None, part: str | None, labels: Path | None, lang: str | None, domain: str | None, by: str | None,
    predictions: Path | None, how: str, listed: bool, shown: bool,
) -> None:  # fmt: skip
    labels = labels or labelled
    if part and labels:
        raise InputError("eval_gold_or_labels")
    part = part or "development"
    if labels is None and listed and not shown and part != "development":
        raise InputError("eval_unseen")
    measured = _measured(labels, part, lang, domain)
    compared = _compared(measured, predictions)
    figures = _figures(compared, by)
    if how == "csv":
        _write_csv(figures)
    elif how == "json":
        _write_json(measured, compared, figures, listed=listed)
    else:
        _write_table(measured, compared, figures, by, part=None if labels else part, listed=listed)


def _measured(labels: Path | None, part: str, lang: str | None, domain: str | None) -> Measured:
    from data import gold

    if labels is None:
        from analysis.text.label_sets import of_gold

        known = gold.domains()
        if domain and domain not in known:
            raise InputError("eval_no_domain", name=domain, known=", ".join(known))
        if part == gold.DEVELOPMENT and domain == gold.UNSEEN_DOMAIN:
            raise InputError("eval_unseen_domain", name=domain)
        measured = of_gold(part, lang, domain)
    else:
        from analysis.text.label_sets import of_labels

        measured = of_labels(labels)
        wanted = [post for post in measured.posts if lang in (None, post.language) and domain in (None, post.domain)]
        measured.posts[:] = wanted
    if not measured.posts:
        unfinished = f"{tell('eval.unfinished', count=measured.unfinished)} " if measured.unfinished else ""
        raise InputError("eval_no_posts", unfinished=unfinished)
    return measured


def _compared(measured: Measured, predictions: Path | None) -> dict[str, list[Compared]]:
    """Language → its posts, each beside what was read in it."""
    from analysis.text.evaluate import compared, read_posts
    from analysis.text.predictions import read_predictions

    if predictions is None:
        read = read_posts(measured.posts, measured.annotator() if measured.annotator else None)
    else:
        read = read_predictions(predictions, measured.posts)
        if missing := sum(post.id not in read for post in measured.posts):
            click.echo(tell("eval.no_lines", count=missing, path=predictions), err=True)
    found = compared(measured.posts, read)
    by_language = {lang: [one for one in found if one.post.language == lang] for lang in LANGUAGES}
    return {lang: posts for lang, posts in by_language.items() if posts}


def _figures(compared: dict[str, list[Compared]], by: str | None) -> dict[str, list[Figure]]:
    from analysis.text.evaluate import evaluate

    return {lang: evaluate(posts, by) for lang, posts in compared.items()}


def _write_csv(figures: dict[str, list[Figure]]) -> None:
    from analysis.text.eval_table import rows

    found = [row for lang, of_it in figures.items() for row in rows(lang, of_it)]
    if found:
        writer = csv.DictWriter(sys.stdout, list(found[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)


def _write_json(
    measured: Measured, compared: dict[str, list[Compared]], figures: dict[str, list[Figure]], *, listed: bool
) -> None:
    from analysis.text.eval_table import rows
    from analysis.text.misses import misses

    clashes = [{"post": one.post, "earlier": one.earlier, "later": one.later} for one in measured.clashes]
    result: dict[str, Any] = {
        "posts": {lang: len(posts) for lang, posts in compared.items()},
        "unfinished": measured.unfinished,
        "learned": measured.learned,
        "figures": [row for lang, of_it in figures.items() for row in rows(lang, of_it)],
        "contradictions": clashes,
    }
    if listed:
        result["misses"] = [one for posts in compared.values() for one in misses(posts)]
    json.dump(result, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def _write_table(
    measured: Measured, compared: dict[str, list[Compared]], figures: dict[str, list[Figure]], by: str | None, *,
    part: str | None, listed: bool,
) -> None:  # fmt: skip
    from analysis.text.eval_table import of_the_coders, sentences, show
    from analysis.text.misses import as_lines, misses

    names = entry("codes.languages")
    what = tell(f"eval.parts.{part}") if part else tell("eval.parts.labels")
    for lang, of_it in figures.items():
        posts = compared[lang]
        click.echo(tell("eval.heading", language=names[lang], count=len(posts), what=what))
        show(of_it, by, sys.stdout)
        for sentence in sentences(of_it) if by is None else ():
            click.echo(sentence)
        if part and by is None:
            click.echo(of_the_coders(lang))
        if len(posts) < _FEW_POSTS:
            click.echo(tell("eval.few_posts", count=len(posts), enough=_FEW_POSTS))
        click.echo()
        if listed:
            for line in as_lines(misses(posts)):
                click.echo(line)
            click.echo()
    _write_notes(measured)


def _write_notes(measured: Measured) -> None:
    from data.rows import shown

    if measured.unfinished:
        click.echo(tell("eval.unfinished", count=measured.unfinished))
    if measured.learned:
        click.echo(tell("eval.learned", count=measured.learned))
    if measured.clashes:
        click.echo(tell("eval.contradictions", count=len(measured.clashes)))
        for one in measured.clashes:
            click.echo(shown(tell("eval.clash.line", post=one.post, earlier=one.earlier, later=one.later)))
