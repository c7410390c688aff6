"""Which respondents are of the target: by the questionnaire's own rule, else by what the study's segments say of their people."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.importers.survey.coding import Respondent
from crawler.importers.survey.reading import even
from data.study import Study
from data.survey.coded import asked_of, is_of
from data.survey.questionnaire import Questionnaire


def sort(people: Sequence[Respondent], asked: Questionnaire, study: Study) -> set[str]:
    """Say of everybody whether they are of the target and of which segments; returns the attributes that this went by.

    Where people's answers cannot tell, they are neither of the target nor of the others.
    """
    known = {question.attribute for question in asked.questions if question.attribute is not None}
    criteria = {segment.segment: asked_of(segment, known) for segment in study.own.target}
    out = {
        (question.code, place)
        for question in asked.questions
        for place, choice in enumerate(question.answers)
        if choice.out
    }
    for one in people:
        told = one.told()
        found = {name: is_of(criterion, told) for name, criterion in criteria.items()}
        one.segments = [name for name, fits in found.items() if fits]
        if asked.target:
            one.target = _by_rule(one, asked)
        elif found:
            one.target = True if one.segments else False if all(fits is False for fits in found.values()) else None
        chosen = {(given.question.code, given.place) for given in one.given}
        if out & chosen and not any(given.value in _brands(study) for given in one.given):
            one.screened_out, one.target, one.segments = True, False, []
    if asked.target:
        codes = {rule.question for rule in asked.target}
        return {str(q.attribute) for q in asked.questions if q.code in codes and q.attribute is not None}
    return {attribute for criterion in criteria.values() for attribute, _ in criterion}


def _brands(study: Study) -> set[str]:
    return {brand.name for brand in study.brands}


def _by_rule(one: Respondent, asked: Questionnaire) -> bool | None:
    for rule in asked.target:
        wanted = {even(answer) for answer in rule.answers}
        given = [held for held in one.given if held.question.code == rule.question]
        if not given:
            return None
        said = {even(held.question.answers[held.place].say) for held in given if held.place is not None}
        said |= {even(held.value) for held in given if held.value} | {even(held.said) for held in given if held.said}
        if not said & wanted:
            return False
    return True
