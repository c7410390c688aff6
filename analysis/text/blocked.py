"""Words of trouble that became no pain, and why: denied, asked, imagined, quoted, praised, or without support beside them.

The reasons are those by which :mod:`analysis.text.pains` goes, asked once more in the same order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.text.clauses import Clause
from analysis.text.lexicon import SILENCED
from analysis.text.pains_found import sort_hits
from analysis.text.phrases import Hit, longest
from analysis.text.tokens import Source
from data.records import Pain

_WORDS = ("pains_terms", "pains_asks", SILENCED)


@dataclass(frozen=True, slots=True)
class Blocked:
    """Words at ``start`` to ``end`` that a lexicon line (``file``, ``line``) knows as trouble or as a request.

    ``reason`` names a sentence, ``by`` the words that kept them from being a pain, if any did.
    """

    words: str
    start: int
    end: int
    code: str
    file: str
    line: int
    reason: str
    by: str = ""


def blocked(source: Source, pains: Sequence[Pain]) -> Iterator[Blocked]:
    """The trouble words outside every pain, by position, each with its reason."""
    adverts = sum(clause.advert for clause in source.clauses) > 1
    elsewhere = {clause.sentence for clause in source.clauses if clause.has("pains_elsewhere")}
    for clause in source.clauses:
        for hit in longest(hit for hit in clause.hits if hit.area in _WORDS):
            start, end = source.starts[hit.start], source.end(hit.end - 1)
            if any(pain.start < end and start < pain.end for pain in pains):
                continue
            reason, by = ("advert_text", "") if adverts else _reason(clause, hit, source)
            if reason == "otherwise" and clause.sentence in elsewhere:
                reason = "elsewhere"
            if reason == "otherwise" and hit.area == "pains_asks":
                continue
            entry = hit.entry
            yield Blocked(source.text[start:end], start, end, entry.code, entry.source, entry.line, reason, by)


def _reason(clause: Clause, hit: Hit, source: Source) -> tuple[str, str]:
    """Why a hit is no pain, and the words that say so."""
    if hit.area == SILENCED:
        return "silenced", ""
    ruling = [s for s in clause.negation.spans if s.start < hit.start < s.end]
    if hit.area == "pains_terms" and clause.negation.covers(hit.start) and ruling:
        return "negated", _text(source, ruling[-1].start, ruling[-1].first)
    found = sort_hits(clause)
    for praise in found.praise if found is not None else ():
        if praise.start < hit.end and hit.start < praise.end:
            return "praised", _text(source, praise.start, praise.end)
    for flag in ("advert", "quoted"):
        if getattr(clause, flag):
            return flag, _flagging(clause, flag, source)
    for flag in ("hypothetical", "worry", "question"):
        if getattr(clause, flag):
            return flag, _flagging(clause, flag, source)
    if hit.area == "pains_terms" and hit.entry.weight < 1:
        return "unsupported", ""
    if hit.entry.notes in ("reaction", "warning", "sign"):
        return hit.entry.notes, ""
    return "otherwise", ""


def _flagging(clause: Clause, flag: str, source: Source) -> str:
    """The words that gave a clause its mark."""
    codes = {"hypothetical": ("hypothetical", "condition"), "quoted": ("speech",)}.get(flag, (flag,))
    for hit in clause.hits:
        if hit.area == "clauses" and hit.code in codes:
            return _text(source, hit.start, hit.end)
    return "?" if flag == "question" else ""


def _text(source: Source, first: int, last: int) -> str:
    if first < 0 or first >= last:
        return ""
    return source.text[source.starts[first] : source.end(last - 1)]
