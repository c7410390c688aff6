"""Taking, refusing and entering figures of reports. Nothing of a report counts anywhere before somebody took it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from crawler.alone import alone
from crawler.importers.localities import place_of
from crawler.importers.reference.keeping import BY_HAND, KIND, REFUSED, TAKEN
from crawler.importers.reference.vocabulary import words_in
from data.codebook import ATTRIBUTES, OCCUPATION_GROUPS, PAIN_CATEGORIES, SENSITIVE, VALUES
from data.errors import InputError
from data.groups import grouped, span
from data.privacy import mask
from data.store import Store, open_store
from data.store.imported import Observation
from data.study import Study

PAIN = "pain"
_DOCUMENTS = """
select d.document_id as document, d.title, d.publisher, d.date, d.reputation, d.pages, d.url, d.file,
       sum(o.state = 'suggested') as suggested, sum(o.state = 'taken') as taken, sum(o.state = 'refused') as refused
from reference_documents d left join reference_figures f using (document_id) left join observations o using (observation_id)
group by d.document_id order by d.document_id
"""
_FIGURES = """
select o.observation_id as figure, f.document_id as document, o.state, o.page, o.brand, o.audience, o.attribute, o.value, o.share, o.low,
       o.high, o.n, f.who, o.quote, f.found_by, f.decided_at
from observations o join reference_figures f using (observation_id)
where (:document is null or f.document_id = :document) and (:state is null or o.state = :state)
order by f.document_id, o.page is null, o.page, o.observation_id
"""
_ONE = """
select o.* from observations o join reference_figures f using (observation_id) where o.observation_id = ?
"""
_DOCUMENT = """
select d.document_id, d.import_id, d.pages, i.period_from, i.period_to, coalesce(b.name, 'market') as brand
from reference_documents d join imports i using (import_id) join sources s using (source_id) left join brands b using (brand_id)
where d.document_id = ?
"""
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Said:
    """What a user says of a figure; ``None`` where nothing is said."""

    attribute: str | None = None
    value: str | None = None
    share: str | None = None
    n: int | None = None
    who: str | None = None
    audience: str | None = None
    page: int | None = None
    quote: str | None = None


def documents(study: Study) -> list[dict[str, Any]]:
    """Every report with how many of its figures wait, are taken, are refused."""
    return _asked(study, _DOCUMENTS, {})


def figures(study: Study, document: int | None, state: str | None = None) -> list[dict[str, Any]]:
    """The figures of a report, or of all. Raises ``InputError`` where there is no such report."""
    if document is not None and document not in {row["document"] for row in documents(study)}:
        raise InputError("reference_no_document", id=document)
    return _asked(study, _FIGURES, {"document": document, "state": state})


def _asked(study: Study, sql: str, values: Mapping[str, object]) -> list[dict[str, Any]]:
    if not study.database.exists() or study.database.stat().st_size == 0:
        return []
    with open_store(study.database, read_only=True) as store:
        return list(store.query(sql, values))


def decide(study: Study, numbers: Sequence[int], state: str, said: Said) -> None:
    """Take or refuse figures, all or none; what is ``said`` puts a single one right first.

    Raises ``InputError`` for a number that no figure has, and for what is said wrongly.
    """
    if said != Said() and len(numbers) != 1:
        raise InputError("reference_one_figure")
    with alone(study.database), open_store(study.database) as store:
        changes = [(number, _changes(study, _figure(store, number), said, state)) for number in dict.fromkeys(numbers)]
        run = store.begin_run("reference", {"chandung": version("chandung")})
        with store.one_transaction():
            for number, values in changes:
                store.change_observation(number, values)
            store.end_run(run, "done", {state: len(changes)})


def _figure(store: Store, number: int) -> dict[str, Any]:
    row = next(iter(store.query(_ONE, (number,))), None)
    if row is None:
        raise InputError("reference_no_figure", id=number)
    return row


def _changes(study: Study, old: Mapping[str, Any], said: Said, state: str) -> dict[str, object]:
    if state == REFUSED:
        return {"state": REFUSED}
    attribute = _attribute(study, said.attribute or old["attribute"])
    value = said.value or (old["value"] if attribute == old["attribute"] else None)
    if value is None:
        raise InputError("reference_needs", what="--value")
    share = _share(said.share) if said.share is not None else float(old["share"])
    n = said.n if said.n is not None else old["n"]
    audience = _audience(study, said.audience) if said.audience is not None else old["audience"]
    cell = Observation(
        KIND, old["brand"], attribute, _value(attribute, value), share * n if n else None, n, share, audience=audience
    ).counted()
    names = ("attribute", "value", "count", "n", "share", "low", "high", "audience")
    return {**{name: getattr(cell, name) for name in names}, "state": state}


def enter(study: Study, document: int, said: Said) -> int:
    """Enter a figure by hand, taken at once; its number. Raises ``InputError`` for what is missing or wrong."""
    for what in ("attribute", "value", "share"):
        if getattr(said, what) is None:
            raise InputError("reference_needs", what=f"--{what}")
    if not study.database.exists():
        raise InputError("reference_no_document", id=document)
    with alone(study.database), open_store(study.database) as store:
        row = next(iter(store.query(_DOCUMENT, (document,))), None)
        if row is None:
            raise InputError("reference_no_document", id=document)
        if said.page is not None and not 1 <= said.page <= (row["pages"] or 100_000):
            raise InputError("reference_no_page", page=said.page, pages=row["pages"])
        attribute, share = _attribute(study, str(said.attribute)), _share(str(said.share))
        cell = Observation(
            KIND, row["brand"], attribute, _value(attribute, str(said.value)), share * said.n if said.n else None, said.n, share,
            audience=_audience(study, said.audience or "all"), period_from=row["period_from"], period_to=row["period_to"],
            page=said.page, quote=mask(said.quote)[:_LONGEST] if said.quote else None, state=TAKEN,
        ).counted()  # fmt: skip
        run = store.begin_run("reference", {"chandung": version("chandung")})
        with store.one_transaction():
            [number] = store.add_rows("observations", [{"import_id": row["import_id"], **asdict(cell)}])
            now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            who = mask(said.who)[:_LONGEST] if said.who else None
            by = {"document_id": document, "who": who, "found_by": BY_HAND, "decided_at": now}
            store.add_rows("reference_figures", [{"observation_id": number, **by}])
            store.end_run(run, "done", {"entered": 1})
    return number


def _attribute(study: Study, said: str) -> str:
    known = [one for one in ATTRIBUTES if study.privacy.sensitive or one not in SENSITIVE]
    if said not in (*known, PAIN):
        raise InputError("reference_no_attribute", got=said[:60], known=", ".join((*known, PAIN)))
    return said


def _value(attribute: str, said: str) -> str:
    """A value as the codebook writes it; words of the interface's languages (“nữ”, “Hanoi”) are understood too."""
    said = " ".join(said.split())[:100]
    listed = {**VALUES, "occupation": OCCUPATION_GROUPS, PAIN: PAIN_CATEGORIES}.get(attribute)
    if listed is not None:
        if said in listed:
            return said
        meant = {word.value for word in words_in(said) if word.attribute == attribute and word.start == 0}
        if len(meant) == 1:
            return meant.pop()
        raise InputError("reference_no_value", attribute=attribute, got=said, known=", ".join(listed))
    if attribute == "location":
        return place_of(said) or said
    if attribute == "age":
        if said.endswith("+") and said[:-1].strip().isdigit():
            said = f"{said[:-1].strip()}-120"
        limits = span(said.replace("–", "-"))
        if limits is None or limits[1] > 120:
            raise InputError("reference_no_value", attribute=attribute, got=said, known="18-24, 25-34, 45+")
        return f"{limits[0]:g}-{limits[1]:g}"
    groups = grouped(attribute, said, None)
    if not groups:
        known = {"children": "0, 1, 2, 3, yes, expecting", "child_age": "0-5m, 6-11m, 1y, 3-5y"}
        raise InputError(
            "reference_no_value", attribute=attribute, got=said, known=known.get(attribute, "5000000-10000000 VND")
        )
    return max(groups, key=lambda one: one[1])[0] if attribute in ("income", "budget", "child_age") else groups[-1][0]


def _share(said: str) -> float:
    """``62%``, ``62,5 %`` or ``0.62`` as a share of 1. A bare 1 may be either, and 62 can only be per cent."""
    match = re.fullmatch(r"(\d{1,3}(?:[.,]\d{1,4})?)\s?(%?)", said.strip())
    share = float(match[1].replace(",", ".")) if match else -1.0
    if match and (match[2] or share > 1):
        share /= 100
    elif share == 1:
        share = -1.0
    if not 0 <= share <= 1:
        raise InputError("reference_no_share", got=said[:40])
    return share


def _audience(study: Study, said: str) -> str:
    segments = {one.segment.casefold(): one.segment for one in study.own.target}
    named = {**{one: one for one in ("all", "target", "others")}, **segments}
    if said.casefold() not in named:
        raise InputError("reference_no_audience", got=said[:60], known=", ".join(named.values()))
    return named[said.casefold()]
