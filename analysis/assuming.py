"""What ``chandung assume`` lists, asks and checks before it writes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from analysis.report import registered
from analysis.report.speech import Speech
from analysis.verdict_history import last
from data.assumptions import Claim, claims, direction, same_subject, statement
from data.errors import InputError
from data.store import Store, open_store
from data.study import Assumption, Study
from data.study_file import problem

Row = dict[str, Any]
#: Of an assumption in the file, what the register would call a change.
_CLAIMED = ("claim", "rule")
_OPTION = {
    "at_least": "--at-least",
    "at_most": "--at-most",
    "minimum_n": "--minimum-n",
    "expect": "--expect",
    "id": "--id",
}


def today(study: Study) -> str:
    """The date of today where the study is."""
    return datetime.now(ZoneInfo(study.timezone)).date().isoformat()


def open_if_there(study: Study) -> Store | None:
    """The study's database for reading, where there is one yet."""
    return open_store(study.database, read_only=True) if study.database.exists() else None


def listed(study: Study) -> list[Row]:
    """Every assumption of the file and of the register, as ``chandung assume list --json`` prints it."""
    store = open_if_there(study)
    if store is None:
        return [_listed(registered.of_claim(claim), None, {}) for claim in claims(study)]
    with store:
        register = {r["id"]: r for r in store.query("select * from assumptions where replaced_at is null order by id")}
        verdicts = list(store.query("select * from verdicts_by_kind where newest and brand = ?", (study.own.name,)))
        readings = store.query("select assumption, reading from verdict_readings where brand = ?", (study.own.name,))
        said = {row["assumption"]: row["reading"] for row in readings}
        checked = {row["assumption"] for row in verdicts}
        verdicts += [
            row
            for row in last(store, study.own.name)
            if row["assumption"] not in checked
            and row["assumption"] in register
            and register[row["assumption"]]["retired_at"]
            and row["version"] == register[row["assumption"]]["version"]
        ]
    found = []
    for row in [registered.of_claim(claim) for claim in claims(study)]:
        mine = {v["kind"]: _shown(row, v, study) for v in verdicts if v["assumption"] == row["id"]}
        found.append(_listed(row, register.pop(row["id"], None), mine, said.get(row["id"])))
    gone = [
        _listed(row, row, {v["kind"]: _shown(row, v, study) for v in verdicts if v["assumption"] == row["id"]})
        for row in register.values()
    ]
    return [*found, *gone]


def _shown(claim: Mapping[str, Any], row: Mapping[str, Any], study: Study) -> Row:
    """A verdict with its number, where it may be told."""
    minimum = study.privacy.minimum_group
    found = registered.estimate(claim, row, minimum)
    numbers = {"share": found.share, "low": found.low, "high": found.high, "n": found.n} if found else {}
    told = {name: registered.result(claim, row, minimum, Speech(name)) for name in ("vi", "en")}
    return {"verdict": row["verdict"], **numbers, "why": row["why"], "told": told}


def _listed(row: Row, known: Mapping[str, Any] | None, verdicts: Row, reading: str | None = None) -> Row:
    told = {name: registered.sentence(row, Speech(name)) for name in ("vi", "en")}
    kept = known or {}
    return {
        "id": row["id"],
        "segment": row["segment"],
        "claim": row["claim"],
        "told": told,
        "rule": row["rule"],
        "minimum_n": row["minimum_n"],
        "since": kept.get("made_at") or row["made_at"],
        "note": row["note"],
        "state": _state(row, known),
        "retired_at": row["retired_at"],
        "retired_why": row["retired_why"],
        "version": kept.get("version"),
        "registered_at": kept.get("registered_at"),
        "changed": kept.get("changed"),
        "after_data": bool(kept["after_data"]) if known else None,
        "verdicts": verdicts,
        "reading": reading,
    }


def _state(row: Row, known: Mapping[str, Any] | None) -> str:
    """``standing``, ``new`` or ``changed`` (no analysis has seen it so), ``retired`` or ``gone``."""
    if row["retired_at"]:
        return "gone" if row.get("retired_how") == "gone" else "retired"
    if known is None or known["retired_at"]:
        return "new"
    return "standing" if all(known[name] == row[name] for name in _CLAIMED) else "changed"


def checked(fields: Mapping[str, Any]) -> Assumption:
    """The fields as an assumption. Raises ``InputError`` with a sentence for each option that is wrong."""
    try:
        return Assumption.model_validate(dict(fields))
    except ValidationError as error:
        found = [problem(item) for item in error.errors()]
    options = {**_OPTION, **({"expect": "--top"} if str(fields.get("expect", "")).startswith("top ") else {})}
    named = [(options.get(str(place[0]), f"--{place[0]}") if place else "", said) for place, said in found]
    raise InputError("study_wrong", problems="\n".join(f"{name}: {said}" if name else said for name, said in named))


def refuse_twice(study: Study, segment: str, new: Assumption) -> None:
    """Raise ``InputError`` where the study holds the same claim already, be it with another threshold."""
    for claim in claims(study):
        old = claim.assumption
        if old.retired or claim.segment.casefold() != segment.casefold() or not same_subject(old, new):
            continue
        if direction(old) == direction(new):
            key = "assume_twice" if statement(old) == statement(new) else "assume_other_threshold"
            raise InputError(key, id=claim.id, claim=statement(old))


def id_of(study: Study, segment: str, new: Assumption) -> str:
    """The id under which an assumption that was written last stands."""
    mine = [c for c in claims(study) if c.segment.casefold() == segment.casefold() and c.assumption == new]
    return mine[-1].id


def described(segment: str, new: Assumption) -> Row:
    """A claim that is about to be written, as the register would hold it."""
    return registered.of_claim(Claim("", segment, 0, 0, new))


def share(text: str) -> float | None:
    """``0.7``, ``0,7`` or ``70%`` as a share; ``None`` for what is no number."""
    match = re.fullmatch(r"(-?\d{1,9}(?:[.,]\d{1,9})?)\s*(%?)", text.strip())
    if not match:
        return None
    number = float(match[1].replace(",", "."))
    return round(number / 100, 9) if match[2] else number


def threshold(text: str) -> Row | None:
    """``≥70%``, ``<= 0.2``, ``40-60%`` or ``top 3`` as the fields of an assumption; ``None`` for anything else."""
    plain = " ".join(text.split())
    if match := re.fullmatch(r"top (\d{1,2})", plain, re.IGNORECASE):
        return {"expect": f"top {match[1]}"}
    if match := re.fullmatch(r"([^-–]+%?)\s?[-–]\s?([^-–]+?)(%?)", plain):
        low, high = (share(f"{part.rstrip('%')}{match[3]}") for part in (match[1], match[2]))
        return {"at_least": low, "at_most": high} if low is not None and high is not None else None
    match = re.fullmatch(r"(>=|=>|≥|>|<=|=<|≤|<)\s?(.+)", plain)
    value = share(match[2]) if match else None
    if match is None or value is None:
        return None
    return {"at_most" if match[1][0] in "<≤" or match[1] == "=<" else "at_least": value}


def values(given: list[str]) -> Any:
    """The values expected as YAML holds them: one alone, or a list."""
    every = [part.strip() for text in given for part in text.split(",") if part.strip()]
    return every if len(every) != 1 else every[0]
