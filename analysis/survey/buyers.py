"""Whether a survey asks people about themselves, or about the place for which they buy."""

from __future__ import annotations

from data.codebook import SENSITIVE
from data.store import Store
from data.study import MARKET, Study

#: From so many people on, what they tell of themselves says for whom a market buys.
_FEW_PEOPLE = 20
#: What is nobody's business who asks a person about the place where they work.
OF_PERSONS = frozenset(
    ("gender", "age", "income", "education", "marital_status", "children", "child_age", "interest", *SENSITIVE)
)


def organisations(study: Study, store: Store | None) -> bool:
    """Whether customers are organisations: by the study's own assumption, else by what most customers tell of themselves."""
    expected = [
        value
        for segment in study.own.target
        for assumption in segment.standing
        if assumption.attribute == "customer_type"
        for value in assumption.expected
    ]
    if expected or store is None:
        return bool(expected) and set(expected) == {"organisation"}
    told = {
        row["brand"]: (row["authors"], row["told"])
        for row in store.query(
            "select brand, authors, told from audience_shares where attribute = 'customer_type' and value = 'organisation'"
        )
    }
    authors, of = told.get(study.own.name) or told.get(MARKET) or (0, 0)
    return bool(of >= max(_FEW_PEOPLE, study.privacy.minimum_group) and authors > of / 2)
