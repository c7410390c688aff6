"""What to learn of a brand and what to avoid, with the posts that show it.

*Learn*: words, offers, proofs and channels in posts about the brand that draw more likes and answers than its other posts; what its
people praise more than those of other brands. *Less blamed*: what fewer tell of as a pain than at other brands, and what it promises
and nobody of many is seen to complain of; nobody praises that either. *Avoid*: what its people suffer.
Formulas and limits: ``docs/explanation/comparison.md``.
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

import data
from analysis.audience import QUOTES
from analysis.claims import SURELY
from analysis.differences import LEVEL, UNKNOWN
from analysis.facts import Facts
from analysis.frames import People
from analysis.sampled import MOST_POSTS, Read, Words, replies
from analysis.statistics import CONFIDENCE, Floats, benjamini_hochberg
from analysis.whole_words import any_of
from data.store import Store
from data.words import LANGUAGES

LEARN, AVOID = "learn", "avoid"
#: What fewer suffer, or nobody is seen to complain of: silence, from which nothing is learnt.
LESS_BLAMED = "less_blamed"
PEOPLE, BRAND = "people", "brand"
DRAWS, DRAWS_LESS = "draws", "draws_less"
#: So many people (or of a brand's own posts, so many posts) on either side are needed to compare.
_FEWEST = 10
_MOST_WORDS = 30
_MOST_PAINS = 5
_FOLDER = Path(data.__file__).parent / "languages"
#: Codes of the words by which pages prove themselves that stand for a proof alone; the others need words beside them.
_PROOFS = frozenset({"award", "certificate", "endorse", "expert", "press", "prize", "rating"})
Row = dict[str, Any]
Feature = tuple[str, str]


def find(facts: Facts) -> None:
    """Write ``lessons``; rests on ``comparisons``, ``distinctive``, ``strengths`` and ``claims``."""
    people, store = facts.people, facts.store
    fits = {
        r["brand"]: r["verdict"]
        for r in store.query("select brand, verdict from comparisons where measure = 'verdict'")
    }
    words = _telling_words(store)
    channels = _channels(people)
    drawing = [*_drawing(facts.sampled, words, channels, PEOPLE), *_drawing(_own_posts(facts), words, channels, BRAND)]
    drawing = [row for row in drawing if row["brand"] in fits]
    q_values = benjamini_hochberg([row["p_value"] for row in drawing]).tolist()
    rows = [row | {"q_value": q, "verdict": _verdict(row, q)} for row, q in zip(drawing, q_values, strict=True)]
    rows += [row for row in (*_praised(store), *_kept(store), *_suffered(store)) if row["brand"] in fits]
    store.replace_rows("lessons", (row | {"fits": fits[row["brand"]]} for row in rows))


def _verdict(row: Mapping[str, Any], q: float) -> str:
    return UNKNOWN if q > LEVEL else DRAWS if row["value"] > 1 else DRAWS_LESS


def _telling_words(store: Store) -> dict[str, list[str]]:
    """Brand → the words that go with it most."""
    found: dict[str, list[str]] = defaultdict(list)
    told = "select brand, term from distinctive where kind = 'word' and verdict = 'different' and z > 0 order by z desc, term"
    for row in store.query(told):
        if len(found[row["brand"]]) < _MOST_WORDS and row["term"] not in found[row["brand"]]:
            found[row["brand"]].append(row["term"])
    return found


def _channels(people: People) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    rows = people.cues[people.cues["attribute"] == "channel"]
    for post, value in zip(rows["post"], rows["value"], strict=True):
        found[int(post)].add(str(value))
    return found


@cache
def _selling_words() -> tuple[tuple[Feature, re.Pattern[str]], ...]:
    """Offers and proofs as pages word them, by their codes: ("offer", "delivery.free"), ("proof", "award")."""
    forms: dict[Feature, set[str]] = defaultdict(set)
    for lang in LANGUAGES:
        for kind, file in (("offer", "sale_terms"), ("proof", "proofs")):
            with (_FOLDER / lang / "landing" / f"{file}.tsv").open(encoding="utf-8", newline="") as lines:
                for row in csv.DictReader(lines, delimiter="\t"):
                    if kind == "offer" or row["code"] in _PROOFS:
                        forms[kind, row["code"]].add(row["term"].lower())
    return tuple((feature, any_of(terms)) for feature, terms in sorted(forms.items()))


def _own_posts(facts: Facts) -> list[Read]:
    """What the brands themselves post where their pages are read; each post by nobody but the brand."""
    accounts = list(facts.people.own_accounts)
    reader, answered, found = Words(facts.study), replies(facts.store), list[Read]()
    for start in range(0, len(accounts), 500):
        part = accounts[start : start + 500]
        marks = ",".join("?" * len(part))
        for row in facts.store.query(_OWN_POSTS.format(marks=marks), (*part, MOST_POSTS)):
            lang = row["lang"] if row["lang"] in LANGUAGES else facts.study.language
            words, likes = reader(row["text"], lang), row["likes"]
            answers = answered(row["post_id"], row["source_id"])
            found.append(Read(row["brand"], row["id"], row["id"], lang, words, likes, answers, None, row["source_id"]))
    return found


_OWN_POSTS = """
select p.id, p.post_id, p.text, p.lang, p.likes, p.source_id, b.name as brand
from posts p join sources s using (source_id) join brands b on b.brand_id = s.brand_id
where p.author_id in ({marks}) and p.duplicate_of is null and p.text <> '' and p.reply_to is null order by p.posted_at desc, p.id limit ?
"""


def _drawing(
    posts: Sequence[Read], words: Mapping[str, Sequence[str]], channels: Mapping[int, set[str]], by: str
) -> Iterator[Row]:
    """Rows of what posts with a feature draw, as a ratio to those without. A person has one vote on each side; of a brand's own
    posts every post has one, for the likes are other people's."""
    by_brand: dict[str, list[tuple[Read, float]]] = defaultdict(list)
    for one in posts:
        value = engagement(one)
        if value is not None:
            by_brand[one.brand].append((one, value))
    for brand, told in sorted(by_brand.items()):
        drawn = _beside_their_source(
            [one.source for one, _ in told], np.array([value for _, value in told], dtype=float)
        )
        authors, author = np.unique([one.author for one, _ in told], return_inverse=True)
        places: dict[Feature, list[int]] = defaultdict(list)
        for place, (one, _) in enumerate(told):
            for feature in features(one, words.get(brand, ()), channels):
                places[feature].append(place)
        for feature, having in sorted(places.items()):
            has = np.zeros(len(told), dtype=bool)
            has[having] = True
            row = _ratio(drawn, author.reshape(-1), has, len(authors))
            if row is not None:
                shown = sorted(having, key=lambda place: (-drawn[place], told[place][0].post))
                seen = {told[place][0].author: told[place][0].post for place in reversed(shown)}
                evidence = [
                    told[place][0].post for place in shown if seen[told[place][0].author] == told[place][0].post
                ]
                yield _row(brand, LEARN, *feature, by=by, measure="engagement", **row, evidence=evidence[:QUOTES])


def engagement(post: Read) -> float | None:
    """Likes and answers on a scale on which the tenth counts less than the first; ``None`` where neither is shown."""
    if post.likes is None and post.replies is None:
        return None
    return float(np.log1p(max(post.likes or 0, 0) + (post.replies or 0)))


def _beside_their_source(sources: Sequence[int], drawn: Floats) -> Floats:
    """Less what posts of the same place draw on average: a fanpage draws more than a forum whatever is said there."""
    _, source = np.unique(sources, return_inverse=True)
    source = source.reshape(-1)
    means = np.bincount(source, weights=drawn) / np.bincount(source)
    return np.asarray(drawn - means[source], dtype=float)


def features(post: Read, words: Sequence[str], channels: Mapping[int, set[str]]) -> set[Feature]:
    """What may draw people in a post: words that go with the brand, offers, proofs, channels told."""
    line = post.line
    found = {("word", word) for word in words if f" {word} " in line}
    found |= {feature for feature, pattern in _selling_words() if pattern.search(line)}
    return found | {("channel", channel) for channel in channels.get(post.post, ())}


def _welch(one: Floats, two: Floats) -> tuple[float, float, float, float] | None:
    """How far the means lie apart, the ends of the interval and p, by Welch's t; ``None`` where all are alike on both sides.

    Where all of one side are alike, which for numbers with fractions is so up to rounding, that side has no variance.
    """
    shares = [
        0.0 if np.allclose(side, side[0], rtol=1e-9, atol=1e-12) else float(side.var(ddof=1)) / len(side)
        for side in (one, two)
    ]
    whole = sum(shares)
    if whole <= 0:
        return None
    degrees = whole**2 / sum(share**2 / (len(side) - 1) for share, side in zip(shares, (one, two), strict=True))
    apart, error = float(one.mean() - two.mean()), whole**0.5
    reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, degrees)) * error
    return apart, apart - reach, apart + reach, float(2 * stats.t.sf(abs(apart) / error, degrees))


def _ratio(drawn: Floats, author: np.ndarray, has: np.ndarray, authors: int) -> dict[str, Any] | None:
    """The ratio of what posts with and without draw, with Welch's interval over the authors' means."""
    sides = []
    for mask in (has, ~has):
        posts = np.bincount(author[mask], minlength=authors)
        means = np.bincount(author[mask], weights=drawn[mask], minlength=authors)[posts > 0] / posts[posts > 0]
        if len(means) < _FEWEST:
            return None
        sides.append(means)
    one, two = sides
    found = _welch(one, two)
    if found is None:
        return None
    value, low, high = (float(np.exp(x)) for x in found[:3])
    return {
        "value": value,
        "low": low,
        "high": high,
        "n": len(one),
        "n_others": len(two),
        "p_value": found[3],
    }


def _praised(store: Store) -> Iterator[Row]:
    """What a brand's people praise more, or suffer less, than those of the others."""
    for row in store.query("select * from strengths where verdict = 'strength'"):
        figures = {
            name: row[old]
            for name, old in (("value", "difference"), ("low", "difference_low"), ("high", "difference_high"))
        }
        counts = {"n": row["n"], "n_others": row["n_others"], "p_value": row["p_value"]}
        shown = json.loads(row["evidence"]) if row["side"] == "praise" else []
        lesson = LEARN if row["side"] == "praise" else LESS_BLAMED
        made = _row(
            row["brand"], lesson, "strength", row["category"], by=PEOPLE, measure=row["side"], **figures, **counts, evidence=shown
        )  # fmt: skip
        yield made | {"q_value": row["q_value"], "verdict": "strength"}


def _kept(store: Store) -> Iterator[Row]:
    """What its pages promise and nobody of many is seen to complain of, where other brands' people do: of what nobody anywhere speaks
    nobody complains less."""
    told = """
        select * from claims c where c.area = 'promise' and c.verdict = 'none' and exists (
            select 1 from pain_shares s where s.category = c.value and s.brand not in (c.brand, 'market') and s.authors > 0)
        order by c.brand, c.value, c.claimed
    """
    seen: set[tuple[str, str]] = set()
    for row in store.query(told):
        if (row["brand"], row["claimed"]) in seen:
            continue
        seen.add((row["brand"], row["claimed"]))
        figures = {"value": row["share"], "low": row["low"], "high": row["high"], "n": row["n"], "n_others": 0}
        detail = {"category": row["value"], "url": row["url"]}
        made = _row(
            row["brand"],
            LESS_BLAMED,
            "promise",
            row["claimed"],
            by=BRAND,
            measure="complaint",
            **figures,
            detail=detail,
        )
        yield made | {"verdict": "kept"}


def _suffered(store: Store) -> Iterator[Row]:
    """What a brand's people suffer: the pains that surely many tell of, the commonest first."""
    told = "select * from pain_shares where brand <> 'market' and category <> 'other' and low >= ? order by brand, authors desc, category"
    shown: dict[str, int] = defaultdict(int)
    for row in store.query(told, (SURELY,)):
        shown[row["brand"]] += 1
        if shown[row["brand"]] <= _MOST_PAINS:
            figures = {
                "value": row["share"],
                "low": row["low"],
                "high": row["high"],
                "n": row["authors"],
                "n_others": row["audience"],
            }
            evidence = json.loads(row["evidence"])
            made = _row(
                row["brand"],
                AVOID,
                "pain",
                row["category"],
                by=PEOPLE,
                measure="complaint",
                **figures,
                evidence=evidence,
            )
            yield made | {"verdict": "suffered"}


def _row(
    brand: str, lesson: str, kind: str, subject: str, *, by: str, measure: str, value: float, low: float, high: float,
    n: int, n_others: int, p_value: float | None = None, detail: Mapping[str, object] | None = None,
    evidence: Sequence[int] = (),
) -> Row:  # fmt: skip
    return {
        "brand": brand, "lesson": lesson, "kind": kind, "subject": subject, "by": by, "measure": measure, "value": value,
        "low": low, "high": high, "n": n, "n_others": n_others, "p_value": p_value, "q_value": None, "verdict": UNKNOWN,
        "detail": json.dumps(detail or {}, ensure_ascii=False), "evidence": json.dumps(list(evidence)),
    }  # fmt: skip
