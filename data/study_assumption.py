"""Assumptions in the study file: dated claims about a target segment, and what no such claim can say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from data import codebook, groups
from data.place_names import mistyped
from data.study_parts import Name, Part, Period, Share, Wrong

#: Fewer people decide no assumption, however narrow their interval: those who tell are no random choice of those who could.
LEAST_TO_DECIDE = 30
#: Pain categories that take a rank: `other` is no theme.
RANKED = len(codebook.PAIN_CATEGORIES) - 1
_OLDEST = 120


def _threshold(value: float) -> float:
    if not 0 <= value <= 1:
        meant = value / 100
        raise Wrong("share_percent" if 1 < value <= 100 else "share", got=f"{value:g}", meant=f"{meant:g}")
    return value


Threshold = Annotated[float, AfterValidator(_threshold), Field(json_schema_extra={"minimum": 0, "maximum": 1})]


class Assumption(Part):
    """A dated claim about the target segment that data can support or contradict.

    Either ``attribute`` (a codebook attribute, with the value or values expected and the least or largest share of
    those who tell it) or ``pain`` (a codebook category, expected ``top N`` or with a share of the audience).
    """

    attribute: str | None = Field(None, description="an audience attribute of the codebook")
    pain: str | None = Field(None, description="a pain category of the codebook")
    expect: str | int | float | list[str | int] = Field(
        description="value, range, list of values, or `top N` for a pain"
    )
    at_least: Threshold | None = Field(None, description="smallest share of the authors who tell it, 0 to 1")
    at_most: Threshold | None = Field(None, description="largest share, 0 to 1")
    minimum_n: int = Field(LEAST_TO_DECIDE, ge=2, le=100_000, description="fewer people than this decide nothing")
    id: Annotated[str, Field(pattern=r"^[\w.\-]{1,120}$")] | None = Field(
        None, description="the name it goes by in the register; else made of the segment and the attribute"
    )
    since: Period | None = Field(None, description="when the assumption was made: YYYY, YYYY-MM or YYYY-MM-DD")
    stated: Period | None = Field(None, description="the earlier name of `since`")
    note: str | None = Field(None, description="why we believe it")
    retired: Period | None = Field(
        None, description="since when it is no longer held; it stays in the register and is no longer checked"
    )
    retired_why: str | None = Field(None, description="why it is no longer held")

    @property
    def made(self) -> str | None:
        """When it was made, as the file says."""
        return self.since or self.stated

    @property
    def expected(self) -> list[str]:
        """The expected values as text."""
        return [str(v) for v in self.expect] if isinstance(self.expect, list) else [str(self.expect)]

    @property
    def top(self) -> int | None:
        """``N`` of ``top N``."""
        match = re.fullmatch(r"top\s*(\d{1,2})", str(self.expect))
        return int(match[1]) if match else None

    @model_validator(mode="after")
    def _known(self) -> Self:
        for wrong in faults(self):
            raise wrong
        return self


def faults(given: Assumption) -> Iterator[Wrong]:
    """Everything that is wrong between the fields of an assumption, each right by itself."""
    if (given.attribute is None) == (given.pain is None):
        yield Wrong("attribute_or_pain")
    elif given.attribute is not None:
        if given.attribute not in codebook.ATTRIBUTES:
            yield Wrong("not_one_of", ("attribute",), got=given.attribute, options=tuple(codebook.ATTRIBUTES))
        else:
            yield from _values(given)
    elif given.pain not in codebook.PAIN_CATEGORIES:
        yield Wrong("not_one_of", ("pain",), got=given.pain, options=codebook.PAIN_CATEGORIES)
    yield from _impossible(given)


def _impossible(given: Assumption) -> Iterator[Wrong]:
    """Thresholds that no data could ever meet, or that hold whatever the data say."""
    low, high, top = given.at_least, given.at_most, given.top
    if top is None and low is None and high is None:
        yield Wrong("no_threshold")
    if low is not None and high is not None and low > high:
        yield Wrong("thresholds_cross", ("at_least",), low=low, high=high)
    if low == 0 or (high == 1 and low is None):
        yield Wrong("always_holds", ("at_least" if low == 0 else "at_most",))
    elif low == 1 or high == 0:
        yield Wrong("never_holds", ("at_least" if low == 1 else "at_most",), got=f"{low or high:g}")
    if top is not None and given.pain is None:
        yield Wrong("top_of_attribute", ("expect",))
    elif top is not None and given.pain == "other":
        yield Wrong("top_of_other", ("expect",))
    elif top is not None and not 1 <= top < RANKED:
        yield Wrong("top", ("expect",), got=top, most=RANKED - 1)
    if top is not None and (low is not None or high is not None):
        yield Wrong("top_and_share", ("expect",))


def _values(given: Assumption) -> Iterator[Wrong]:
    """Values that people cannot have."""
    known = codebook.VALUES.get(str(given.attribute))
    for value in given.expected if known else ():
        if value not in (known or ()):
            yield Wrong("not_one_of", ("expect",), got=value, options=known)
    if not given.expected or not all(value.strip() for value in given.expected):
        yield Wrong("nothing_expected", ("expect",))
    elif known and set(known) <= set(given.expected):
        yield Wrong("every_value", ("expect",), attribute=given.attribute)
    elif given.attribute == "location":
        for value in given.expected:
            if meant := mistyped(value):
                yield Wrong("no_place", ("expect",), got=value, meant=meant)
    elif given.attribute == "age":
        yield from _ages(given.expected)
    elif given.attribute == "child_age" and not all(map(groups.months, given.expected)):
        yield Wrong("child_age", ("expect",), got=", ".join(given.expected))
    elif given.attribute in ("income", "budget"):
        wrong = [v for v in given.expected if v not in ("low", "middle", "high") and not groups.amount(v)]
        if wrong:
            yield Wrong("amount", ("expect",), got=wrong[0])


def _ages(values: list[str]) -> Iterator[Wrong]:
    for value in values:
        limits = groups.span(value)
        if not re.fullmatch(r"\d{1,3}(-\d{1,3})?", value):
            yield Wrong("age", ("expect",), got=value)
        elif limits is None or limits[1] > _OLDEST:
            yield Wrong("age_range", ("expect",), got=value, oldest=_OLDEST)


class Segment(Part):
    """A group of customers whom the brand aims at, as the user imagines them."""

    segment: Name = Field(description="what we call them")
    share_of_revenue: Share | None = Field(None, description="how much of our revenue they bring, 0 to 1")
    assumptions: list[Assumption] = Field(default_factory=list, description="what we believe of them")

    @property
    def standing(self) -> list[Assumption]:
        """The assumptions that are not retired."""
        return [assumption for assumption in self.assumptions if assumption.retired is None]
