"""The command ``chandung label``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from data.click_words import command
from data.errors import InputError
from data.near import did_you_mean
from data.words import tell

if TYPE_CHECKING:
    from analysis.labels.sampling import Wanted
    from data.store import Store
    from data.study import Study

_WAYS = ("random", "unsure", "empty", "newest")
_STATES = ("open", "begun", "done", "contradicted", "all")
#: So many lines that could not be used are told word by word.
_MOST_TOLD = 10
_FILE = click.Path(path_type=Path, dir_okay=False)


@command("label", "label")
@click.argument("study", type=click.Path(path_type=Path), required=False)
@click.option("--as", "coder", metavar="NAME", help=tell("label.options.as"))
@click.option("--sample", "how", type=click.Choice(_WAYS), default="random", help=tell("label.options.sample"))
@click.option("--state", type=click.Choice(_STATES), default="open", help=tell("label.options.state"))
@click.option("--source", default="", help=tell("label.options.source"))
@click.option("--brand", default="", help=tell("label.options.brand"))
@click.option("--attribute", default="", help=tell("label.options.attribute"))
@click.option("--category", default="", help=tell("label.options.category"))
@click.option("--words", default="", help=tell("label.options.words"))
@click.option(
    "--limit", "-n", type=click.IntRange(1, 100_000), default=50, show_default=True, help=tell("label.options.limit")
)
@click.option("--export", "to", type=_FILE, metavar="FILE", help=tell("label.options.export"))
@click.option("--import", "taken", type=_FILE, metavar="FILE", help=tell("label.options.import"))
@click.option("--contradictions", is_flag=True, help=tell("label.options.contradictions"))
def label(
    study: Path | None,
    coder: str | None,
    limit: int,
    to: Path | None,
    taken: Path | None,
    contradictions: bool,
    **given: Any,
) -> None:
    from analysis.labels.sampling import Wanted
    from data.store import open_store
    from data.study_file import load

    loaded = load(study)
    wanted = Wanted(**given)
    _check(wanted)
    with open_store(loaded.database) as store:
        if taken is not None:
            _take(store, loaded, taken, coder)
        if contradictions:
            _contradictions(store)
        if to is not None:
            _give(store, to)
        if not (to or taken or contradictions):
            _sit(store, loaded, wanted, coder, limit)


def _check(wanted: Wanted) -> None:
    """Refuse a code that the codebook does not have: it would find nothing."""
    from data.codebook import ATTRIBUTES, PAIN_CATEGORIES

    for name, known in (("attribute", tuple(ATTRIBUTES)), ("category", PAIN_CATEGORIES)):
        got = getattr(wanted, name)
        if got and got not in known:
            raise InputError(
                "label_code", option=name, got=got, nearest=did_you_mean(got, known), known=", ".join(known)
            )


def _sit(store: Store, study: Study, wanted: Wanted, coder: str | None, limit: int) -> None:
    from analysis.labels import sampling
    from analysis.labels.desk import Desk, coder_name
    from analysis.labels.terminal import Sitting

    name = coder_name(coder)
    posts = sampling.chosen(store, wanted, limit=limit)
    if not posts:
        click.echo(tell("label.none"))
        return
    click.echo(tell("label.hello", coder=name, count=len(posts), all=sampling.count(store, wanted)))
    Sitting(Desk(store, name, sensitive=study.privacy.sensitive), posts, study.timezone).run()
    click.echo(tell("label.bye", **sampling.progress(store)))


def _take(store: Store, study: Study, path: Path, coder: str | None) -> None:
    from analysis.labels import exchange

    wrong = 0

    def complain(sentence: str) -> None:
        nonlocal wrong
        wrong += 1
        if wrong <= _MOST_TOLD:
            click.echo(sentence, err=True)

    with store.one_transaction():
        posts = exchange.read(path, complain, store)
        found = exchange.take(store, posts, complain, coder=coder, sensitive=study.privacy.sensitive)
    if wrong > _MOST_TOLD:
        click.echo(tell("label.import.more", count=wrong - _MOST_TOLD), err=True)
    click.echo(tell("label.import.done", new=found.new, known=found.known, wrong=wrong))
    if found.new:
        click.echo(tell("label.import.next"))
    if wrong:
        raise SystemExit(1)


def _give(store: Store, path: Path) -> None:
    from analysis.labels import exchange
    from data.labelled import begun, unfinished

    count = exchange.write(store, path)
    click.echo(tell("label.export.done", count=count, path=path))
    if left := begun(store):
        click.echo(tell("label.export.begun", count=left))
    if left := unfinished(store):
        click.echo(tell("label.export.unfinished", count=left))


def _contradictions(store: Store) -> None:
    from analysis.labels.differing import differing

    count = 0
    for sentence in differing(store):
        click.echo(sentence)
        count += 1
    click.echo(tell("label.contradictions.count", count=count) if count else tell("label.contradictions.none"))
