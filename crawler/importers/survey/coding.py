"""Every row's answers by a questionnaire, or the one sentence that says which question is no longer as it was."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import isfinite

from crawler.importers.amounts import decimals_of, money_of
from crawler.importers.moments import Moments, Tally
from crawler.importers.survey.reading import Answers, Column, Line, even, folded, vocabulary
from crawler.importers.survey.splitting import parts
from crawler.importers.survey.understanding import code_of
from data.errors import InputError
from data.privacy import mask
from data.study import Study
from data.survey.questionnaire import MANY, NONE, ONE, SILENT, TEXT, Question, Questionnaire
from data.words import tell

#: An answer of somebody's own that so many give, and so large a part of those who answered, is no longer their own.
OFTEN, OFTEN_SHARE = 10, 0.05
_LONGEST = 2_000
_OTHER = re.compile(r"\s*([^:]{2,40}):\s*(.+)", re.S)


@dataclass(frozen=True, slots=True)
class Given:
    """One answer: its code, or the masked words of one that has none. ``place`` is its place among the question's answers."""

    question: Question
    value: str | None
    said: str | None = None
    place: int | None = None


@dataclass(slots=True)
class Respondent:
    """Whoever a row is of. ``same`` is what the file tells people apart by."""

    number: int
    same: str
    answered_at: datetime | None
    weight: float
    given: list[Given] = field(default_factory=list)
    target: bool | None = None
    segments: list[str] = field(default_factory=list)
    screened_out: bool = False

    def told(self) -> dict[str, list[str]]:
        """Attribute → the values told."""
        found: dict[str, list[str]] = {}
        for one in self.given:
            if one.question.attribute is not None and one.value is not None:
                found.setdefault(one.question.attribute, []).append(one.value)
        return found


@dataclass(slots=True)
class Coded:
    """Everybody who counts, and what was left out: rows that were there twice, and columns that no question asks for."""

    people: list[Respondent]
    twice: int = 0
    unknown_columns: list[str] = field(default_factory=list)


def columns_of(question: Question, columns: Sequence[Column]) -> list[Column]:
    """The columns of a question, by its column's name, its code or its words."""
    if question.column is not None:
        named = folded(question.column)
        return [one for one in columns if folded(one.name) == named]
    by_code = [one for one in columns if one.code and one.code.casefold() == question.code.casefold()]
    asked = folded(question.ask)
    by_words = [one for one in columns if one.ask and folded(one.ask) == asked]
    if by_words:
        return [one for one in by_words if one in by_code] or by_words
    # a code beside other words is a question that was changed
    return [one for one in by_code if one.ask is None or one.ask == one.code]


def code(answers: Answers, asked: Questionnaire, study: Study, *, map_name: str | None) -> Coded:
    """Code every row. ``map_name`` is the file that the questionnaire comes from, ``None`` where it was guessed.

    Raises ``InputError`` where a question of the file is not as the questionnaire has it; nothing was stored then.
    """
    name = map_name or answers.path.name
    places = {question.code: columns_of(question, answers.columns) for question in asked.questions}
    used = {one.place for found in places.values() for one in found}
    for question in asked.questions:
        if not places[question.code]:
            left = [one.name for one in answers.columns if one.place not in used]
            raise _gone(answers, question, left, name)
    weight = _column(answers, asked.weight, answers.weight)
    respondent = _column(answers, asked.respondent, answers.respondent)
    when = _column(answers, asked.answered_at, answers.answered_at)
    clock = _clock(answers, when, study)
    decimals = decimals_of([line.cell(weight) for line in answers.lines]) if weight else None
    coder = _Coder(answers, study, name)
    people: dict[str, Respondent] = {}
    for line in answers.lines:
        one = Respondent(
            line.number, _same(line, answers, respondent, when), clock.read(line.cell(when)) if when else None,
            _weight(line, weight, answers, decimals) if weight else 1.0,
        )  # fmt: skip
        for question in asked.questions:
            one.given += coder.of(question, places[question.code], line)
        people.pop(one.same, None)
        people[one.same] = one
    coder.check()
    left_out = {even(text) for text in asked.leave_out}
    meta = {one.place for one in (weight, respondent, when, answers.email) if one is not None}
    unknown = [
        one.name for one in answers.columns
        if one.place not in used and one.place not in meta and even(one.name) not in left_out
    ]  # fmt: skip
    return Coded(list(people.values()), len(answers.lines) - len(people), unknown)


def _column(answers: Answers, named: str | None, found: Column | None) -> Column | None:
    if named is None:
        return found
    every = [*answers.columns, *filter(None, (answers.weight, answers.respondent, answers.answered_at, answers.email))]
    for one in every:
        if folded(one.name) == folded(named):
            return one
    raise InputError("import_no_column", path=answers.path.name, name=named, nearest="", known=_names(answers))


def _names(answers: Answers) -> str:
    return ", ".join(one.name[:60] for one in answers.columns[:40])


def _gone(answers: Answers, question: Question, left: Sequence[str], name: str) -> InputError:
    asks = [one for one in left if folded(one).startswith(folded(question.code))] or difflib.get_close_matches(
        question.column or question.ask, left, n=1, cutoff=0.45
    )
    now = tell("survey.import.now", ask=asks[0][:200]) if asks else ""
    return InputError(
        "survey_question_gone", path=answers.path.name, map=name, code=question.code, ask=question.ask[:200], now=now
    )


def _same(line: Line, answers: Answers, respondent: Column | None, when: Column | None) -> str:
    """What tells a row from another's: the address, the tool's number, or all that was answered at that very moment."""
    if "@" in (mail := line.cell(answers.email)):  # "anonymous" is everybody's
        return f"mail {mail.casefold()}"
    if number := line.cell(respondent):
        return f"id {number}"
    if when is not None and line.cell(when):
        return "row " + "\x1f".join(cell.strip() for cell in line.cells)
    return f"line {line.number}"


def _clock(answers: Answers, when: Column | None, study: Study) -> Moments:
    from zoneinfo import ZoneInfo

    tally = Tally()
    for line in answers.lines if when else ():
        tally.add(line.cell(when))
    order, how = tally.order()
    # Google writes day first only where the form's language does; with a.m. and p.m. the tally says month first by itself.
    return Moments(ZoneInfo(study.timezone), order if how != "contradicts" else "day")


def _weight(line: Line, column: Column, answers: Answers, decimals: str | None) -> float:
    found = money_of(line.cell(column), decimals=decimals)
    if found is None or not isfinite(found[0]) or not 0 < found[0] <= 1e6:
        raise InputError(
            "survey_weight",
            path=answers.path.name,
            row=line.number,
            column=column.name[:60],
            got=line.cell(column)[:40],
        )
    return found[0]


class _Coder:
    """Answers of questions as they come, counting those that no question has."""

    def __init__(self, answers: Answers, study: Study, name: str) -> None:
        self._answers, self._study, self._name = answers, study, name
        self._own: dict[str, Counter[str]] = {}
        self._answered: Counter[str] = Counter()
        self._questions: dict[str, Question] = {}
        self._lookups: dict[str, Mapping[str, int]] = {}

    def of(self, question: Question, columns: Sequence[Column], line: Line) -> list[Given]:
        """The answers that a row gives to a question."""
        self._questions[question.code] = question
        ticked = [one for one in columns if one.part is not None or one.part_words is not None]
        found: list[Given] = []
        if len(ticked) == len(columns) and ticked and (question.type == MANY or len(columns) > 1):
            found = self._ticks(question, ticked, line)
        else:
            for one in columns:
                if one in ticked and one.own_words:
                    found += self._open(question, line.cell(one))
                else:
                    found += self._cell(question, line.cell(one))
        self._answered[question.code] += bool(found)
        return _distinct(found)

    def _cell(self, question: Question, cell: str) -> list[Given]:
        if not cell or cell == "-oth-":
            return []
        if question.type == TEXT and not question.answers:
            return [Given(question, None, mask(cell)[:_LONGEST])]
        if question.type == "number":
            value = code_of(str(question.attribute), cell, self._study) if question.attribute else None
            return [Given(question, value or NONE, None if value else mask(cell)[:_LONGEST])]
        if question.type == ONE:
            return self._one(question, cell)
        known = [choice.say for choice in question.answers]
        return [given for part in parts(cell, known) for given in self._one(question, part)]

    def _one(self, question: Question, said: str) -> list[Given]:
        lookup = self._lookup(question)
        place = lookup.get(even(said), lookup.get(folded(said)))
        if place is not None:
            return [_listed(question, place)]
        return self._open(question, said)

    def _open(self, question: Question, said: str) -> list[Given]:
        """An answer of somebody's own: coded where its words are surely a code, else kept as words."""
        if not said or even(said) in vocabulary("other"):
            return [Given(question, NONE)] if said else []
        if (match := _OTHER.fullmatch(said)) and even(match[1]) in vocabulary("other"):
            said = match[2].strip()
        elif not question.other or not question.answers:
            self._own.setdefault(question.code, Counter())[said[:200]] += 1
        else:
            self._own.setdefault(question.code, Counter())[f"\0{said[:200]}"] += 1
        value = code_of(question.attribute, said, self._study, exactly=True) if question.attribute else None
        return [
            Given(question, value or (NONE if question.attribute else None), None if value else mask(said)[:_LONGEST])
        ]

    def _ticks(self, question: Question, columns: Sequence[Column], line: Line) -> list[Given]:
        cells = [(one, line.cell(one)) for one in columns]
        if not any(cell for _, cell in cells):
            return []
        found = []
        for one, cell in cells:
            if not cell or even(cell) in vocabulary("no"):
                continue
            if one.own_words:
                found += self._open(question, cell)
                continue
            place = self._part(question, one)
            chosen = even(cell) in vocabulary("yes") or even(cell) == even(question.answers[place].say)
            if not chosen:
                raise self._new(question, cell, 1)
            found.append(_listed(question, place))
        return found or [Given(question, NONE)]

    def _part(self, question: Question, one: Column) -> int:
        lookup = self._lookup(question)
        words = one.part_words or ""
        place = lookup.get(even(words), lookup.get(folded(words)))
        if place is None and one.part is not None and not words:
            place = lookup.get(even(one.part))
        if place is None:
            raise self._new(question, words or one.part or one.name, None)
        return place

    def _lookup(self, question: Question) -> Mapping[str, int]:
        """Answers by their words and codes; where two are the same without their marks, only the marks tell them apart."""
        if question.code not in self._lookups:
            found: dict[str, int] = {}
            plain = Counter(folded(choice.say) for choice in question.answers)
            for place, choice in reversed(list(enumerate(question.answers))):
                found[even(question.code_of(place))] = place
                if plain[folded(choice.say)] == 1 and folded(choice.say):
                    found[folded(choice.say)] = place
            for place, choice in enumerate(question.answers):
                found[even(choice.say)] = place
            self._lookups[question.code] = found
        return self._lookups[question.code]

    def _new(self, question: Question, said: str, count: int | None) -> InputError:
        known = ", ".join(f"“{choice.say}”" for choice in question.answers[:8])
        more = tell("survey.import.and_more", count=len(question.answers) - 8) if len(question.answers) > 8 else ""
        times = tell("survey.import.times", count=count) if count is not None else ""
        return InputError(
            "survey_new_answer", path=self._answers.path.name, map=self._name, code=question.code, ask=question.ask[:200],
            said=mask(said)[:120], times=times, known=known + more,
        )  # fmt: skip

    def check(self) -> None:
        """Raise ``InputError`` for answers that no question has and that are nobody's own words."""
        for code_, counts in self._own.items():
            question = self._questions[code_]
            for said, count in counts.most_common():
                own = said.startswith("\0")
                often = count >= OFTEN and count >= OFTEN_SHARE * self._answered[code_]
                coded = question.attribute and code_of(question.attribute, said.lstrip("\0"), self._study, exactly=True)
                if (not own and question.answers) or (often and own and not coded):
                    raise self._new(question, said.lstrip("\0"), count)


def _listed(question: Question, place: int) -> Given:
    """One of a question's own answers; of a question about nothing of the codebook its words are kept."""
    choice = question.answers[place]
    if question.attribute is None:
        return Given(question, None, mask(choice.say), place)
    return Given(question, choice.value, None, place)


def _distinct(given: list[Given]) -> list[Given]:
    """Each answer once; whoever said something said it, whatever else they would rather not say."""
    found = list({(one.value, one.said): one for one in given}.values())
    meant = [one for one in found if one.value not in (NONE, SILENT)]
    return meant + [one for one in found if one.said is not None and one not in meant] if meant else found
