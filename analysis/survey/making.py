"""Which questions a survey should ask: what the study assumes and nobody has settled, then what too few people tell of themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from analysis.promises import CURRENT_PAGES
from analysis.report.evidence import plain
from analysis.statistics import CONFIDENCE
from analysis.survey.buyers import OF_PERSONS, organisations
from data.codebook import SENSITIVE
from data.expectations import meets
from data.groups import amount
from data.store import Store
from data.study import MARKET, Study
from data.survey import bank
from data.survey.coded import WHO
from data.survey.questionnaire import BOUGHT, MANY, ONE, PAIN, TEXT, Choice, Question, Questionnaire
from data.words import tell_in

#: Asked in every survey, whatever is known: whose customer it is, what hurts, where to reach people and what they go by.
ALWAYS = (PAIN, "channel", "value", "behaviour", "budget")
#: An attribute is a gap where fewer people tell it than this, or a smaller part of the audience.
FEW_PEOPLE, FEW_SHARE = 100, 0.3
#: What people like least to be asked stands last.
_LAST = ("income", "effort")
#: So many answers made out of what people told in free words.
_MOST_CHOICES = 8
#: Nobody's budget for most things is above this; dearer pages move it.
_DEAREST = 5e6
_DEAREST_OF_PLACES = 5e8
_SECONDS = {ONE: 10, MANY: 15, TEXT: 40}
_UNSAFE = re.compile(r"^[=+\-@\t\r]|[<>{}]|https?:")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something to ask for, and why: ``screen``, ``assumption``, ``gap`` or ``always``, with the values of that sentence."""

    attribute: str
    why: str
    values: dict[str, object]


def wanted(study: Study, store: Store | None) -> list[Wanted]:
    """Everything worth asking, the most pressing first, each attribute once."""
    found: dict[str, Wanted] = {}
    for one in (*_screening(study), *_assumptions(study, store), *_always(), *_gaps(study, store)):
        if one.attribute not in SENSITIVE:
            found.setdefault(one.attribute, one)
    return list(found.values())


def _screening(study: Study) -> Iterator[Wanted]:
    yield Wanted(BOUGHT, "bought", {})
    for segment in study.own.target:
        for assumption in segment.standing:
            if assumption.attribute in WHO:
                yield Wanted(str(assumption.attribute), "screen", {"segment": segment.segment})


def _assumptions(study: Study, store: Store | None) -> Iterator[Wanted]:
    """Assumptions that the data have not settled come before those that they have."""
    settled = _settled(study, store)
    standing = [(s, a) for s in study.own.target for a in s.standing]
    for settled_ones in (False, True):
        for segment, assumption in standing:
            about = assumption.attribute or PAIN
            key = (segment.segment, about, str(assumption.expect))
            if (key in settled) is settled_ones:
                why = "checked" if settled_ones else "assumption"
                yield Wanted(about, why, {"segment": segment.segment})


def _settled(study: Study, store: Store | None) -> set[tuple[str, str, str]]:
    if store is None:
        return set()
    from data.assumptions import claims

    rows = store.query(
        "select assumption from verdicts where brand = ? and verdict in ('supported', 'contradicted')",
        (study.own.name,),
    )
    names = {row["assumption"] for row in rows}
    return {
        (claim.segment, claim.assumption.attribute or PAIN, str(claim.assumption.expect))
        for claim in claims(study)
        if claim.id in names
    }


def _always() -> Iterable[Wanted]:
    return (Wanted(attribute, "always", {}) for attribute in ALWAYS)


def _gaps(study: Study, store: Store | None) -> Iterator[Wanted]:
    """Attributes that few tell, the least known first; of our own audience, and of the market where we have none."""
    if store is None:
        return
    told: dict[str, dict[str, tuple[int, int]]] = {}
    for row in store.query("select brand, attribute, told, audience from audiences"):
        told.setdefault(row["brand"], {})[row["attribute"]] = (row["told"], row["audience"])
    own = told.get(study.own.name) or told.get(MARKET)
    if not own:
        return
    size = own.get("all", (0, 0))[1]
    for row in store.query("select distinct attribute from personas where line = 'gap' order by position"):
        if row["attribute"] in bank.attributes():
            yield Wanted(row["attribute"], "persona", {})
    known = {name: own.get(name, (0, size))[0] for name in bank.attributes() if name not in (BOUGHT, PAIN)}
    for name, count in sorted(known.items(), key=lambda pair: pair[1]):
        if count < FEW_PEOPLE or count < FEW_SHARE * size:
            shown = count >= study.privacy.minimum_group
            why = "gap_none" if not count else "gap" if shown else "gap_few"
            yield Wanted(name, why, {"count": count, "of": size})


def make(
    study: Study,
    store: Store | None,
    lang: str,
    *,
    product: str | None = None,
    most: int = 15,
    today: date | None = None,
) -> Questionnaire:
    """A questionnaire of at most ``most`` questions in ``lang``, with the code of every answer and why each question is asked."""
    words = bank.form(lang)
    what = product or words["product"].format(brand=study.own.name)
    of_places = organisations(study, store)
    assumed = {one.attribute for one in _assumptions(study, None)}
    chosen = [one for one in wanted(study, store) if not of_places or one.attribute not in OF_PERSONS - assumed]
    chosen = chosen[:most]
    chosen = [one for one in chosen if one.attribute not in _LAST] + [
        one for name in _LAST for one in chosen if one.attribute == name
    ]
    questions: list[Question] = []
    for one in chosen:
        asking = bank.asking(one.attribute, lang, organisations=of_places)
        if asking is not None:
            questions.append(_question(one, asking, study, store, lang, what, f"Q{len(questions) + 1:02}"))
    return Questionnaire(
        survey=words["title"].format(product=what)[:200], language="vi" if lang == "vi" else "en",
        made=(today or date.today()).isoformat(), questions=questions,
    )  # fmt: skip


def _question(
    one: Wanted, asking: bank.Asking, study: Study, store: Store | None, lang: str, product: str, code: str
) -> Question:
    answers = list(_answers(one.attribute, asking, study, store, lang))
    type_ = asking.type if answers else TEXT
    if answers:
        answers += bank.closing(one.attribute, asking, answers, lang)
    prefix = "SQ0" if type_ == MANY else "A"
    answers = [
        choice.model_copy(update={"code": f"{prefix}{place:02}" if type_ == MANY else f"A{place}"})
        for place, choice in enumerate(answers, start=1)
    ]
    return Question(
        code=code, ask=asking.ask.format(product=product)[:500], type=type_, attribute=one.attribute,
        why=tell_in(lang, f"survey.why.{one.why}", **one.values), answers=answers, other=asking.other and bool(answers),
    )  # fmt: skip


def _answers(attribute: str, asking: bank.Asking, study: Study, store: Store | None, lang: str) -> Iterator[Choice]:
    if attribute == BOUGHT:
        yield from (Choice(say=brand.name, value=brand.name) for brand in study.brands)
    elif attribute == "location":
        yield from _places(asking, study, store)
    elif attribute in ("interest", "goal"):
        yield from (Choice(say=value, value=value) for value in _told(attribute, study, store))
    elif attribute == "budget":
        yield from _budgets(asking, store, lang, _DEAREST_OF_PLACES if organisations(study, store) else _DEAREST)
    else:
        yield from asking.answers


def _budgets(asking: bank.Asking, store: Store | None, lang: str, dearest: float) -> Iterator[Choice]:
    """The bands of budgets up to the one in which nobody would spend that much at once, by the prices on the pages."""
    offers = (
        offer
        for row in (store.query(CURRENT_PAGES) if store is not None else ())
        for offer in json.loads(row["content"]).get("offers") or ()
    )
    prices = [
        float(o["price"]) for o in offers if isinstance(o.get("price"), int | float) and o.get("currency") == "VND"
    ]
    limit = max(dearest, 10 * max(prices, default=0.0))
    for choice in asking.answers:
        sums = amount(choice.value)
        if sums is not None and sums[0][1] <= limit:
            yield choice
        elif sums is not None:
            last = bank.amount_from(sums[0][0], lang)
            yield Choice(say=last, value=f"{sums[0][0]:.0f}- VND")
            return


def _places(asking: bank.Asking, study: Study, store: Store | None) -> Iterator[Choice]:
    """The places that the study expects, then those that people tell most, then the largest cities."""
    said = {choice.value: choice.say for choice in asking.answers}
    expected = [v for s in study.own.target for a in s.standing if a.attribute == "location" for v in a.expected]
    canonical = [
        next((known for known in said if meets("location", [place], known, None)), place) for place in expected
    ]
    places = dict.fromkeys([*canonical, *_told("location", study, store), *said])
    for place in list(places)[: _MOST_CHOICES + len(expected)]:
        yield Choice(say=said.get(place, place), value=place)


def _told(attribute: str, study: Study, store: Store | None) -> list[str]:
    """What enough people of the market tell of an attribute, the most frequent first; nothing that is no plain word."""
    if store is None:
        return []
    rows = store.query(
        "select value from audience_shares where brand = ? and attribute = ? and authors >= ? order by authors desc, value limit ?",
        (MARKET, attribute, max(study.privacy.minimum_group, 5), _MOST_CHOICES * 2),
    )
    words = [plain(str(row["value"]))[:60] for row in rows]
    return [word for word in words if word and "[" not in word and not _UNSAFE.search(word)][:_MOST_CHOICES]


def minutes(asked: Questionnaire) -> int:
    """About how long it takes to answer, by what kind of question takes how long."""
    return max(1, round(sum(_SECONDS.get(question.type, 15) for question in asked.questions) / 60))


def needed(share: float = 0.5, width: float = 0.05) -> int:
    """How many people it takes until a share is known to within ``width`` on either side, at worst."""
    from scipy.stats import norm

    z = float(norm.ppf((1 + CONFIDENCE) / 2))
    return int(-(-(z**2 * share * (1 - share)) // width**2))


def rows_of(asked: Questionnaire) -> list[dict[str, Any]]:
    """The questions as rows for showing."""
    return [
        {"code": q.code, "ask": q.ask, "type": q.type, "answers": len(q.answers), "why": q.why} for q in asked.questions
    ]
