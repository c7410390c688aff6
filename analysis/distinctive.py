"""Words and pains that one audience tells of more than another.

Log-odds with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008), z, and p corrected for the number of words
looked at (Benjamini and Hochberg 1995). A person has one vote for a word. Formula and limits: ``docs/explanation/log-odds.md``.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.stats import norm

from analysis.audience import QUOTES, quotable
from analysis.differences import DIFFERENT, LEVEL, UNKNOWN
from analysis.facts import Facts
from analysis.frames import People
from analysis.sampled import Read, Words
from analysis.statistics import LogOdds, benjamini_hochberg, log_odds

#: What a brand is set against: our own people, or all people who speak of the other brands.
OWN, OTHERS = "own", "others"
#: Fewer people than this on either side tell nothing.
FEWEST_PEOPLE = 20
LONGEST = 3
#: Kept of each direction of each comparison.
_MOST_WORDS = 30
#: A longer phrase that nearly all who use its part use is the one to tell.
_SAME = 0.75
Row = dict[str, Any]
Term = tuple[str, int, str]


@dataclass
class Usage:
    """How many people of one audience use each word or phrase (language, number of words, words)."""

    people: int = 0
    counts: Counter[Term] = field(default_factory=Counter)
    totals: Counter[tuple[str, int]] = field(default_factory=Counter)

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.people + other.people, self.counts + other.counts, self.totals + other.totals)


def find(facts: Facts) -> None:
    """Write ``distinctive``."""
    facts.store.replace_rows("distinctive", rows(facts.people, facts.sampled, Words(facts.study), facts.minimum))


def rows(people: People, sampled: Sequence[Read], words: Words, minimum: int) -> list[Row]:
    """Rows of ``distinctive``: every brand against the others together, every competitor against ours."""
    usages = usage(sampled, words.dull, max(minimum, 3))
    own = people.brands[0]
    pairs = [(brand, OWN, [own]) for brand in people.brands[1:]]
    pairs += [
        (brand, OTHERS, [b for b in people.brands if b != brand]) for brand in people.brands if len(people.brands) > 1
    ]
    by_brand: dict[str, list[Read]] = defaultdict(list)
    for one in sampled:
        by_brand[one.brand].append(one)
    found: list[Row] = []
    for brand, against, others in pairs:
        second = sum((usages[b] for b in others if b in usages), Usage())
        first = usages.get(brand, Usage())
        if min(first.people, second.people) >= FEWEST_PEOPLE:
            texts = (by_brand[brand], [one for b in others for one in by_brand[b]])
            found += _words(brand, against, first, second, texts, minimum)
        found += _pains(people, brand, against, others, minimum)
    return _corrected(found)


def usage(sampled: Sequence[Read], dull: Mapping[str, frozenset[str]], least: int) -> dict[str, Usage]:
    """Brand → how many people use each word; phrases are counted whose words at both ends are used by ``least`` people."""
    frequent = _frequent(sampled, dull, least)
    found: dict[str, Usage] = defaultdict(Usage)
    theirs: dict[tuple[str, int], set[Term]] = defaultdict(set)
    for one in sampled:
        theirs[one.brand, one.author] |= terms(one.words, one.lang, frequent[one.lang])
    for (brand, _), used in theirs.items():
        mine = found[brand]
        mine.people += 1
        mine.counts.update(used)
        mine.totals.update((lang, size) for lang, size, _ in used)
    return dict(found)


def _frequent(sampled: Iterable[Read], dull: Mapping[str, frozenset[str]], least: int) -> dict[str, frozenset[str]]:
    """The words worth counting in each language: not dull, and told of by enough people."""
    used: dict[tuple[str, int], set[str]] = defaultdict(set)
    for one in sampled:
        used[one.lang, one.author].update(one.words)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for (lang, _), words in used.items():
        counts[lang].update(words)
    return {
        lang: frozenset(w for w, n in counts[lang].items() if n >= least and len(w) > 1 and w not in dull[lang])
        for lang in dull
    }


def terms(words: Sequence[str], lang: str, frequent: frozenset[str]) -> set[Term]:
    """The words and phrases of one text that begin and end with a word worth counting, and cross no sign."""
    found: set[Term] = set()
    ends = [place for place, word in enumerate(words) if word in frequent]
    for place in ends:
        found.add((lang, 1, words[place]))
    for first, last in _pairs(ends):
        if "." not in words[first:last]:
            found.add((lang, last - first + 1, " ".join(words[first : last + 1])))
    return found


def _pairs(ends: Sequence[int]) -> Iterator[tuple[int, int]]:
    for place, first in enumerate(ends):
        for last in ends[place + 1 : place + LONGEST]:
            if last - first < LONGEST:
                yield first, last


def _words(
    brand: str, against: str, one: Usage, two: Usage, texts: tuple[Sequence[Read], Sequence[Read]], minimum: int
) -> Iterator[Row]:
    by_kind: dict[tuple[str, int], list[Term]] = defaultdict(list)
    for term in sorted(one.counts.keys() | two.counts.keys()):
        if max(one.counts[term], two.counts[term]) >= minimum:
            by_kind[term[:2]].append(term)
    for (lang, size), group in by_kind.items():
        totals = one.totals[lang, size], two.totals[lang, size]
        if min(totals) == 0:
            continue
        counts = [[u.counts[term] for term in group] for u in (one, two)]
        odds = log_odds(counts[0], counts[1], *totals)
        for place, term in enumerate(group):
            row = _row(
                brand, against, "word", term[2], lang, (counts[0][place], one.people), (counts[1][place], two.people)
            )
            yield {**row, **_figures(odds, place), "_texts": texts[0 if odds.z[place] > 0 else 1]}


def _pains(people: People, brand: str, against: str, others: Sequence[str], minimum: int) -> Iterator[Row]:
    """Pains by log-odds: who blames what, of all blames; the prior weighs a tenth of them."""
    mine, theirs = people.pains_of(brand), people.pains[people.pains["brand"].isin(others)]
    sides = [rows.groupby("category")["author"].nunique() for rows in (mine, theirs)]
    n = [len(people.audience(brand)), len(np.unique(np.concatenate([people.audience(b) for b in others])))]
    if min(n) < FEWEST_PEOPLE or min(side.sum() for side in sides) == 0:
        return
    categories = sorted({*sides[0].index, *sides[1].index} - {"other"})
    counts = [[int(side.get(category, 0)) for category in categories] for side in sides]
    odds = log_odds(counts[0], counts[1], sum(counts[0]), sum(counts[1]), prior=max(sum(map(sum, counts)) / 10, 1.0))
    evidence = [quotable(rows, ["category"]) for rows in (mine, theirs)]
    for place, category in enumerate(categories):
        if max(counts[0][place], counts[1][place]) < minimum:
            continue
        row = _row(brand, against, "pain", category, "", (counts[0][place], n[0]), (counts[1][place], n[1]))
        shown = evidence[0 if odds.z[place] > 0 else 1].get((category,), [])
        yield {**row, **_figures(odds, place), "evidence": json.dumps(shown)}


def _row(brand: str, against: str, kind: str, term: str, lang: str, one: tuple[int, int], two: tuple[int, int]) -> Row:
    return {
        "brand": brand, "against": against, "kind": kind, "term": term, "language": lang, "authors": one[0], "n": one[1],
        "authors_against": two[0], "n_against": two[1], "evidence": "[]",
    }  # fmt: skip


def _figures(odds: LogOdds, place: int) -> Row:
    z = float(odds.z[place])
    return {"delta": float(odds.delta[place]), "z": z, "p_value": float(2 * norm.sf(abs(z)))}


def _corrected(found: Sequence[Row]) -> list[Row]:
    """Rows with corrected p, words and pains a family of tests each; of the words only the most telling are kept."""
    kept: list[Row] = []
    for kind in ("word", "pain"):
        family = [row for row in found if row["kind"] == kind]
        q_values = benjamini_hochberg([row["p_value"] for row in family])
        for row, q in zip(family, q_values.tolist(), strict=True):
            row |= {"q_value": q, "verdict": DIFFERENT if q <= LEVEL else UNKNOWN}
        kept += family if kind == "pain" else _telling(family)
    return kept


def _telling(family: Iterable[Row]) -> Iterator[Row]:
    sides: dict[tuple[str, str, bool], list[Row]] = defaultdict(list)
    for row in family:
        if row["verdict"] == DIFFERENT:
            sides[row["brand"], row["against"], row["z"] > 0].append(row)
    for side in sides.values():
        side.sort(key=lambda row: (-abs(row["z"]), row["term"]))
        for row in _whole(side[: 4 * _MOST_WORDS])[:_MOST_WORDS]:
            texts = row.pop("_texts")
            yield {**row, "evidence": json.dumps(_posts(texts, row["term"], row["language"]))}


def _whole(found: Sequence[Row]) -> list[Row]:
    """Of a phrase and its part, the one that says it: the phrase where nearly all use it whole, else the part."""
    by_term = {(row["language"], row["term"]): row for row in found}
    dropped: set[tuple[str, str]] = set()
    for (lang, phrase), whole in by_term.items():
        split = phrase.split()
        parts = {" ".join(split[i:j]) for i in range(len(split)) for j in range(i + 1, len(split) + 1)} - {phrase}
        for part in ((lang, part) for part in parts if (lang, part) in by_term):
            both = [max(row["authors"], row["authors_against"]) for row in (whole, by_term[part])]
            dropped.add(part if both[0] >= _SAME * both[1] else (lang, phrase))
    return [row for key, row in by_term.items() if key not in dropped]


def _posts(texts: Iterable[Read], term: str, lang: str) -> list[int]:
    """Posts that use a term, one an author."""
    shown: dict[int, int] = {}
    needle = f" {term} "
    for one in texts:
        if one.lang == lang and one.author not in shown and needle in one.line:
            shown[one.author] = one.post
            if len(shown) == QUOTES:
                break
    return list(shown.values())
