"""The figures on the gold posts that nobody looks at: for reports, for the floors, for the page that says how good it is.

``python -m tests.figures --write`` writes ``data/languages/*/accuracy.toml``, which reports show; ``--floors`` prints the block
for ``tests/floors.toml``; ``--markdown`` the tables for ``docs/explanation/text.md`` (``--language vi``: in Vietnamese).
Only figures leave this module, never a post.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil, floor

from analysis.text import pipeline
from analysis.text.annotate import Annotator
from analysis.text.eval_table import group_name, short, span
from analysis.text.evaluate import F1, MACRO, MEASURES, PLAIN, Figure, compared, evaluate, read_posts
from analysis.text.matching import Compared
from data import gold
from data.accuracy import file_of
from data.codebook import ATTRIBUTES
from data.numbers import number
from data.words import LANGUAGES, entry, speak, tell

#: What a domain or a difficulty is told by, beside the number of posts.
ACROSS = ("cues", "pain_posts", "pains", "category")
#: Of the posts with nothing to find, no more than so many may get an answer; of all else, no less.
MOST = "silent"


@dataclass(frozen=True, slots=True)
class Read:
    """One language's unseen posts with what was read in them: the test half, and the whole domain that is left unseen."""

    version: str
    test: list[Compared]
    unseen: list[Compared]


def read(language: str, annotator: Annotator | None = None) -> Read:
    annotator = annotator or Annotator(sensitive=True)
    posts = [post for post in gold.gold(language) if gold.unseen(post)]
    found = compared(posts, read_posts(posts, annotator))
    test = [one for one in found if gold.half(one.post.id) == gold.TEST]
    unseen = [one for one in found if one.post.domain == gold.UNSEEN_DOMAIN]
    return Read(pipeline.version(annotator.pipeline(language)), test, unseen)


def accuracy_file(found: Read) -> str:
    """The text of ``accuracy.toml``."""
    lines = [
        "# How well posts are read: on the test half of the gold posts, and on the domain that nobody looked at. Reports show it.",
        "# Written by `python -m tests.figures --write`.",
        f"measured_on = {datetime.now(UTC):%Y-%m-%d}",
        f'version = "{found.version}"',
        f"posts = {len(found.test)}",
        f"unseen_posts = {len(found.unseen)}",
    ]
    for name, posts in (("test", found.test), ("unseen", found.unseen)):
        lines += ["", f"[{name}]", *(_toml(figure) for figure in evaluate(posts) if figure.enough)]
    return "\n".join(lines) + "\n"


def _toml(figure: Figure) -> str:
    inside = figure.estimate
    assert inside is not None
    bounds = ", ".join(f"{name} = {getattr(inside, name):.3f}" for name in ("value", "low", "high"))
    parts = [(name, getattr(figure, name)) for name in ("precision", "recall")]
    both = "".join(f", {name} = {value:.3f}" for name, value in parts if value is not None)
    return f"{figure.measure} = {{ {bounds}, coded = {figure.coded}{both} }}"


def floors(found: Read) -> dict[str, float]:
    """What must not be fallen below (``silent_most``: not be passed), by the names of ``tests/floors.toml``."""
    told = {figure.measure: figure.estimate.value for figure in evaluate(found.test, rounds=2) if figure.estimate}
    cut = {name: ceil(value * 100) / 100 if name == MOST else floor(value * 100) / 100 for name, value in told.items()}
    return {_floor_name(name): value for name, value in cut.items()}


def _floor_name(measure: str) -> str:
    return f"{measure}_most" if measure == MOST else f"{measure}_f1" if measure in F1 else measure


def reached(found: Read) -> dict[str, float]:
    """The same figures as they are."""
    return {_floor_name(one.measure): one.estimate.value for one in evaluate(found.test, rounds=2) if one.estimate}


def markdown(found: dict[str, Read]) -> str:
    """All tables, each language beside the other."""
    tables = [
        _table("measure", _by_measure(found)),
        _table("by_attribute", _by_group(found, "attribute", ATTRIBUTES)),
        *(_across(lang, found[lang], "domain") for lang in found),
        *(_across(lang, found[lang], "hard") for lang in found),
    ]
    return "\n\n".join(tables) + "\n"


def _names(found: Iterable[str]) -> list[str]:
    return [str(entry("codes.languages")[lang]) for lang in found]


def _table(head: str, rows: Sequence[Sequence[str]]) -> str:
    heads = [tell(f"eval.columns.{head}"), *_names(LANGUAGES)]
    return "\n".join(_row(cells) for cells in (heads, ["---"] * len(heads), *rows))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(figure: Figure | None, *, bounds: bool = True) -> str:
    if figure is None or not figure.enough or figure.estimate is None:
        return tell("eval.not_enough")
    return f"{short(figure.estimate.value)} ({span(figure)})" if bounds else short(figure.estimate.value)


def _by_measure(found: dict[str, Read]) -> list[list[str]]:
    figures = {lang: {one.measure: one for one in evaluate(of_it.test)} for lang, of_it in found.items()}
    return [[tell(f"eval.measures.{name}"), *(_cell(figures[lang].get(name)) for lang in found)] for name in MEASURES]


def _by_group(found: dict[str, Read], by: str, groups: Iterable[str]) -> list[list[str]]:
    figures = {lang: {one.group: one for one in evaluate(of_it.test, by)} for lang, of_it in found.items()}
    return [[group_name(by, group), *(_cell(figures[lang].get(group)) for lang in found)] for group in groups]


def _across(lang: str, found: Read, by: str) -> str:
    """Domains or difficulties of one language, a row each; of domains the unseen one last, with all its posts."""
    (name,) = _names([lang])
    heads = [name, tell("eval.columns.posts"), *(tell(f"eval.columns.{measure}") for measure in ACROSS)]
    groups: dict[str, dict[str, Figure]] = {}
    for figure in evaluate(
        [one for one in found.test if one not in found.unseen] if by == "domain" else found.test, by
    ):
        groups.setdefault(figure.group, {})[figure.measure] = figure
    if by == "domain":
        groups[gold.UNSEEN_DOMAIN] = {figure.measure: figure for figure in evaluate(found.unseen)}
    rows = []
    for group, figures in groups.items():
        label = group_name(None, group) if group in (MACRO, PLAIN) else f"`{group}`"
        posts = number(next(iter(figures.values())).posts)
        cells = [_cell(figures.get(measure)) for measure in ACROSS]
        rows.append(
            [
                tell("eval.groups.unseen", domain=label) if group == gold.UNSEEN_DOMAIN and by == "domain" else label,
                posts,
                *cells,
            ]
        )
    return "\n".join(_row(cells) for cells in (heads, ["---"] * len(heads), *rows))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    for name in ("write", "floors", "markdown"):
        asked.add_argument(f"--{name}", action="store_true")
    asked.add_argument("--language", choices=LANGUAGES, default="en")
    wanted = asked.parse_args()
    speak(wanted.language)
    annotator = Annotator(sensitive=True)
    found = {lang: read(lang, annotator) for lang in LANGUAGES}
    if wanted.write:
        for lang, of_it in found.items():
            file_of(lang).write_text(accuracy_file(of_it), encoding="utf-8", newline="\n")
            print(file_of(lang), file=sys.stderr)
    if wanted.floors:
        for lang, of_it in found.items():
            print(
                f"[text.gold_{lang}]", *(f"{name} = {value:.2f}" for name, value in floors(of_it).items()), "", sep="\n"
            )
    if wanted.markdown:
        print(markdown(found))


if __name__ == "__main__":
    main()
