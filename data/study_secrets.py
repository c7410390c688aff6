"""Which environment variables a study names as ``${NAME}``, whose they are, and which of them are not set."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from data.study_alerts import named, places
from data.words import tell

if TYPE_CHECKING:
    from data.study import Study


@dataclass(frozen=True, slots=True)
class Secret:
    """An environment variable, and what needs it: ``of`` is a source's address (``source``) or a channel's name (``channel``)."""

    name: str
    kind: str
    of: str

    @property
    def said(self) -> str:
        """The variable with what needs it."""
        return tell(f"study.secrets.{self.kind}", name=self.name, of=self.of)


def secrets(study: Study) -> Iterator[Secret]:
    """Every secret of a study, in the order of its file; one that two things need comes twice."""
    for source in study.all_sources():
        if source.token:
            yield Secret(source.token[2:-1], "source", source.url)
    for name, channel in named(study.alerts.to):
        for place in dict.fromkeys(places(channel.url or "")):
            yield Secret(place, "channel", name)


def variables(study: Study) -> list[str]:
    """The names of the variables, each once, sorted."""
    return sorted({one.name for one in secrets(study)})


def unset(study: Study, environment: Mapping[str, str] | None = None) -> list[Secret]:
    """The secrets whose variable is not set, or empty, in this process's environment or the one given."""
    known = os.environ if environment is None else environment
    return [one for one in secrets(study) if not known.get(one.name, "").strip()]
