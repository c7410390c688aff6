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
from numpy.typing import NDArray
from scipy.stats import norm

from analysis.audience import QUOTES
from analysis.columns import Ints, distinct, pairs
from analysis.columns import Words as Numbers
from analysis.differences import DIFFERENT, LEVEL, UNKNOWN
from analysis.facts import Facts
from analysis.frames import People
from analysis.sampled import Read, Words
from analysis.shown import Ranked, in_groups
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
Line = tuple[Read, str]


@dataclass
class Usage:
    """How many people of one audience use each word or phrase (language, number of words, words)."""

    people: int = 0
    counts: Counter[Term] = field(default_factory=Counter)
    totals: Counter[tuple[str, int]] = field(default_factory=Counter)

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.people + other.people, self.counts + other.counts, self.totals + other.totals)

    def __sub__(self, other: Usage) -> Usage:
        return Usage(self.people - other.people, self.counts - other.counts, self.totals - other.totals)


def find(facts: Facts) -> None:
    """Write ``distinctive``."""
    facts.store.replace_rows("distinctive", rows(facts.people, facts.sampled, Words(facts.study), facts.minimum))


def rows(people: People, sampled: Sequence[Read], words: Words, minimum: int) -> list[Row]:
    """Rows of ``distinctive``: every brand against the others together, every competitor against ours."""
    usages = usage(sampled, words.dull, max(minimum, 3), minimum)
    everybody = sum(usages.values(), Usage())
    own = people.brands[0]
    sides = [(brand, OWN, [own]) for brand in people.brands[1:]]
    sides += [
        (brand, OTHERS, [b for b in people.brands if b != brand]) for brand in people.brands if len(people.brands) > 1
    ]
    by_brand: dict[str, list[Line]] = defaultdict(list)
    for one in sampled:
        by_brand[one.brand].append((one, one.line))
    blames = _Blames(people)
    found: list[Row] = []
    for brand, against, others in sides:
        first = usages.get(brand, Usage())
        second = usages.get(own, Usage()) if against == OWN else everybody - first
        if min(first.people, second.people) >= FEWEST_PEOPLE:
            texts = (by_brand[brand], [one for b in others for one in by_brand[b]])
            found += _words(brand, against, first, second, texts, minimum)
        found += _pains(blames, brand, against, others, minimum)
    return _corrected(found)


def usage(sampled: Sequence[Read], dull: Mapping[str, frozenset[str]], least: int, fewest: int = 1) -> dict[str, Usage]:
    """Brand → how many people use each word; phrases are counted whose words at both ends are used by ``least`` people.

    Of a term that fewer than ``fewest`` people use in all only the totals know.
    """
    brands, langs, words, texts = (Numbers() for _ in range(4))
    of = np.array(
        [(brands.number(one.brand), one.author, langs.number(one.lang), len(one.words)) for one in sampled],
        dtype=np.int64,
    ).reshape(-1, 4)
    many, brand, lang = max(len(brands), 1), of[:, 0], of[:, 2]
    people, person = np.unique(of[:, 1] * many + brand, return_inverse=True)
    token = words.numbers(word for one in sampled for word in one.words)
    post = np.repeat(np.arange(len(of)), of[:, 3])
    telling = _worth_counting(lang[post], of[post, 1], token, langs, words, dull, least)
    used: list[Ints] = []
    for length in range(1, LONGEST + 1):
        first, text = _phrases(token, post, telling, length, words, texts)
        kind = (text * max(len(langs), 1) + lang[post[first]]) * (LONGEST + 1) + length
        used.append(kind * max(len(people), 1) + person[post[first]])
    told = distinct(np.concatenate(used))
    kinds, kind = np.unique(told // max(len(people), 1), return_inverse=True)
    counts = np.bincount(kind * many + people[told % max(len(people), 1)] % many, minlength=len(kinds) * many)
    found = {name: Usage() for name in brands.words}
    for mine, n in zip(found.values(), np.bincount(people % many, minlength=many).tolist(), strict=False):
        mine.people = n
    tongues, spelled, usages = langs.words, texts.words, list(found.values())
    for one, each in zip(kinds.tolist(), counts.reshape(-1, many).tolist(), strict=True):
        rest, length = divmod(one, LONGEST + 1)
        of_text, of_lang = divmod(rest, len(tongues))
        term, enough = (tongues[of_lang], length, spelled[of_text]), sum(each) >= fewest
        for mine, n in zip(usages, each, strict=True):
            if n:
                mine.totals[term[:2]] += n
                if enough:
                    mine.counts[term] = n
    return found


def _phrases(
    token: Ints, post: Ints, telling: NDArray[np.bool_], length: int, words: Numbers, texts: Numbers
) -> tuple[Ints, Ints]:
    """Where phrases of so many words begin that begin and end with a word worth counting and cross no sign; their numbers."""
    known = words.words
    stop = np.array([*(word == "." for word in known), False], dtype=bool)[token]
    first = np.arange(max(len(token) - length + 1, 0))
    whole = telling[first] & telling[first + length - 1] & (post[first] == post[first + length - 1])
    for between in range(1, length - 1):
        whole &= ~stop[first + between]
    first = first[whole]
    code = np.zeros(len(first), dtype=np.int64)
    for place in range(length):
        code = code * max(len(known), 1) + token[first + place]
    codes, which = np.unique(code, return_inverse=True)
    spelled = []
    for one in codes.tolist():
        parts = []
        for _ in range(length):
            one, part = divmod(one, len(known))
            parts.append(known[part])
        spelled.append(" ".join(reversed(parts)))
    return first, texts.numbers(spelled)[which.reshape(-1)]


def _worth_counting(
    lang: Ints,
    author: Ints,
    token: Ints,
    langs: Numbers,
    words: Numbers,
    dull: Mapping[str, frozenset[str]],
    least: int,
) -> NDArray[np.bool_]:
    """Which words are worth counting: not dull in their language, and told of by enough people."""
    of = lang * max(len(words), 1) + token
    kinds, place = np.unique(of, return_inverse=True)
    people = np.bincount(pairs(place.reshape(-1), author)[0], minlength=len(kinds))
    names, tongues = words.words, langs.words
    worth = [
        n >= least
        and len(names[kind % len(names)]) > 1
        and names[kind % len(names)] not in dull[tongues[kind // len(names)]]
        for kind, n in zip(kinds.tolist(), people.tolist(), strict=True)
    ]
    return np.asarray(np.array(worth, dtype=bool)[place.reshape(-1)])


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
    brand: str, against: str, one: Usage, two: Usage, texts: tuple[Sequence[Line], Sequence[Line]], minimum: int
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


class _Blames:
    """Who belongs to which audience, and the pains that blame somebody, category by category and in each the best first."""

    def __init__(self, people: People) -> None:
        pains = people.pains
        category, brand = (pains[name].astype("category").cat for name in ("category", "brand"))
        self.categories = [str(name) for name in category.categories]
        order = in_groups(pains, category.codes.to_numpy().astype(np.int64))
        self._brands = {str(name): place for place, name in enumerate(brand.categories)}
        self._brand, self._category = (of.codes.to_numpy().astype(np.int64)[order] for of in (brand, category))
        self._author, self._post = (pains[name].to_numpy(dtype=np.int64)[order] for name in ("author", "post"))
        audiences = {brand: people.audience(brand) for brand in people.brands}
        most = max((int(members.max(initial=0)) for members in audiences.values()), default=0) + 1
        self._speaks = {brand: np.zeros(most, dtype=bool) for brand in audiences}
        for name, members in audiences.items():
            self._speaks[name][np.asarray(members, dtype=np.int64)] = True

    def speaking(self, brands: Sequence[str]) -> int:
        """How many people speak of any of ``brands``."""
        return int(np.any([self._speaks[brand] for brand in brands], axis=0).sum())

    def of(self, brands: Sequence[str]) -> tuple[Ints, Ranked]:
        """How many people blame any of ``brands`` for each category, and the posts that show it best."""
        named = np.zeros(len(self._brands) + 1, dtype=bool)  # the last is of no brand
        named[[self._brands[brand] for brand in brands if brand in self._brands]] = True
        mine = named[self._brand]
        category, author = self._category[mine], self._author[mine]
        most = int(author.max(initial=0)) + 1
        counts = np.bincount(distinct(category * most + author) // most, minlength=len(self.categories))
        return counts, Ranked(category, author, self._post[mine])


def _pains(blames: _Blames, brand: str, against: str, others: Sequence[str], minimum: int) -> Iterator[Row]:
    """Pains by log-odds: who blames what, of all blames; the prior weighs a tenth of them."""
    sides = [blames.of(brands) for brands in ([brand], others)]
    n = [blames.speaking(brands) for brands in ([brand], others)]
    if min(n) < FEWEST_PEOPLE or min(told.sum() for told, _ in sides) == 0:
        return
    known = [p for p, name in enumerate(blames.categories) if name != "other" and max(told[p] for told, _ in sides)]
    categories = sorted(blames.categories[place] for place in known)
    places = [blames.categories.index(category) for category in categories]
    counts = [told[places].tolist() for told, _ in sides]
    odds = log_odds(counts[0], counts[1], sum(counts[0]), sum(counts[1]), prior=max(sum(map(sum, counts)) / 10, 1.0))
    for place, category in enumerate(categories):
        if max(counts[0][place], counts[1][place]) < minimum:
            continue
        row = _row(brand, against, "pain", category, "", (counts[0][place], n[0]), (counts[1][place], n[1]))
        shown = sides[0 if odds.z[place] > 0 else 1][1].shown(places[place])
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


def _posts(texts: Iterable[Line], term: str, lang: str) -> list[int]:
    """Posts that use a term, one an author."""
    shown: dict[int, int] = {}
    needle = f" {term} "
    for one, line in texts:
        if one.lang == lang and one.author not in shown and needle in line:
            shown[one.author] = one.post
            if len(shown) == QUOTES:
                break
    return list(shown.values())
