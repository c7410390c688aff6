"""A questionnaire with the code of every answer: made by ``survey make``, or written down when a survey is imported."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from data import codebook, groups
from data.study_parts import Part

#: Attributes of a survey that are none of the codebook's: what hurts, and whose product somebody bought.
PAIN, BOUGHT = "pain", "bought"
#: What an answer may be instead of a code: told, but nothing of the codebook; and no answer at all.
NONE, SILENT = "none", "silent"
ONE, MANY, TEXT, NUMBER = "one", "many", "text", "number"

_Words = Annotated[str, BeforeValidator(str), Field(min_length=1, max_length=500)]
_Code = Annotated[str, BeforeValidator(str), Field(pattern=r"^[A-Za-z0-9]{1,20}$")]


class Choice(Part):
    """One answer: what it says, the code that an export may write for it, and what it means. ``out`` makes whoever chooses it no
    customer of anybody's."""

    say: _Words
    code: _Code | None = None
    value: Annotated[str, BeforeValidator(str), Field(min_length=1, max_length=120)] = NONE
    out: bool = False


class Question(Part):
    """One question. ``column`` is the column of the answers' file where it is called neither by its words nor by its code."""

    code: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9]{0,19}$")]
    ask: _Words
    column: _Words | None = None
    type: Literal["one", "many", "text", "number"] = "one"
    attribute: str | None = None
    why: str | None = Field(None, max_length=500)
    answers: list[Choice] = Field(default_factory=list, max_length=300)
    #: Whether people may write an answer of their own.
    other: bool = False

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.attribute is not None and self.attribute not in (PAIN, BOUGHT, *codebook.ATTRIBUTES):
            raise ValueError(f"attribute {self.attribute}")
        for choice in self.answers:
            if self.attribute is not None and not fits(self.attribute, choice.value):
                raise ValueError(f"value {choice.value}")
        said = [" ".join(choice.say.split()).casefold() for choice in self.answers]
        if twice := next((one for one in said if said.count(one) > 1), None):
            raise ValueError(f"twice {twice}")
        return self

    def code_of(self, place: int) -> str:
        """The code of the answer in that place, from 0, as LimeSurvey writes it."""
        named = self.answers[place].code
        return named or (f"SQ{place + 1:03}" if self.type == MANY else f"A{place + 1}")


class Target(Part):
    """Who is of the target: whoever gives one of these answers to the question, for each question that is named."""

    question: str
    answers: list[_Words] = Field(min_length=1)


class Questionnaire(Part):
    """The questions of a survey, and what of its file is no answer. ``target`` takes the place of the study's segments."""

    survey: str | None = Field(None, max_length=200)
    language: Literal["vi", "en"] | None = None
    made: str | None = Field(None, max_length=40)
    weight: _Words | None = None
    respondent: _Words | None = None
    answered_at: _Words | None = None
    target: list[Target] = Field(default_factory=list)
    leave_out: list[_Words] = Field(default_factory=list)
    questions: list[Question] = Field(min_length=1, max_length=500)

    @model_validator(mode="after")
    def _codes(self) -> Self:
        codes = [question.code for question in self.questions]
        if twice := next((code for code in codes if codes.count(code) > 1), None):
            raise ValueError(f"twice {twice}")
        if lost := next((one.question for one in self.target if one.question not in codes), None):
            raise ValueError(f"target {lost}")
        return self


def fits(attribute: str, value: str) -> bool:
    """Whether a value may stand for an answer about an attribute."""
    if value in (NONE, SILENT) or attribute == BOUGHT:
        return True
    if attribute == PAIN:
        return value in codebook.PAIN_CATEGORIES
    if attribute == "occupation":
        return value in codebook.OCCUPATION_GROUPS
    if attribute in codebook.VALUES:
        return value in codebook.VALUES[attribute]
    if attribute == "age":
        return groups.span(value) is not None
    if attribute == "child_age":
        return groups.months(value) is not None
    if attribute in ("income", "budget"):
        return value in ("low", "middle", "high") or groups.amount(value) is not None
    if attribute == "children":
        return value in ("yes", "expecting", "3+") or value.isdigit()
    return True
