"""One cell with several answers taken apart: ``a;b;``, or ``a, b`` where answers themselves may have commas."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.importers.survey.reading import even

_MOST = 100


def parts(cell: str, known: Sequence[str]) -> list[str]:
    """The answers of a cell. Where a semicolon stands it divides; else a known answer is taken whole, commas and all, and what
    is none reaches to the next comma."""
    if ";" in cell:
        return [part.strip() for part in cell.split(";") if part.strip()][:_MOST]
    if "," not in cell or any(even(one) == even(cell) for one in known):
        return [cell.strip()] if cell.strip() else []
    longest = sorted({even(one) for one in known if "," in one}, key=len, reverse=True)
    found: list[str] = []
    rest = cell.strip()
    while rest and len(found) < _MOST:
        taken = _known_at(rest, longest)
        if taken is None:
            taken = rest.find(",") if "," in rest else len(rest)
        if part := rest[:taken].strip():
            found.append(part)
        rest = rest[taken:].lstrip(", ")
    return found


def _known_at(rest: str, longest: Sequence[str]) -> int | None:
    """How far a known answer reaches that the text begins with; it must end where the text or an answer does."""
    for one in longest:
        for end in range(len(one), min(len(one) + 12, len(rest)) + 1):
            if even(rest[:end]) == one and (end == len(rest) or rest[end:].lstrip(" .?*:")[:1] == ","):
                return end
    return None
