"""The study file's part on reading texts: models that were trained on people's labels, and pipelines that answer in our place."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from data import codebook

PACKAGE = "package:"
_Place = Annotated[str, Field(min_length=1, max_length=300)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TakeOver(_Part):
    """A spaCy pipeline that answers in place of a component of Chandung's.

    ``labels`` says what its labels mean: for pains a category (`price`) or kind and category (`objection/price`), for cues an
    attribute (`location`, the words are its value) or attribute and value (`gender=female`).
    """

    pipeline: _Place = Field(
        description="a folder or a spaCy config (.cfg, such as spacy-llm's) in the study's folder, or `package:NAME`"
    )
    component: Literal["pains", "cues"] = Field("pains", description="what it answers")
    language: Literal["vi", "en"] | None = Field(None, description="only texts in this language")
    read: Literal["cats", "ents", "spans"] = Field(
        "cats", description="where its answers stand: categories of a clause, entities or spans of a text"
    )
    spans_key: _Place = Field("sc", description="name of the group of spans")
    labels: dict[str, str] = Field(
        default_factory=dict,
        description="its label → ours; what is not named is read as it is, empty leaves a label out",
    )
    least: float = Field(0.5, ge=0, le=1, description="the least score of a category or span")

    @model_validator(mode="after")
    def _known(self) -> Self:
        from data.study import Wrong

        if self.component == "cues" and self.read == "cats":
            raise Wrong("takeover_cats", ("read",))
        if self.pipeline.startswith(PACKAGE) and package_of(self.pipeline) is None:
            raise Wrong("takeover_package", ("pipeline",), got=self.pipeline)
        for label, ours in self.labels.items():
            if ours and meaning(self.component, ours) is None:
                raise Wrong("takeover_label", ("labels", label), got=ours)
        return self


class Text(_Part):
    """How texts are read beyond the rules."""

    pains_model: _Place | None = Field(None, description="folder of the model that `chandung train` kept")
    take_over: list[TakeOver] = Field(
        default_factory=list, max_length=20, description="spaCy pipelines that answer in place of a component"
    )

    @property
    def files(self) -> list[str]:
        """The files and folders named, as they are named."""
        named = [one.pipeline for one in self.take_over if not one.pipeline.startswith(PACKAGE)]
        return named if self.pains_model is None else [*named, self.pains_model]


def meaning(component: str, label: str) -> tuple[str, str] | None:
    """What a label stands for: (kind or empty, category), or (attribute, value or empty); ``None`` for no code of the codebook."""
    if component == "pains":
        kind, _, category = label.rpartition("/")
        known = category in codebook.PAIN_CATEGORIES and (not kind or kind in codebook.PAIN_KINDS)
        return (kind, category) if known else None
    attribute, _, value = label.partition("=")
    closed = codebook.VALUES.get(attribute)
    known = attribute in codebook.ATTRIBUTES and (closed is None or value in closed)
    return (attribute, value) if known else None


def package_of(place: str) -> str | None:
    """The installed package that ``place`` names, if it names one."""
    name = place.removeprefix(PACKAGE)
    return name if place.startswith(PACKAGE) and re.fullmatch(r"[A-Za-z_][\w.\-]{0,100}", name) else None
