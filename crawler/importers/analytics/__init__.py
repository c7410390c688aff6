"""``chandung import analytics``: GA4, Matomo, and the audiences that Facebook and TikTok show, as observations on the codebook.

What the columns mean is in ``data/languages/*/importers/analytics*.tsv``; :mod:`blocks` finds the tables in a file,
:mod:`coding` puts their values in the codebook's words.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

from crawler.importers.analytics.blocks import read
from crawler.importers.analytics.coding import Coded, Sum, coded
from crawler.importers.asking import brand_named
from crawler.importers.evidence import attribute_name, taken
from crawler.importers.history import period as days_of
from crawler.importers.kinds import Asked, How
from crawler.importers.taking import Evidence, Taken, period_of
from data.errors import InputError
from data.numbers import number
from data.study import Study
from data.words import tell

_NAMED = 5


def run(asked: Asked, study: Study, how: How) -> Taken | None:
    """Import one export; ``None`` where nothing was to be stored. Raises ``InputError`` for a file that is none."""
    if asked.mapping is not None or how.save_mapping is not None:
        raise InputError("import_needs_no_mapping", path=asked.path.name)
    export = read(asked.path, encoding=asked.encoding, sheet=asked.sheet)
    found = coded(export)
    first, last = found.period if None not in found.period else period_of(asked.date)
    if first is None or last is None:
        raise InputError("import_no_period", path=asked.path.name)
    if first > f"{datetime.now(ZoneInfo(study.timezone)):%Y-%m-%d}":
        raise InputError(
            "import_future", path=asked.path.name, period=days_of({"period_from": first, "period_to": last})
        )
    brand = brand_named(study, asked.about) or study.own.name
    evidence = Evidence(
        asked.path, "analytics", export.made_by, brand, found.rows, list(found.observations(brand, (first, last))), (first, last)
    )  # fmt: skip
    if not evidence.observations:
        raise InputError("import_no_values", path=asked.path.name)
    evidence.counts = Counter({
        f"{attribute} {what}": round(count) for attribute, one in _first(found).items() for what, count in _apart(one).items() if count
    })  # fmt: skip
    return taken(asked, study, how, evidence, _remarks(found, export.encoding))


def _first(found: Coded) -> dict[str, Sum]:
    """Attribute → its sum in the unit that was met first, which is people wherever there are any."""
    sums: dict[str, Sum] = {}
    for (attribute, _), one in found.sums.items():
        sums.setdefault(attribute, one)
    return sums


def _apart(one: Sum) -> dict[str, float]:
    return {"silent": one.silent, "not in any list": sum(one.odd.values()), "too wide": sum(one.wide.values())}


def _remarks(found: Coded, encoding: str | None) -> list[str]:
    """What has to be known of a file before one agrees: what it does not tell, and what no list knows."""
    said = []
    if encoding not in (None, "utf-8", "utf-8-sig"):
        said.append(tell("import.notes.encoding", name=encoding))
    for attribute, one in _first(found).items():
        name = attribute_name(attribute)
        whole = one.told + one.silent
        if one.silent and whole:
            said.append(tell("evidence.silent", attribute=name, share=number(100 * one.silent / whole, 1)))
        for what in ("odd", "wide"):
            values: dict[str, float] = getattr(one, what)
            if values:
                named = ", ".join(sorted(values, key=values.__getitem__, reverse=True)[:_NAMED]) + (
                    ", …" if len(values) > _NAMED else ""
                )
                share = number(100 * sum(values.values()) / one.told, 1)
                said.append(tell(f"evidence.{what}", attribute=name, share=share, values=named))
    if found.of_days:
        said.append(tell("evidence.of_days"))
    if found.carried:
        said.append(tell("evidence.carried", count=number(found.carried)))
    if found.hidden:
        said.append(tell("evidence.hidden", count=number(found.hidden)))
    if found.left:
        said.append(tell("evidence.left", columns=", ".join(dict.fromkeys(found.left))))
    if any(unit == "share" for _, unit in found.sums):
        said.append(tell("evidence.shares_only"))
    return said
