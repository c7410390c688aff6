"""What was understood of a survey, shown before anything is stored, and what came of it."""

from __future__ import annotations

from collections import Counter

import click
from rich.console import Console
from rich.table import Table

from crawler.importers.survey.coding import Coded
from crawler.importers.survey.counting import kish
from crawler.importers.survey.reading import Answers, even, vocabulary
from data.privacy import mask
from data.rows import shown
from data.survey.questionnaire import BOUGHT, NONE, SILENT, TEXT, Question, Questionnaire
from data.words import entry, language, tell

_MOST_ANSWERS = 8


def show(answers: Answers, asked: Questionnaire, coded: Coded, *, map_name: str | None, quiet: bool) -> None:
    """The questions, what each was taken for, and how its answers are coded."""
    tool = tell(f"survey.tools.{answers.tool}")
    click.echo(tell("survey.import.read", path=answers.path.name, tool=tool, rows=len(answers.lines)), err=quiet)
    click.echo(tell("survey.import.by_map", map=map_name) if map_name else tell("survey.import.guessed"), err=quiet)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("question", "attribute", "answers"):
        table.add_column(
            tell(f"survey.columns.{name}"), overflow="fold", ratio={"question": 3, "attribute": 1, "answers": 4}[name]
        )
    given: dict[str, Counter[int | None]] = {}
    for one in coded.people:
        for held in one.given:
            given.setdefault(held.question.code, Counter())[held.place] += 1
    for question in asked.questions:
        table.add_row(
            shown(question.ask), _attribute(question), _answers(question, given.get(question.code, Counter()))
        )
    console = Console(stderr=quiet)
    if not console.is_terminal:
        console.width = 160
    console.print(table, markup=False, highlight=False)
    _notes(answers, asked, coded, quiet=quiet)


def _attribute(question: Question) -> str:
    if question.attribute is None:
        return tell("survey.columns.text" if question.type == TEXT else "survey.columns.nothing")
    if question.attribute == BOUGHT:
        return tell("survey.columns.bought")
    return str(entry("codes.attributes", language())[question.attribute])


def _answers(question: Question, counts: Counter[int | None]) -> str:
    if not question.answers:
        return tell("survey.columns.kept")
    told = []
    for place, choice in enumerate(question.answers[:_MOST_ANSWERS]):
        value = {NONE: tell("survey.columns.none"), SILENT: tell("survey.columns.silent")}.get(
            choice.value, choice.value
        )
        meant = f" → {value}" if question.attribute else ""
        told.append(f"{mask(choice.say)[:60]}{meant} ({counts[place]})")
    more = len(question.answers) - _MOST_ANSWERS
    if more > 0:
        told.append(tell("survey.columns.more", count=more))
    if counts[None]:
        told.append(tell("survey.columns.own", count=counts[None]))
    return shown("; ".join(told))


def _other_brands(asked: Questionnaire) -> list[str]:
    """What people say they bought that is no brand of the study."""
    said = [one.say for question in asked.questions if question.attribute == BOUGHT for one in question.answers
            if one.value == NONE and even(one.say) not in vocabulary("none") | vocabulary("other")]  # fmt: skip
    return list(dict.fromkeys(said))[:_MOST_ANSWERS]


def _notes(answers: Answers, asked: Questionnaire, coded: Coded, *, quiet: bool) -> None:
    people = coded.people
    notes = []
    if answers.empty or coded.twice:
        notes.append(tell("survey.import.left", empty=answers.empty, twice=coded.twice))
    if answers.unfinished:
        notes.append(tell("survey.import.unfinished", count=answers.unfinished, total=len(answers.lines)))
    if answers.left_out:
        notes.append(tell("survey.import.private", columns=", ".join(name[:40] for name in answers.left_out[:12])))
    if coded.unknown_columns:
        notes.append(
            tell("survey.import.unknown", columns=", ".join(mask(name)[:60] for name in coded.unknown_columns[:12]))
        )
    if brands := _other_brands(asked):
        notes.append(tell("survey.import.other_brands", brands=", ".join(f"“{mask(name)[:40]}”" for name in brands)))
    if answers.weight is not None or asked.weight is not None:
        effective = kish([one.weight for one in people])
        notes.append(tell("survey.import.weights", n=len(people), effective=f"{effective:.0f}"))
    sorted_ = Counter(one.target for one in people)
    if sorted_[True] or sorted_[False]:
        notes.append(tell("survey.import.target", target=sorted_[True], others=sorted_[False], unknown=sorted_[None]))
    else:
        notes.append(tell("survey.import.no_target"))
    for note in notes:
        click.echo(note, err=quiet)
