"""From scores to answers: which of the rules' answers stand, and what the model adds of its own.

A clause whose pain label scores high enough holds a pain: in the words of the rules where they found one there, else in the
words of the clause. A cue stands by the score of its attribute (and value) in its clause. What a study's own lexicon line
found always stands.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

import numpy as np

from analysis.text.clauses import Clause
from analysis.text.echoes import without_echoes
from analysis.text.edges import trimmed
from analysis.text.learned import whole
from analysis.text.learned.features import CODED, JOINED, PAIN, Seen, name_of
from analysis.text.learned.model import Model
from analysis.text.learned.vectors import Floats
from analysis.text.lexicon import SILENCED
from analysis.text.phrases import Hit
from analysis.text.tokens import Source
from data.records import Cue, Pain

NAME = "chandung_learned"
#: Column → the clauses in which its label scores high, in order.
High = dict[int, list[int]]
Answers = tuple[tuple[Pain, ...], tuple[Cue, ...]]
#: Attributes whose value is the author's own words, so that a clause can be an answer without a rule.
_FREE = ("effort", "goal", "interest")
#: Of these a person has one.
_SINGLE = frozenset({"gender", "marital_status"})
#: Labels of settings: the log-odds above which a pain or cue is told, and above which one of the rules stays.
PAIN_FROM, PAIN_KEPT, ASKED_KEPT = "pain_from", "pain_kept", "asked_kept"
CUE_FROM, CUE_KEPT, SURER = "cue_from", "cue_kept", "surer"
DEFAULTS = {
    **{PAIN_FROM: 0.4, PAIN_KEPT: -1.8, ASKED_KEPT: -2.5, CUE_FROM: -0.8, CUE_KEPT: -2.5, SURER: 2.0},
    **whole.DEFAULTS,
}
#: Of a model that tells nothing of the whole text.
WITHOUT_TEXT = {PAIN_FROM: 0.5, PAIN_KEPT: -3.5, ASKED_KEPT: -4.0}
#: What share of the model's probability is the confidence of a pain that no rule found: reports count answers from 0.5 on, and so
#: only those of which the model is all but certain. With more, shares of the demonstration's market left their intervals.
ALONE = 0.62
#: A text of one clause with so many tokens at most is a plain statement: too little for the model to judge by, so that a pain of
#: which the rules are certain stands: by a full-weight term, or by a good word denied of something named.
_PLAIN, _CERTAIN, _CERTAIN_NAMED = 12, 0.9, 0.7
#: A post's title that says how long a thing was used, and nothing of how it was: "Review Voltra sau 5 tháng sử dụng".
_REVIEWS, _AFTER = frozenset({"review", "đánh", "trải", "cảm"}), frozenset({"sau", "after"})
_USED = frozenset({"dụng", "dùng", "xài", "nghiệm", "đi", "chạy", "use", "using", "months", "years", "weeks"})
#: What is asked for is said in set phrases, which rules know best, whatever the words around them.
_ASKED = frozenset({"suggestion", "unmet_need"})
#: Rules read these from words that hardly mean anything else, or as a value that no model can give: they always stand.
_SURE = frozenset(
    {
        "age",
        "gender",
        "education",
        "location",
        "occupation",
        "marital_status",
        "children",
        "child_age",
        "income",
        "budget",
        "goal",
        "interest",
        "height_cm",
        "weight_kg",
    }
)


class _Pain(NamedTuple):
    """What the model makes of a clause if it holds a pain; ``score``, ``alone`` and ``joined`` in log-odds.

    ``alone`` is the score without what the whole text adds to it.
    """

    score: float
    alone: float
    joined: float
    row: Floats
    kind: str
    category: str
    severity: str


class Decider:
    """Turns the scores of a document's clauses into its pains and cues."""

    def __init__(self, model: Model) -> None:
        self.columns = {label: i for i, label in enumerate(model.labels)}
        self._pain = self.columns[PAIN]
        self._whole = whole.Whole(self.columns, self._pain)
        self.settings = {**DEFAULTS, **({} if self._whole else WITHOUT_TEXT), **model.settings}
        self.set()
        self._groups = {
            prefix: [(i, label.partition("=")[2]) for label, i in self.columns.items() if label.startswith(prefix)]
            for prefix in ("kind=", "category=", "severity=")
        }
        #: Column → attribute and value.
        self._coded = {
            i: label.partition("=")[::2] for label, i in self.columns.items() if label.partition("=")[0] in CODED
        }

    def set(self, **settings: float) -> None:
        """Change some of the settings."""
        self.settings.update(settings)
        #: What each label must pass for the model to answer by itself.
        self._least = np.full(len(self.columns), np.inf, dtype=np.float32)
        for label, column in self.columns.items():
            if label == PAIN:
                self._least[column] = self.settings[PAIN_FROM]
            elif label.partition("=")[0] in CODED or label in _FREE:
                self._least[column] = self.settings[CUE_FROM]
        self._cue_columns = np.isfinite(self._least)
        self._cue_columns[self._pain] = False

    def decide(self, source: Source, seen: Seen, scores: Floats) -> Answers:
        """Pains and cues by position; ``scores`` of shape (clauses, labels)."""
        return next(self.decide_all([source], [seen], scores))

    def decide_all(self, sources: Sequence[Source], seen: Sequence[Seen], scores: Floats) -> Iterator[Answers]:
        """The pains and cues of each of several documents; ``scores`` are those of all their clauses."""
        counts = [len(doc.clauses) for doc in seen]
        alone, scores = scores, self._whole.moved(scores, counts, self._cue_columns, self.settings)
        pains = self._read_pains(scores, alone)
        places, columns = np.nonzero(scores > self._least)
        ends = np.cumsum(counts)
        bounds = [0, *np.searchsorted(places, ends).tolist()]
        found = list(zip(places.tolist(), columns.tolist(), strict=True))
        begin = 0
        for source, doc, end, first, last in zip(sources, seen, ends.tolist(), bounds, bounds[1:], strict=False):
            high: High = {}
            for place, column in found[first:last]:
                high.setdefault(column, []).append(place - begin)
            told = self._pains(source, doc, pains[begin:end], high) if source.pains or self._pain in high else ()
            cues = self._cues(source, doc, scores[begin:end], high) if source.cues or high else ()
            yield told, cues
            begin = end

    def _read_pains(self, scores: Floats, alone: Floats) -> list[_Pain]:
        """What the labels of pains say of each clause, ``alone`` before the whole text moved their scores."""
        best = []
        for group in self._groups.values():
            likeliest = scores[:, [column for column, _ in group]].argmax(axis=1).tolist()
            best.append([group[i][1] for i in likeliest])
        joined = scores[:, self.columns[JOINED]].tolist() if JOINED in self.columns else [0.0] * len(scores)
        both = scores[:, self._pain].tolist(), alone[:, self._pain].tolist()
        return list(map(_Pain, *both, joined, scores, *best))

    def _pains(self, source: Source, seen: Seen, scores: Sequence[_Pain], high: High) -> tuple[Pain, ...]:
        settings = self.settings
        certain = _certain(source)
        own: dict[int, list[Pain]] = {}
        for pain in source.pains:
            own.setdefault(seen.nearest(pain.start, pain.end), []).append(pain)
        found: list[Pain] = []
        last = -2
        for i in sorted({*own, *high.get(self._pain, ())}):
            row = scores[i]
            score = row.score
            told, silenced = _own_words(seen.clauses[i])
            ruled = [
                pain
                for pain in own.get(i, ())
                if (
                    told
                    or pain.confidence >= certain
                    or score > settings[ASKED_KEPT if pain.kind in _ASKED else PAIN_KEPT]
                )
            ]
            if not ruled and (silenced or score < settings[PAIN_FROM] or _is_title(source, seen.clauses[i])):
                continue
            goes_on = last == i - 1 and found and row.joined > 0
            last = i
            if goes_on and not ruled:
                found[-1] = _longer(source, found[-1], seen.spans[i][1])
                continue
            if told:
                found += ruled
            else:
                found += [
                    pain
                    if pain.confidence >= certain and score < settings[PAIN_FROM]
                    else self._told(
                        pain, row, sure=_named(pain, seen.clauses[i]) or _settled(pain, source, seen.clauses[i])
                    )
                    for pain in ruled
                ] or [self._new(source, seen, i, row)]
        return without_echoes(found)

    def _told(self, pain: Pain, row: _Pain, *, sure: bool) -> Pain:
        kind = pain.kind if pain.kind in _ASKED else self._surer("kind", pain.kind, row.kind, row)
        return Pain(
            kind=kind,
            category=pain.category if sure else self._surer("category", pain.category, row.category, row),
            target="" if kind == "problem" else pain.target,
            severity=pain.severity,
            start=pain.start,
            end=pain.end,
            quote=pain.quote,
            confidence=max(pain.confidence, _sure(row.alone)),
            source_component=pain.source_component,
        )

    def _surer(self, group: str, ruled: str, best: str, row: _Pain) -> str:
        """What the model holds likeliest, where it is surer of it than of the rules' answer by far enough."""
        column = self.columns.get(f"{group}={ruled}")
        if ruled == best or column is None:
            return best
        return best if row.row[self.columns[f"{group}={best}"]] > row.row[column] + self.settings[SURER] else ruled

    def _new(self, source: Source, seen: Seen, i: int, row: _Pain) -> Pain:
        clause = seen.clauses[i]
        first, last = trimmed(source.norms, clause.start, clause.end, least=1)
        start, end = source.starts[first], source.end(last - 1)
        kind = row.kind
        target = ""
        if kind != "problem":
            hits = [hit for hit in clause.hits if hit.entry.area in ("brands", "pains_aspects")]
            hits.sort(key=lambda hit: (hit.entry.area != "brands", hit.start, -hit.end))
            if hits and hits[0].entry.area == "brands":
                target = hits[0].entry.code
            elif hits:
                target = source.text[source.starts[hits[0].start] : source.end(hits[0].end - 1)].lower()
        return Pain(
            kind=kind,
            category=row.category,
            target=target,
            severity=int(row.severity),
            start=start,
            end=end,
            quote=source.text[start:end],
            confidence=round(ALONE * _sure(row.alone), 2),
            source_component=NAME,
        )

    def _cues(self, source: Source, seen: Seen, scores: Floats, high: High) -> tuple[Cue, ...]:
        kept = [cue for cue in source.cues if self._stands(cue, seen, scores)]
        said = {(cue.attribute, cue.value) for cue in kept if cue.who == "self"}
        # Of whom a rule says it in a clause, the model says it of nobody else there.
        others = {
            (cue.attribute, cue.value, seen.nearest(cue.start, cue.end)) for cue in source.cues if cue.who != "self"
        }
        single = {cue.attribute for cue in kept if cue.who == "self" and cue.attribute in _SINGLE}
        for column in sorted(high.keys() & self._coded.keys()):
            attribute, value = self._coded[column]
            best = next(
                (place for place in high[column] if attribute in _SINGLE or (attribute, value, place) not in others),
                None,
            )
            if best is not None and (attribute, value) not in said and attribute not in single:
                kept.append(_cue(source, seen, best, best, attribute, value, float(scores[best][column])))
        for attribute in _FREE:
            column = self.columns.get(attribute, -1)
            if column in high:
                kept += _free(source, seen, scores[:, column], high[column], attribute, kept)
        if any(cue.value == "comparing" for cue in kept):
            kept = [cue for cue in kept if (cue.attribute, cue.value) != ("behaviour", "researching")]
        return tuple(sorted(kept, key=lambda cue: (cue.start, cue.end, cue.attribute)))

    def _stands(self, cue: Cue, seen: Seen, scores: Floats) -> bool:
        if cue.attribute in _SURE:
            return True
        column = self.columns.get(name_of(cue.attribute, cue.value))
        if column is None:
            return True
        place = seen.nearest(cue.start, cue.end)
        return float(scores[place][column]) > self.settings[CUE_KEPT] or _own_words(seen.clauses[place])[0]


def _is_title(source: Source, clause: Clause) -> bool:
    said = [word for word in source.norms[clause.start : clause.end] if word.isalnum()]
    return len(said) > 2 and said[0] in _REVIEWS and said[-1] in _USED and not _AFTER.isdisjoint(said)


def _certain(source: Source) -> float:
    """From which confidence on the rules' pains stand whatever the model says; above 1 where none does."""
    if len(source.norms) > _PLAIN or len(source.clauses) != 1:
        return 2.0
    return _CERTAIN_NAMED if "pains_aspects" in source.areas else _CERTAIN


def _named(pain: Pain, clause: Clause) -> bool:
    """Whether a word of another category only stands in the name of what is blamed, of which the rules' category is: the
    “vệ sinh” (hygiene) of “nhà vệ sinh” (toilet) counts among the model's words, and harms nobody."""
    blamed = [hit for hit in clause.hits if hit.entry.area == "pains_aspects"]
    inside = [hit for hit in blamed if any(_holds(other, hit) for other in blamed)]
    around = {hit.entry.code for hit in blamed if hit not in inside}
    return around == {pain.category} and any(hit.entry.code != pain.category for hit in inside)


def _settled(pain: Pain, source: Source, clause: Clause) -> bool:
    """Whether a phrase that can be of no other category was found in its words: what is hard to clean is no matter of hygiene."""
    return any(
        hit.entry.notes == "settled"
        and hit.entry.code == pain.category
        and pain.start <= source.starts[hit.start]
        and source.end(hit.end - 1) <= pain.end
        for hit in clause.hits
    )


def _holds(longer: Hit, hit: Hit) -> bool:
    return longer.start <= hit.start and hit.end <= longer.end and longer.end - longer.start > hit.end - hit.start


def _own_words(clause: Clause) -> tuple[bool, bool]:
    """Whether the clause holds a phrase of the study's own lexicon, and whether one that the study silenced."""
    own = [hit.entry.area == SILENCED for hit in clause.hits if hit.entry.own]
    return not all(own), any(own)


def _free(
    source: Source, seen: Seen, scores: Floats, places: Sequence[int], attribute: str, kept: Sequence[Cue]
) -> list[Cue]:
    """A cue for each run of clauses in one sentence that score high, where no rule has found one."""
    taken = {seen.nearest(cue.start, cue.end) for cue in kept if cue.attribute == attribute}
    found: list[Cue] = []
    free = [place for place in places if place not in taken]
    for _, run in groupby(enumerate(free), key=lambda pair: (pair[1] - pair[0], seen.clauses[pair[1]].sentence)):
        together = [place for _, place in run]
        best = max(float(scores[i]) for i in together)
        found.append(_cue(source, seen, together[0], together[-1], attribute, "", best))
    return found


def _cue(source: Source, seen: Seen, first: int, last: int, attribute: str, value: str, score: float) -> Cue:
    begin, stop = trimmed(source.norms, seen.clauses[first].start, seen.clauses[last].end, least=1)
    start, end = source.starts[begin], source.end(stop - 1)
    quote = source.text[start:end]
    return Cue(
        attribute=attribute,
        value=value or " ".join(quote.lower().split()),
        who="self",
        start=start,
        end=end,
        quote=quote,
        confidence=_sure(score),
        source_component=NAME,
    )


def _longer(source: Source, pain: Pain, end: int) -> Pain:
    quote = source.text[pain.start : end].rstrip()
    return replace(pain, end=pain.start + len(quote), quote=quote)


def _sure(score: float) -> float:
    return round(1 / (1 + math.exp(-score)), 2)
