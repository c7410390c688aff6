"""Words and phrases that go with complaints in a study's own posts and that no lexicon line knows yet.

Two groups of people's posts are set against each other: those with a pain, or with at most two stars, and the rest; where
one category is asked for, only a pain of it counts, for stars do not say what went wrong. A person has one vote for a word
in each group; the log-odds have an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008), and p is corrected for the
number of words looked at (Benjamini and Hochberg 1995). Formulas: ``docs/explanation/methods.md``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

from analysis.lexicons.words import LONGEST, Reader, Words
from analysis.report.evidence import excerpt
from analysis.statistics import benjamini_hochberg, log_odds
from data.store import Store
from data.study import Study

#: Fewer people than this on either side tell nothing.
FEWEST_PEOPLE = 20
_MOST_STARS = 2
_QUOTES = 3
#: A longer phrase that nearly all who use its part use is the one to propose.
_SAME = 0.75
_TRUE_DISCOVERY = 0.05

_POSTS = """
select p.id, p.text, p.author_id, a.lang, case when :category = '' then p.rating end as rating, exists (
        select 1 from pains n where n.post = p.id and n.confidence >= 0.5 and (:category = '' or n.category = :category)
    ) as hurts
from posts p join counted_posts c on c.post = p.id join annotations a on a.post = p.id
where a.lang in ('vi', 'en') and (:language = '' or a.lang = :language) and p.text <> ''
    and (:brand = '' or exists (
        select 1 from mentions m join brands b using (brand_id) where m.post = p.id and b.name = :brand
    ))
order by p.author_id, p.id
"""
_CATEGORIES = 'select post, category, "start", "end" from pains where confidence >= 0.5'


class Word(NamedTuple):
    """A word or phrase as normal forms. ``size`` counts its tokens: what teencode writes as one is one."""

    language: str
    term: str
    size: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A word or phrase to accept or refuse. ``people`` use it in complaints, ``others`` in the rest.

    ``code`` is the category that the pains around it have most often.
    """

    term: str
    language: str
    code: str
    z: float
    q: float
    people: int
    others: int
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggested:
    """What came out. ``enough`` is false where either group has too few people for an answer."""

    suggestions: tuple[Suggestion, ...]
    complaining: int
    others: int
    enough: bool
    least: int = FEWEST_PEOPLE


@dataclass(slots=True)
class _Group:
    """How many people use each word in one group of posts; ``totals`` are the sums over all words of a length."""

    people: int = 0
    words: Counter[Word] = field(default_factory=Counter)
    totals: Counter[tuple[str, int]] = field(default_factory=Counter)

    def add(self, used: Mapping[str, list[Words]], only: frozenset[Word] | None) -> None:
        """One person's texts by language; ``only`` are the words worth counting, ``None`` for all."""
        self.people += 1
        for lang, texts in used.items():
            terms = {Word(lang, term, size) for text in texts for term, size in text.terms}
            self.words.update(terms if only is None else terms & only)
            for size in range(LONGEST):
                self.totals[lang, size + 1] += len(set().union(*(text.phrases[size] for text in texts)))


@dataclass(frozen=True, slots=True)
class _Weighed:
    word: Word
    z: float
    q: float


def suggest(
    store: Store,
    study: Study,
    *,
    language: str = "",
    brand: str = "",
    category: str = "",
    at_least: int | None = None,
    refused: Iterable[tuple[str, str]] = (),
    most: int = 50,
) -> Suggested:
    """The words that go with complaints, the surest first, at most ``most``.

    A word counts from ``at_least`` complaining people on, by default the study's smallest group.
    """
    minimum = max(at_least or study.privacy.minimum_group, study.privacy.minimum_group)
    asked = {"language": language, "brand": brand, "category": category}
    reader = Reader(
        brands={one.name: one.aliases for one in study.brands},
        files=study.lexicon_files,
        default_language=study.language,
    )
    complaining, rest = _Group(), _Group()
    for used in _people(store.query(_POSTS, asked), reader, complaints=True):
        complaining.add(used, None)
    unwanted = set(refused)
    enough_use = (word for word, n in complaining.words.items() if n >= minimum)
    worth = frozenset(word for word in enough_use if (word.language, word.term) not in unwanted)
    for used in _people(store.query(_POSTS, asked), reader, complaints=False):
        rest.add(used, worth)
    enough = min(complaining.people, rest.people) >= FEWEST_PEOPLE
    found = _whole(_weighed(complaining, rest, worth), complaining.words) if enough else []
    found = sorted(found, key=lambda one: (-one.z, one.word))[:most]
    context = _contexts(store, asked, reader, {one.word for one in found})
    suggestions = tuple(
        Suggestion(
            one.word.term, one.word.language, context[one.word].code(category), round(one.z, 2), one.q,
            complaining.words[one.word], rest.words[one.word], tuple(context[one.word].quotes.values()),
        )
        for one in found
    )  # fmt: skip
    return Suggested(suggestions, complaining.people, rest.people, enough)


def _people(
    posts: Iterable[Mapping[str, Any]], reader: Reader, *, complaints: bool
) -> Iterator[dict[str, list[Words]]]:
    """Each person's texts of one group by language."""
    for _, theirs in groupby(posts, key=lambda post: post["author_id"]):
        used: dict[str, list[Words]] = defaultdict(list)
        for post in theirs:
            if _complains(post) is complaints:
                used[post["lang"]].append(reader(post["text"], post["lang"]))
        if used:
            yield used


def _complains(post: Mapping[str, Any]) -> bool:
    return bool(post["hurts"]) or (post["rating"] is not None and post["rating"] <= _MOST_STARS)


def _weighed(one: _Group, two: _Group, worth: frozenset[Word]) -> list[_Weighed]:
    """The words that complaints have more of, surely enough; each against the words of its language and length."""
    by_kind: dict[tuple[str, int], list[Word]] = defaultdict(list)
    for word in sorted(worth):
        by_kind[word.language, word.size].append(word)
    found: list[tuple[Word, float, float]] = []
    for kind, words in by_kind.items():
        counts = [[group.words[word] for word in words] for group in (one, two)]
        odds = log_odds(counts[0], counts[1], one.totals[kind], two.totals[kind])
        found += zip(words, odds.z.tolist(), odds.p.tolist(), strict=True)
    q_values = benjamini_hochberg([p for _, _, p in found]).tolist()
    weighed = [_Weighed(word, z, q) for (word, z, _), q in zip(found, q_values, strict=True)]
    return [one for one in weighed if one.q <= _TRUE_DISCOVERY]


def _whole(found: list[_Weighed], people: Counter[Word]) -> list[_Weighed]:
    """Of a phrase and its part, the one that says it: the phrase where nearly all use it whole, else the part."""
    by_term = {(one.word.language, one.word.term): one.word for one in found}
    dropped: set[Word] = set()
    for (lang, phrase), whole in by_term.items():
        split = phrase.split()
        parts = {" ".join(split[i:j]) for i in range(len(split)) for j in range(i + 1, len(split) + 1)} - {phrase}
        for part in (by_term[lang, part] for part in parts if (lang, part) in by_term):
            dropped.add(part if people[whole] >= _SAME * people[part] else whole)
    return [one for one in found if one.word not in dropped]


@dataclass(slots=True)
class _Context:
    """What stands around a word: the pains of its posts, and what a few people wrote."""

    categories: Counter[str] = field(default_factory=Counter)
    quotes: dict[int, str] = field(default_factory=dict)

    def code(self, asked: str) -> str:
        """The category asked for, else the one met most often."""
        return asked or next((code for code, _ in self.categories.most_common(1)), "quality")


def _contexts(store: Store, asked: Mapping[str, str], reader: Reader, wanted: set[Word]) -> dict[Word, _Context]:
    found = {word: _Context() for word in wanted}
    if not wanted:
        return found
    categories: dict[int, set[str]] = defaultdict(set)
    for row in store.query(_CATEGORIES):
        categories[row["post"]].add(row["category"])
    for post in store.query(_POSTS, asked):
        if not _complains(post):
            continue
        for term, size in reader(post["text"], post["lang"]).terms:
            context = found.get(Word(post["lang"], term, size))
            if context is not None:
                context.categories.update(categories[post["id"]])
                if len(context.quotes) < _QUOTES:
                    context.quotes.setdefault(post["author_id"], _quote(post["text"], term))
    return found


def _quote(text: str, term: str) -> str:
    """A masked line of the post around the term, where it is written as its normal form; else the post's beginning."""
    at = text.lower().find(term)
    before, hit, after = excerpt(text, text[at : at + len(term)] if at >= 0 else "")
    return f"{before}{hit}{after}".strip()
