"""What the parts of a study file are made of: their base, the values they share, and a wrong value."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from data.quiet_hours import span


class Wrong(ValueError):  # noqa: N818 - pydantic shows the name nowhere; it is the study's own word
    """A value that is wrong; ``key`` names the sentence under ``study.wrong`` in the language files."""

    def __init__(self, key: str, at: tuple[str | int, ...] = (), **values: object) -> None:
        super().__init__(key)
        self.key, self.at, self.values = key, at, values


def _period(value: object) -> str:
    text = value.isoformat() if isinstance(value, date) else str(value)
    if not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", text):
        raise Wrong("date", got=text)
    return text


Period = Annotated[str, BeforeValidator(_period)]
Share = Annotated[float, Field(ge=0, le=1)]
Name = Annotated[str, Field(min_length=1, max_length=120)]


class Part(BaseModel):
    """A part of the study file: unknown fields are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _quiet(value: str) -> str:
    try:
        span(value)
    except ValueError:
        raise Wrong("quiet_hours", got=value) from None
    return value


#: A span of the day in which nothing is asked, or told: ``22:00-06:00``.
Quiet = Annotated[str, AfterValidator(_quiet)]
