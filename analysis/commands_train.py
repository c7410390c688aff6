"""The command ``chandung train``."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from data.click_words import command
from data.words import tell

if TYPE_CHECKING:
    from analysis.labels.training import Trained
    from analysis.statistics import Interval
    from data.gold import CodedPost
    from data.study import Study

#: Where a kept model lies in the study's folder, unless the study says otherwise.
PLACE = "models/pains"


@command("train", "train")
@click.argument("study", type=click.Path(path_type=Path), required=False)
@click.option("--ours", is_flag=True, help=tell("train.options.ours"))
@click.option("--json", "as_json", is_flag=True, help=tell("cli.options.json"))
def train(study: Path | None, ours: bool, as_json: bool) -> None:
    from analysis.labels.training import parted
    from data.labelled import done_posts, unfinished
    from data.store import open_store
    from data.study_file import load

    loaded = load(study)
    with open_store(loaded.database, read_only=True) as store:
        posts = list(done_posts(store))
        left = unfinished(store)
    learn, held = parted(posts)
    lacking = _lacking(len(posts), learn, held)
    if lacking:
        if as_json:
            click.echo(json.dumps({"kept": False, "posts": len(posts), "why": lacking}, ensure_ascii=False))
            return
        click.echo(lacking)
        if left:
            click.echo(tell("train.unfinished", count=left))
        return
    if not as_json:
        click.echo(tell("train.parts", posts=len(posts), learn=len(learn), held=len(held)))
    trained, place = _train(loaded, posts, learn, held, ours=ours)
    if as_json:
        click.echo(json.dumps(_as_json(trained, place), ensure_ascii=False, indent=2))
        return
    for line in _told(trained, loaded, place):
        click.echo(line)


def _lacking(posts: int, learn: list[CodedPost], held: list[CodedPost]) -> str:
    """The sentence that says which labels are too few; empty where there are enough."""
    from analysis.labels.training import LEAST_HELD, LEAST_PAINS, LEAST_POSTS, pains_in

    if posts < LEAST_POSTS:
        return tell("train.few_posts", count=posts, least=LEAST_POSTS)
    if pains_in(learn) < LEAST_PAINS or pains_in(held) < LEAST_HELD:
        found = {"learn": pains_in(learn), "held": pains_in(held)}
        return tell("train.few_pains", **found, least_learn=LEAST_PAINS, least_held=LEAST_HELD)
    return ""


def _train(
    study: Study, posts: list[CodedPost], learn: list[CodedPost], held: list[CodedPost], *, ours: bool
) -> tuple[Trained, str | None]:
    """Fit, measure and, where it is better, keep; the place of the kept model, or ``None``."""
    from analysis.labels.training import fit, keep, measured, unlike
    from analysis.read import annotator, takeovers
    from data import gold

    beneath = takeovers(study, without_model=True)
    more = [post for lang in {post.language for post in learn} for post in gold.training(lang)] if ours else []
    with TemporaryDirectory(prefix="chandung-train-") as aside:
        taught = unlike([*learn, *more], held)
        model = fit(taught, annotator(study, beneath), Path(aside))
        with_model = annotator(study, [*beneath, {"factory": "chandung_pains_model", "path": str(model)}])
        trained = measured(held, annotator(study), with_model, len(posts), len(taught))
        if not trained.better:
            return trained, None
        place = study.text.pains_model or PLACE
        keep(model, study.folder / place.replace("\\", "/"), trained)
    return trained, place


def _as_json(trained: Trained, place: str | None) -> dict[str, Any]:
    from dataclasses import asdict

    return {"kept": place is not None, "model": place, **asdict(trained)}


def _told(trained: Trained, study: Study, place: str | None) -> list[str]:
    lines = [
        tell("train.before", figure=_figure(trained.before)),
        tell("train.after", figure=_figure(trained.after)),
        tell("train.gain", figure=_figure(trained.gain, sign="+")),
    ]
    if place is None:
        return [*lines, tell("train.by_chance" if trained.gain.value >= 0.005 else "train.not_better")]
    lines.append(tell("train.kept", place=place))
    return [*lines, tell("train.in_use") if study.text.pains_model else tell("train.turn_on", place=place)]


def _figure(interval: Interval, sign: str = "") -> str:
    from data.numbers import number

    def said(value: float) -> str:
        return ("+" if sign and value >= 0 else "") + number(value, 2).replace("-", "−")

    return tell("train.figure", value=said(interval.value), low=said(interval.low), high=said(interval.high))
