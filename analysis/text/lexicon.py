"""Lexicons: words and phrases as tab-separated files that open in a spreadsheet.

Columns: ``term``, ``variants`` (joined by ``|``), ``code``, ``weight`` (0 to 1), ``origin``, ``example``; optionally
``who``, ``fold`` (``yes``/``no``: may it be found where diacritics are missing), ``area`` and ``notes``. The area of a
line is its file's name unless it says otherwise. In a term ``(a/b)`` stands for either and ``[a]`` may be missing.
A later file adds lines; weight 0 silences the line with the same area, term and code.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from data.errors import InputError

FOLDER = Path(__file__).parents[2] / "data" / "languages"
COLUMNS = ("term", "variants", "code", "weight", "origin", "example")
OPTIONAL = ("who", "fold", "area", "notes", "group")
_CHOICE = re.compile(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]")
_MOST_FORMS = 2000


class LexiconError(InputError):
    """A lexicon file has a wrong column, a wrong value or the same line twice. Names the file and the line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a lexicon. ``forms`` are all its spellings, in lower case; ``fold`` is ``None`` where unsaid."""

    area: str
    term: str
    code: str
    weight: float
    forms: tuple[str, ...]
    who: str = ""
    fold: bool | None = None
    group: str = ""
    notes: str = ""
    source: str = ""
    line: int = 0


def expand(term: str) -> Iterator[str]:
    """Every spelling of ``term``: ``"it (is/was) [so] bad"`` gives four."""
    parts: list[list[str]] = []
    at = 0
    for match in _CHOICE.finditer(term):
        parts.append([term[at : match.start()]])
        parts.append(match[1].split("/") if match[1] is not None else [*match[2].split("/"), ""])
        at = match.end()
    parts.append([term[at:]])
    for chosen in itertools.islice(itertools.product(*parts), _MOST_FORMS):
        yield " ".join("".join(chosen).split())


def read(path: Path) -> list[Entry]:
    """The entries of one file, those of weight 0 too. Raises :class:`LexiconError`."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    header = lines[0].rstrip().split("\t") if lines else []
    for column in header:
        if column not in COLUMNS + OPTIONAL:
            raise LexiconError(
                "lexicon_column", file=path.name, line=1, column=column, known=", ".join(COLUMNS + OPTIONAL)
            )
    for column in ("term", "code"):
        if column not in header:
            raise LexiconError("lexicon_missing_column", file=path.name, line=1, column=column)
    entries: list[Entry] = []
    seen: dict[tuple[str, str, str, str], int] = {}
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip() or line.startswith("#"):
            continue
        entry = _entry(path, number, header, line)
        for form in entry.forms:
            key = (entry.area, form, entry.code, entry.who)
            if key in seen:
                raise LexiconError("lexicon_duplicate", file=path.name, line=number, term=form, first=seen[key])
            seen[key] = number
        entries.append(entry)
    return entries


def _entry(path: Path, number: int, header: Sequence[str], line: str) -> Entry:
    cells = [cell.strip() for cell in line.split("\t")]
    if len(cells) > len(header):
        raise LexiconError("lexicon_cells", file=path.name, line=number, found=len(cells), expected=len(header))
    row = dict(zip(header, cells, strict=False))
    term = row["term"].lower()
    if not term or not row.get("code"):
        raise LexiconError("lexicon_empty", file=path.name, line=number, column="code" if term else "term")
    try:
        weight = float(row.get("weight") or 1)
    except ValueError:
        weight = -1.0
    if not 0 <= weight <= 1:
        raise LexiconError("lexicon_weight", file=path.name, line=number, value=row.get("weight", ""))
    variants = [term, *(v.strip().lower() for v in row.get("variants", "").split("|") if v.strip())]
    return Entry(
        area=row.get("area") or path.stem,
        term=term,
        code=row["code"],
        weight=weight,
        forms=tuple(dict.fromkeys(form for variant in variants for form in expand(variant) if form)),
        who=row.get("who", ""),
        fold={"yes": True, "no": False}.get(row.get("fold", "")),
        group=row.get("group", ""),
        notes=row.get("notes", ""),
        source=path.name,
        line=number,
    )


class Lexicon:
    """All entries of a language, by area."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        kept: dict[tuple[str, str, str, str], Entry] = {}
        for entry in entries:
            kept[entry.area, entry.term, entry.code, entry.who] = entry
        self.entries = tuple(entry for entry in kept.values() if entry.weight > 0)
        self._areas: dict[str, list[Entry]] = {}
        for entry in self.entries:
            self._areas.setdefault(entry.area, []).append(entry)

    def area(self, name: str) -> Sequence[Entry]:
        """The entries of one area; empty where the language has none."""
        return self._areas.get(name, [])

    def codes(self, name: str) -> dict[str, str]:
        """Form → code of one area, for areas that are looked up word by word."""
        return {form: entry.code for entry in self.area(name) for form in entry.forms}

    def forms(self, name: str, code: str) -> frozenset[str]:
        """Every form with ``code`` in one area."""
        return frozenset(form for entry in self.area(name) if entry.code == code for form in entry.forms)


@lru_cache(maxsize=16)
def load(lang: str, extra: tuple[Path, ...] = ()) -> Lexicon:
    """The lexicon of ``lang`` with the files of a study (``extra``) laid over it. Raises :class:`LexiconError`."""
    files = [*sorted((FOLDER / lang / "lexicon").glob("*.tsv")), *extra]
    return Lexicon(entry for path in files for entry in read(path))
