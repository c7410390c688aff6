"""``chandung_cues``: the audience cues of a text (CODEBOOK, sections 1 and 4), from its phrases and clauses.

Each group of attributes is one module with a ``read(reading)``; all work only around phrases and numbers. The component
sets ``doc._.cues`` to :class:`data.records.Cue` objects by position.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

from spacy.language import Language

from analysis.text.adverts import is_advert
from analysis.text.components import Component
from analysis.text.cues import (
    age_en,
    age_vi,
    ages_told_en,
    asking_en,
    body,
    buying,
    companies_en,
    facts,
    family,
    goals_en,
    money_en,
    money_vi,
    occupation_en,
    occupation_vi,
    pastimes,
    pastimes_told_en,
    places,
    places_en,
    sources,
    wishes,
)
from analysis.text.cues.reading import Found, Reading
from analysis.text.cues.settle import settle
from analysis.text.cues.who import find_mentions
from analysis.text.tokens import Source
from data.errors import InputError
from data.records import Cue

NAME = "chandung_cues"
_READERS: dict[str, tuple[Callable[[Reading], None], ...]] = {
    lang: (
        facts.people,
        facts.read,
        facts.companies,
        family.read,
        ages.read,
        *sums,
        occupations.read,
        *others,
        dwellings.read,
        *means,
        pastimes.read,
        *leisure,
        wishes.read,
        sources.read,
        buying.read,
        *forms,
    )
    for lang, ages, sums, occupations, others, dwellings, means, leisure, forms in (
        ("vi", age_vi, (money_vi.read,), occupation_vi, (), places, (), (), ()),
        (
            "en",
            age_en,
            (),
            occupation_en,
            (ages_told_en.read, companies_en.read),
            places_en,
            (money_en.read,),
            (pastimes_told_en.read,),
            (asking_en.read, goals_en.read),
        ),
    )
}
#: Texts longer than this many words are read in part: nobody tells of himself for ever.
_MOST_WORDS = 20_000
_HANOI = timezone(timedelta(hours=7))
#: Years in which somebody can have written a text; 1, 1970 or 9999 are what programs put where they know none.
_YEARS = range(1980, 2101)


class Cues(Component):
    """Reads cues. ``sensitive`` lets body attributes through."""

    def __init__(self, lang: str, *, sensitive: bool = False) -> None:
        self.lang = lang
        self.sensitive = sensitive
        #: What a text is read with; another one may note which rule gave what.
        self.reading: type[Reading] = Reading

    def annotate(self, source: Source) -> None:
        source.cues = tuple([_cue(source, cue) for cue in self.read(source)])

    def read(self, source: Source) -> list[Found]:
        """The cues of a document as token spans."""
        if not source.words:
            return []
        reading = self.reading(source, self.lang, _written(source.posted_at))
        if is_advert(reading.by_area, reading.norms):
            return []
        find_mentions(reading)
        for read in _READERS[self.lang]:
            read(reading)
        if self.sensitive:
            body.read(reading)
        return settle(reading, sensitive=self.sensitive)


def _cue(source: Source, found: Found) -> Cue:
    start = source.starts[found.start]
    end = source.end(min(found.end, len(source.words)) - 1)
    quote = source.text[start:end].rstrip()
    return Cue(
        attribute=found.attribute,
        value=found.value,
        who=found.who,
        start=start,
        end=start + len(quote),
        quote=quote,
        confidence=round(found.confidence, 2),
        source_component=NAME,
        group=found.group,
    )


def _written(moment: Any) -> date | None:
    """The day on which a text was written, in Vietnam; ``None`` for a year that only stands for an unknown one."""
    if not isinstance(moment, date) or moment.year not in _YEARS:
        return None
    if isinstance(moment, datetime):
        return (moment.astimezone(_HANOI) if moment.tzinfo else moment).date()
    return moment


@Language.factory(
    NAME,
    default_config={"sensitive": False},
    requires=["doc._.norms", "doc._.phrases", "doc._.clauses"],
    assigns=["doc._.cues"],
)
def make_cues(nlp: Language, name: str, sensitive: bool) -> Cues:
    if nlp.lang not in _READERS:
        raise InputError("component_language", component=NAME, language=nlp.lang or "", known=", ".join(_READERS))
    return Cues(str(nlp.lang), sensitive=sensitive)
