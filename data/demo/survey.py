"""The demonstration's questionnaire, in the words that ``survey make`` asks with, and what an invented person answers."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from data.demo.people import Person
from data.groups import span
from data.survey import bank
from data.survey.questionnaire import BOUGHT, MANY, NONE, SILENT, Choice, Question, Questionnaire


def questionnaire(asked: Sequence[str], brands: Sequence[str], lang: str, product: str, made: date) -> Questionnaire:
    """The questions about ``asked``, in that order, with the code of every answer."""
    questions = [
        _question(attribute, f"Q{place:02}", brands, lang, product) for place, attribute in enumerate(asked, start=1)
    ]
    title = bank.form(lang)["title"].format(product=product)
    return Questionnaire(
        survey=title, language="vi" if lang == "vi" else "en", made=made.isoformat(), questions=questions
    )


def _question(attribute: str, code: str, brands: Sequence[str], lang: str, product: str) -> Question:
    asking = bank.asking(attribute, lang)
    if asking is None:
        raise KeyError(attribute)
    choices = [Choice(say=brand, value=brand) for brand in brands] if attribute == BOUGHT else list(asking.answers)
    choices += bank.closing(attribute, asking, choices, lang)
    ask, type_ = asking.ask.format(product=product), MANY if asking.type == MANY else "one"
    return Question(code=code, ask=ask, type=type_, attribute=attribute, answers=choices, other=asking.other)


def answers(rng: random.Random, person: Person, form: Questionnaire, facts: Mapping[str, Any]) -> Iterator[str]:
    """What ``person`` answers to each question, as it stands in the answers' file."""
    for question in form.questions:
        values = _values(rng, person, question, facts)
        if question.attribute != BOUGHT and rng.random() > facts["answers"]:
            values = [SILENT]
        said = [_say(question, value) for value in dict.fromkeys(values)]
        yield ", ".join(one for one in said if one)


def _say(question: Question, value: str) -> str:
    """The words of the answer that means ``value``; a place or a job that is no option is written by hand."""
    for choice in question.answers:
        if choice.value == value:
            return choice.say
    return value if question.other else ""


def _values(rng: random.Random, person: Person, question: Question, facts: Mapping[str, Any]) -> list[str]:
    profile, options = person.profile, [c.value for c in question.answers if c.value not in (NONE, SILENT)]
    more = [rng.choice(options)] if question.type == MANY and rng.random() < facts["second"] else []
    match question.attribute:
        case "bought":
            return [person.brand or NONE]
        case "age":
            return [next(value for value in options if _within(int(profile["age"]), value))]
        case "education":
            shares: dict[str, float] = facts["education"].get(profile["occupation_group"], facts["education"]["other"])
            return rng.choices(list(shares), list(shares.values()))
        case "occupation":
            return [profile["occupation_group"]]
        case "pain":
            rash = ["safety_health"] if rng.random() < facts["rash"] else []
            return [one for one in (*person.pains, *rash) if one in options] or [NONE]
        case attribute:
            return [profile[str(attribute)], *more]


def _within(age: int, band: str) -> bool:
    found = span(band)
    return found is not None and found[0] <= age <= found[1]
