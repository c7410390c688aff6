"""Need and ability to pay, together: a score of each for every segment and every brand's audience, beside people who tell as much.

A score is a weighted mean of shares of people. Its components and their weights are fixed here, before looking; who writes more
tells more of everything, so each group stands beside people of the market who write as much. Formula, reasons and limits:
``docs/explanation/need-and-ability.md``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.audience import Row
from analysis.columns import distinct
from analysis.facts import Facts
from analysis.frames import People
from analysis.offer_prices import comparable, of_a_piece, offers_of
from analysis.promises import CURRENT_PAGES
from analysis.resampling import Drawn, resample
from analysis.statistics import Floats, share
from analysis.values import amount
from data.codebook import ATTRIBUTES
from data.store import Store
from data.study import MARKET
from data.study_assumption import LEAST_TO_DECIDE

NEED, ABILITY, SCORE, BRAND = "need", "ability", "score", "brand"
MORE, LESS, SAME, UNCLEAR, NOT_ENOUGH, LINE = "more", "less", "same", "unclear", "not_enough", "line"
BY_CHOICE = "by_choice"
#: The components of each score and what they weigh.
WEIGHTS: Mapping[str, Mapping[str, float]] = {
    NEED: {"hurt": 0.35, "wish": 0.25, "severe": 0.2, "seeking": 0.2},
    ABILITY: {"budget": 0.35, "sensitivity": 0.25, "income": 0.2, "price": 0.2},
}
COMPONENTS = tuple((axis, name) for axis, parts in WEIGHTS.items() for name in parts)
#: By which attribute people may have been chosen for a segment: then the component is no news of it, and stays out of its score.
_ANSWERED_BY = {
    "budget": "budget",
    "sensitivity": "price_sensitivity",
    "income": "income",
    "wish": "goal",
    "seeking": "behaviour",
}
#: Above or below the line is what lies wholly so far from it, on the line what lies wholly within so much of it.
_APART, _ALIKE = 0.02, 0.05
#: A component that fewer people answer is missing; a score takes components that weigh half or more.
_LEAST, _LEAST_WEIGHT = 10, 0.5
#: Kinds of pain that tell a need, and those that tell a wish. An objection is a reason against, not a need.
_HURTS = ("complaint", "problem", "unmet_need", "suggestion", "question")
_WISHES = ("unmet_need", "suggestion")
_SEEKS = ("researching", "comparing", "ready_to_buy", "switching_from", "switching_to")
_PRICE = ("price", "money_worry")
_BADLY = 3
#: An income from which on it counts as enough, a month; other currencies are not compared.
ENOUGH_INCOME = {"VND": 15_000_000.0, "USD": 3000.0, "EUR": 3000.0, "GBP": 3000.0}
#: People are alike in how much they tell who fall into the same class of posts and of attributes that say who they are.
_POSTS, _TOLD = (2, 3, 5, 9, 17, 33, 65), (1, 3)
_WHO = ("demographics", "relationships")


@dataclass(frozen=True, slots=True)
class Answered:
    """One row an author of ``people.authors``: each component's answer, 0 or 1, ``nan`` where there is none; the class of talk."""

    values: Floats
    talk: NDArray[np.int64]


def find(facts: Facts) -> None:
    """Write ``need_ability``."""
    people = facts.people
    prices = asked(facts.store, people)
    answered = answers(facts, prices)
    members = [(g.kind, g.segment, _places(people, g.members)) for g in facts.groups]
    chosen = {(g.kind, g.segment): g.defining for g in facts.groups}
    brands = [(BRAND, b, _places(people, people.audience(b))) for b in people.brands]
    brands = [one for one in brands if len(one[2]) >= facts.minimum]
    everybody = np.arange(len(people.authors))
    speakers = distinct(np.concatenate([places for *_, places in brands])) if len(brands) > 1 else everybody
    rows: list[Row] = []
    for groups, reference in (([(MARKET, MARKET, everybody), *members], everybody), (brands, speakers)):
        drawn = resample(answered.values, answered.talk, [g[2] for g in groups], reference)
        for (kind, name, places), mine in zip(groups, drawn, strict=True):
            scored = _Scored(kind, name, len(places), mine, chosen.get((kind, name), frozenset()))
            rows += scored.rows(facts.minimum, prices)
    facts.store.replace_rows("need_ability", rows)


def asked(store: Store, people: People) -> dict[str, float]:
    """What the market asks, by currency: the median over brands of the median price on each one's pages."""
    found: dict[tuple[str, str], set[tuple[str, float]]] = {}
    for brand, pages in offers_of(store.query(CURRENT_PAGES)).items():
        for offer in (offer for _, offers in pages for offer in offers):
            price, currency = offer.get("price") or 0, offer.get("currency")
            known = isinstance(price, int | float) and np.isfinite(price) and price > 0 and isinstance(currency, str)
            if known and not offer.get("per") and not of_a_piece(offer) and brand in people.brands:
                found.setdefault((str(currency), brand), set()).add((str(offer.get("name")), float(price)))
    middles: dict[str, list[float]] = {}
    for (currency, _), prices in sorted(found.items()):
        middles.setdefault(currency, []).append(median(comparable(price for _, price in prices)))
    return {currency: median(each) for currency, each in middles.items()}


def answers(facts: Facts, prices: Mapping[str, float]) -> Answered:
    """Everybody's answers to every component, in the order of ``COMPONENTS``."""
    people = facts.people
    n, pains, profiles = len(people.authors), people.pains, people.profiles
    kind, category = pains["kind"], pains["category"]
    by, place = _places(people, pains["author"].to_numpy()), _places(people, profiles["author"].to_numpy())
    attribute, value = profiles["attribute"], profiles["value"]
    behaves = np.flatnonzero((attribute == "behaviour").to_numpy())
    seeks = (attribute == "effort").to_numpy(copy=True)
    seeks[behaves] = value.iloc[behaves].isin(_SEEKS)

    def anybody(places: NDArray[np.int64], rows: Any) -> NDArray[np.bool_]:
        mask = np.zeros(n, dtype=bool)
        mask[places[np.asarray(rows, dtype=bool)]] = True
        return mask

    needs = kind.isin(_HURTS)
    hurt, wish = anybody(by, needs), anybody(by, kind.isin(_WISHES)) | anybody(place, attribute == "goal")
    badly = anybody(by, needs & (pains["severity"] >= _BADLY))
    seeking = anybody(place, seeks)
    told, dear = anybody(by, np.ones(len(pains))), anybody(by, category.isin(_PRICE))
    found = {
        "hurt": hurt.astype(float),
        "wish": wish.astype(float),
        "severe": np.where(hurt, badly, np.nan),
        "seeking": seeking.astype(float),
        "price": np.where(told, ~dear, np.nan),
        "sensitivity": _numbers(n, place, attribute == "price_sensitivity", value, {"low": 1.0, "high": 0.0}.get),
        "budget": _numbers(n, place, attribute == "budget", value, lambda v: _reaches(v, prices)),
        "income": _numbers(n, place, attribute == "income", value, _earns),
    }
    values = np.stack([found[name] for _, name in COMPONENTS], axis=1)
    return Answered(values, _talk(people, place, attribute))


def _numbers(n: int, place: NDArray[np.int64], rows: Any, value: Any, worth: Any) -> Floats:
    """What each author's value of an attribute is worth; ``nan`` where it is untold or worth nothing."""
    mine = value[np.asarray(rows, dtype=bool)]
    known = {v: worth(v) for v in mine.unique()}
    found = np.full(n, np.nan)
    found[place[np.asarray(rows, dtype=bool)]] = mine.map(known).to_numpy(dtype=float)
    return found


def _reaches(value: str, prices: Mapping[str, float]) -> float | None:
    """Whether a budget reaches the price asked in its currency."""
    told = amount(value)
    if told is None or told[1] not in prices or not any(told[0]):
        return None
    return float(told[0][1] >= prices[told[1]])


def _earns(value: str) -> float | None:
    """Whether an income counts as enough: by its words, or by the middle of the amount."""
    if value in ("low", "middle", "high"):
        return float(value != "low")
    told = amount(value)
    if told is None or told[1] not in ENOUGH_INCOME or not any(told[0]):
        return None
    return float(sum(told[0]) / 2 >= ENOUGH_INCOME[told[1]])


def _talk(people: People, place: NDArray[np.int64], attribute: pd.Series[Any]) -> NDArray[np.int64]:
    """The class of how much each author tells: by posts, and by attributes that say who they are."""
    n = len(people.authors)
    posts = np.bincount(_places(people, people.posts["author"].to_numpy()), minlength=n)
    of = attribute.astype("category").cat
    who = np.array([*(ATTRIBUTES[name] in _WHO for name in of.categories), False])[of.codes.to_numpy()]
    many = len(of.categories) + 1
    told = np.bincount(distinct(place[who] * many + of.codes.to_numpy()[who]) // many, minlength=n)
    return np.digitize(posts, _POSTS) * (len(_TOLD) + 1) + np.digitize(told, _TOLD)


def _places(people: People, authors: NDArray[np.int64]) -> NDArray[np.int64]:
    known = np.zeros(int(people.authors.max(initial=0)) + 1, dtype=np.int64)
    known[people.authors] = np.arange(len(people.authors))
    return np.asarray(known[authors], dtype=np.int64)


@dataclass(frozen=True)
class _Scored:
    """A group with its resampled answers; ``chosen`` are the attributes by which its people were chosen."""

    kind: str
    name: str
    size: int
    drawn: Drawn
    chosen: frozenset[str]

    def rows(self, minimum: int, prices: Mapping[str, float]) -> Iterator[Row]:
        """Its components, and a score of each axis where enough of them are answered."""
        least = max(minimum, _LEAST)
        for axis, weights in WEIGHTS.items():
            rests: dict[str, int] = {}
            for place, (of, component) in enumerate(COMPONENTS):
                if of != axis:
                    continue
                known, by_choice = self.drawn.n[place] >= least, _ANSWERED_BY.get(component) in self.chosen
                if known and not by_choice:
                    rests[component] = place
                row = self._row(axis, component, weights[component], [place] if known else [], np.ones(1))
                row |= {"n": int(self.drawn.n[place]), "authors": float(self.drawn.count[place]) if known else None}
                if known:
                    alone = share(self.drawn.count[place], int(self.drawn.n[place]))
                    row |= {"low": alone.low, "high": alone.high, **({"verdict": BY_CHOICE} if by_choice else {})}
                yield row | {"detail": json.dumps({"prices": prices} if component == "budget" else {})}
            parts = np.array([weights[component] for component in rests])
            enough = self.size >= minimum and float(parts.sum()) >= _LEAST_WEIGHT
            score = self._row(axis, SCORE, float(parts.sum()), list(rests.values()) if enough else [], parts)
            yield score | {"detail": json.dumps({"rests_on": list(rests)})}

    def _row(self, axis: str, component: str, weight: float, places: Sequence[int], parts: Floats) -> Row:
        row: Row = {
            "kind": self.kind, "name": self.name, "axis": axis, "component": component, "weight": round(weight, 2), "authors": None,
            "n": self.size, "audience": self.size, "share": None, "low": None, "high": None, "line": None, "difference": None,
            "difference_low": None, "difference_high": None, "verdict": NOT_ENOUGH, "detail": "{}",
        }  # fmt: skip
        if not places:
            return row
        score = self.drawn.score(places, parts / parts.sum())
        row |= {"share": score.value, "low": score.low, "high": score.high}
        if self.kind == MARKET:
            return row | {"line": score.value, "verdict": LINE}
        beside = self.drawn.difference(places, parts / parts.sum())
        verdict = NOT_ENOUGH if self.size < LEAST_TO_DECIDE else _verdict(beside.low, beside.high)
        return row | {
            "line": score.value - beside.value, "difference": beside.value, "difference_low": beside.low,
            "difference_high": beside.high, "verdict": verdict,
        }  # fmt: skip


def _verdict(low: float, high: float) -> str:
    if low > _APART or high < -_APART:
        return MORE if low > 0 else LESS
    return SAME if low > -_ALIKE and high < _ALIKE else UNCLEAR
