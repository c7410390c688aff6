"""A questionnaire out of somebody's own file: which question asks for which attribute, and what each answer means."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from crawler.importers.survey.reading import Answers, Column, even, folded, vocabulary
from crawler.importers.survey.splitting import parts
from crawler.importers.survey.understanding import code_of
from data.errors import InputError
from data.groups import SINGLE
from data.study import Study
from data.survey import bank
from data.survey.questionnaire import BOUGHT, MANY, NONE, ONE, SILENT, TEXT, Choice, Question, Questionnaire

#: Attributes of which people may tick several, beside those that are so by the codebook.
_SEVERAL = {"child_age"}
#: A question is taken for an attribute where so much of its answers mean something there.
_ENOUGH, _SURE = 0.5, 0.9
#: Most people may have bought brands that the study has not.
_ENOUGH_BRANDS = 0.1
_MOST_CHOICES, _MOST_TICKS = 60, 300
#: What the words of a question must not be about: another's age is not the respondent's.
_CHILD = re.compile(r"\b(?:be|con|tre|child|children|baby|kid|kids|chau)\b")
_BLANK = re.compile(r"(?:q|cau|question)?\d*")


def guess(answers: Answers, study: Study) -> Questionnaire:
    """What the file's own words tell. Raises ``InputError`` where a file has nothing but codes."""
    groups = _questions(answers.columns)
    if all(_only_codes(columns) for columns in groups):
        raise InputError("survey_codes_only", path=answers.path.name)
    questions = [_question(columns, answers, study, f"Q{n:02}") for n, columns in enumerate(groups, start=1)]
    return Questionnaire(
        weight=answers.weight.name if answers.weight else None,
        respondent=answers.respondent.name if answers.respondent else None,
        answered_at=answers.answered_at.name if answers.answered_at else None,
        leave_out=answers.left_out[:50],
        questions=[_alone(question, questions[:place]) for place, question in enumerate(questions)],
    )


def _questions(columns: Iterable[Column]) -> list[list[Column]]:
    """Columns that are ticks of one question together, every other one alone; in the file's order."""
    found: dict[str, list[Column]] = {}
    for one in columns:
        ticks = one.part is not None or one.part_words is not None
        key = f"{one.code or ''} {folded(one.ask or '')}" if ticks else f"#{one.place}"
        if one.own_words and (main := _main(found, one)) is not None:
            found[main].append(one)
        else:
            found.setdefault(key, []).append(one)
    return list(found.values())


def _main(found: dict[str, list[Column]], other: Column) -> str | None:
    def same(one: Column) -> bool:
        return one.code == other.code if other.code else folded(one.ask or "") == folded(other.ask or "")

    return next((key for key, columns in found.items() if same(columns[0])), None)


def _only_codes(columns: list[Column]) -> bool:
    return all(
        one.part_words is None
        and (one.part is not None or any(sign.isdigit() for sign in one.name))
        and one.code is not None
        and one.ask in (None, one.code)
        for one in columns
    )


def _question(columns: list[Column], answers: Answers, study: Study, code: str) -> Question:
    first = columns[0]
    ask = (first.ask or first.name)[:500]
    code = first.code if first.code and re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,19}", first.code) else code
    if len(columns) > 1 or first.part_words is not None:
        ticks = [one for one in columns if not one.own_words]
        said = _alike(Counter({(one.part_words or one.part or one.name)[:500]: 1 for one in ticks}))
        attribute, choices = _attribute(ask, said, study)
        coded = {even(choice.say): choice.value for choice in choices}
        ways: dict[str, tuple[str, Column]] = {}
        for one in ticks:
            say = (one.part_words or one.part or one.name)[:500]
            ways.setdefault(even(say), (say, one))
        listed = [
            Choice(say=say, code=part if part.isascii() and part.isalnum() else None, value=coded.get(key, NONE))
            for key, (say, one) in list(ways.items())[:_MOST_TICKS]
            for part in [one.part or ""]
        ]
        return Question(
            code=code, ask=ask, type=MANY, attribute=attribute, answers=listed, other=len(columns) > len(ticks)
        )
    return _of_cells(first, ask, code, answers, study)


def _of_cells(column: Column, ask: str, code: str, answers: Answers, study: Study) -> Question:
    cells = [cell for line in answers.lines if (cell := line.cell(column))]
    name = column.name if folded(column.name) != folded(ask) else None
    whole = _alike(Counter(cell[:500] for cell in cells))
    attribute, choices = _attribute(ask, whole, study)
    several = _alike(Counter(part[:500] for cell in cells for part in parts(cell, _known(attribute))))
    if several != whole and sum(several.values()) > len(cells) and attribute not in SINGLE:
        other, more = _attribute(ask, several, study)
        if other not in (None, *SINGLE) or (len(several) < len(whole) and len(several) <= _MOST_CHOICES / 2):
            attribute, choices = other or attribute, more
            return Question(
                code=code, ask=ask, column=name, type=MANY, attribute=attribute,
                answers=_listed(several, choices, attribute), other=_open(several, choices),
            )  # fmt: skip
    if attribute is None and (len(whole) > _MOST_CHOICES / 2 or len(whole) > 0.5 * len(cells)):
        return Question(code=code, ask=ask, column=name, type=TEXT)
    many = attribute is not None and (
        attribute in _SEVERAL or attribute == BOUGHT or attribute not in SINGLE | {"children"}
    )
    return Question(
        code=code, ask=ask, column=name, type=MANY if many else ONE, attribute=attribute,
        answers=_listed(whole, choices, attribute), other=_open(whole, choices),
    )  # fmt: skip


def _alike(said: Counter[str]) -> Counter[str]:
    """Answers that differ only in case, spaces or a full stop as one, in the spelling that most have."""
    spelled: dict[str, str] = {}
    found: Counter[str] = Counter()
    for say, count in said.most_common():
        found[spelled.setdefault(even(say), say)] += count
    return found


def _known(attribute: str | None) -> list[str]:
    return [say for say, _ in bank.sayings(attribute)] if attribute else []


def _listed(said: Counter[str], choices: list[Choice], attribute: str | None) -> list[Choice]:
    """The answers for the mapping: those with a value, and of the others those that several people give."""
    valued = {choice.say for choice in choices}
    often = [say for say, count in said.most_common() if say not in valued and count > 1 and not _is_other(say)]
    return [*choices, *(Choice(say=say, value=NONE) for say in often[: _MOST_CHOICES - len(choices)])][:_MOST_CHOICES]


def _open(said: Counter[str], choices: list[Choice]) -> bool:
    """Whether answers stand in the file that are not listed: somebody wrote them."""
    valued = {choice.say for choice in choices}
    return (
        any(_is_other(say) or (count == 1 and say not in valued) for say, count in said.items())
        or len(said) > _MOST_CHOICES
    )


def _is_other(say: str) -> bool:
    head = even(say.partition(":")[0])
    return head in vocabulary("other")


def _attribute(ask: str, said: Counter[str], study: Study) -> tuple[str | None, list[Choice]]:
    """The attribute that a question asks for, by its words and its answers together, and the answers that it explains."""
    best: tuple[float, str | None, list[Choice]] = (0.0, None, [])
    total = sum(said.values())
    for attribute, worded in _candidates(ask):
        values = {say: code_of(attribute, say, study) for say in list(said)[:2_000]}
        count = sum(said[say] for say, value in values.items() if value is not None)
        means = sum(said[say] for say, value in values.items() if value not in (None, NONE, SILENT))
        share = count / total if total else 0.0
        needed = (_ENOUGH_BRANDS if attribute == BOUGHT else _ENOUGH) if worded else _SURE
        if not means or share < needed:
            continue
        score = share + worded / 10
        if score > best[0]:
            found = [
                Choice(say=say, value=value)
                for say, value in values.items()
                if value is not None and not _is_other(say)
            ]
            best = (score, attribute, found[:_MOST_CHOICES])
    if best[1] in ("income", "budget") and not any(worded for name, worded in _candidates(ask) if name == best[1]):
        return None, []
    return best[1], best[2]


def _candidates(ask: str) -> list[tuple[str, int]]:
    """Attributes with the number of words by which the question names each; those that it does not name come with 0."""
    here = f" {folded(ask)} "
    named: dict[str, int] = {}
    for phrase, attribute in bank.headers():
        plain = folded(phrase)
        if f" {plain} " in here or (len(plain) > 6 and plain in here):
            named[attribute] = max(named.get(attribute, 0), len(plain.split()))
    if _CHILD.search(folded(ask)):
        named.pop("age", None)
    alone = ("gender", "marital_status", BOUGHT, "pain", "channel")  # whose answers are like no other's
    if _BLANK.fullmatch(here.strip()):
        return []
    return [*named.items(), *((one, 0) for one in alone if one not in named)]


def _alone(question: Question, before: list[Question]) -> Question:
    """The same question under a code of its own."""
    taken = {one.code for one in before}
    code, number = question.code, 2
    while code in taken:
        code, number = f"{question.code[:16]}x{number}", number + 1
    return question if code == question.code else question.model_copy(update={"code": code})
