"""From respondents to cells: how many of those who told an attribute told each value, for everybody, the target and the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crawler.importers.survey.coding import Respondent
from crawler.importers.taking import Period
from data.privacy import author_key, mask
from data.shares import wilson
from data.store.imported import Observation
from data.study import MARKET, Study
from data.survey.coded import cells
from data.survey.questionnaire import BOUGHT, SILENT, TEXT, Questionnaire


def kish(weights: Sequence[float]) -> float:
    """The effective number of people behind weights: (Σw)² / Σw² (Kish 1965), which is their number where all weigh the same."""
    squares = sum(weight * weight for weight in weights)
    return sum(weights) ** 2 / squares if squares else 0.0


def observations(
    people: Sequence[Respondent],
    asked: Questionnaire,
    study: Study,
    about: str | None,
    period: Period,
    sorted_by: set[str],
) -> Iterator[Observation]:
    """Cells for the brand that the survey is about, and for each brand that respondents say they bought. Where they were asked
    what they bought, those who bought another brand tell nothing of the one it is about.

    For the target and the others what sorted them is left out: it would only tell the rule back.
    """
    segments = [segment.segment for segment in study.own.target]
    for brand, members in _brands(people, asked, study, about):
        groups = {"all": members, "target": [one for one in members if one.target is True]}
        groups["others"] = [one for one in members if one.target is False]
        if len(segments) > 1:
            groups |= {name: [one for one in members if name in one.segments] for name in segments}
        for audience, some in groups.items():
            leave = set() if audience == "all" else sorted_by
            for attribute, offered in _offered(asked).items():
                if attribute not in leave:
                    yield from _cells(brand, audience, attribute, offered, some, period)


def _brands(
    people: Sequence[Respondent], asked: Questionnaire, study: Study, about: str | None
) -> Iterator[tuple[str, list[Respondent]]]:
    bought: dict[str, list[Respondent]] = {}
    if any(question.attribute == BOUGHT for question in asked.questions):
        for brand in study.brands:
            if some := [one for one in people if brand.name in one.told().get(BOUGHT, ())]:
                bought[brand.name] = some
    if about not in bought:
        yield about or MARKET, list(people)
    if about is None or about in bought:
        yield from bought.items()


def _offered(asked: Questionnaire) -> dict[str, set[str]]:
    """Attribute → the groups that its answers fall into, so that what nobody chose is a zero and no gap."""
    found: dict[str, set[str]] = {}
    for question in asked.questions:
        if question.attribute is not None and question.attribute != BOUGHT and question.type != TEXT:
            groups = (name for choice in question.answers for name, _ in cells(question.attribute, choice.value))
            found.setdefault(question.attribute, set()).update(groups)
    return found


def _cells(
    brand: str, audience: str, attribute: str, offered: set[str], people: Sequence[Respondent], period: Period
) -> Iterator[Observation]:
    sums: defaultdict[str, float] = defaultdict(float)
    heads: defaultdict[str, float] = defaultdict(float)
    weights: list[float] = []
    for one in people:
        values = [value for value in one.told().get(attribute, ()) if value != SILENT]
        mine: defaultdict[str, float] = defaultdict(float)
        for value in values:
            for name, part in cells(attribute, value):
                mine[name] = min(mine[name] + part, 1.0)
        if not values:  # too wide a range is of no group, but it was told
            continue
        weights.append(one.weight)
        for name, part in mine.items():
            sums[name] += part * one.weight
            heads[name] += part
    total, n = sum(weights), kish(weights)
    for value in sorted(offered | set(sums)) if total else ():
        share = min(sums[value] / total, 1.0)
        low, high = wilson(share * n, n)
        # few heavy people are still few: no count is told of more people than there were
        count = round(min(share * n, heads[value]), 6)
        yield Observation(
            "survey", brand, attribute, value, count, round(n, 6), share, low, high, audience, period_from=period[0],
            period_to=period[1],
        )  # fmt: skip


def rows(
    people: Sequence[Respondent], import_id: int, key: bytes
) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """Rows of ``respondents`` and of ``answers``. Weights are brought to a mean of 1."""
    mean = sum(one.weight for one in people) / len(people) if people else 1.0
    respondents: list[Mapping[str, Any]] = []
    answers: list[Mapping[str, Any]] = []
    for number, one in enumerate(people, start=1):
        at = one.answered_at.isoformat(timespec="seconds").replace("+00:00", "Z") if one.answered_at else None
        respondents.append(
            {
                "import_id": import_id,
                "respondent": number,
                "respondent_key": author_key(key, "survey", one.same),
                "row_number": one.number,
                "answered_at": at,
                "weight": one.weight / mean,
                "target": None if one.target is None else int(one.target),
                "segment": "; ".join(one.segments) or None,
                "screened_out": int(one.screened_out),
            }
        )
        for given in one.given:
            if given.value == SILENT:
                continue
            answers.append(
                {
                    "import_id": import_id,
                    "respondent": number,
                    "question": mask(given.question.ask),
                    "attribute": given.question.attribute,
                    "value": given.value,
                    "said": given.said,
                }
            )
    return respondents, answers
