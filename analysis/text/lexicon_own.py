"""A study's own lexicon files: read, checked line by line, and laid over ours.

Every mistake is told with its file and line, all of them at once. What is right but without effect — a silenced word that
no line has — is a note and stops nothing, for a newer version of ours may have let the word go.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from textwrap import shorten

from analysis.text.lexicon import COLUMNS, MOST_FORMS, OPTIONAL, Entry, LexiconError, entry_of, load, spellings
from analysis.text.lexicon_tables import Line, Table, tables
from data import codebook
from data.words import tell

LANGUAGES = ("vi", "en")
PAIN_AREAS = ("pains_terms", "pains_good", "pains_dims", "pains_aspects", "pains_wishes")
#: Areas whose words are troubles by themselves, those that say it plainest first.
_HURTING = ("pains_terms", "pains_asks")
#: Areas whose codes are names of things in the world or other words; a new one may be right.
OPEN_AREAS = ("places", "teencode")
#: Where a code says by itself which area a line belongs to, the first of these that knows it.
_AREAS_BY_CODE = (
    "pains_terms",
    "pains_asks",
    "pains_praise",
    "severity",
    "channels",
    "occupations",
    "behaviour",
    "values",
)
_FOLDS = ("", "yes", "no")
_PAIN_GROUPS = ("", "complaint", "problem")
_BRACKET = re.compile(r"[(\[](?=\w)|(?<=\w)[)\]]")
_MOST_TOLD = 20
_LONGEST_SHOWN = 60
#: What is shown of all codes where no area tells which of them could be meant.
_SHOWN_CODES = (*codebook.PAIN_CATEGORIES, *codebook.PAIN_KINDS[2:5], "praise", "…")


@dataclass(slots=True)
class Own:
    """What a study's files hold: ``faults`` stop everything, ``notes`` are told and stop nothing."""

    layers: list[list[Entry]] = field(default_factory=list)
    faults: list[LexiconError] = field(default_factory=list)
    notes: list[LexiconError] = field(default_factory=list)

    @property
    def entries(self) -> list[Entry]:
        """The lines of all files, in order."""
        return [entry for layer in self.layers for entry in layer]


@cache
def areas() -> tuple[str, ...]:
    """The areas that ours have."""
    return tuple(sorted({entry.area for lang in LANGUAGES for entry in load(lang).entries}))


@cache
def codes_of(area: str) -> tuple[str, ...]:
    """The codes that a line of ``area`` may have; empty where any may be right."""
    if area in OPEN_AREAS:
        return ()
    if area in PAIN_AREAS:
        return codebook.PAIN_CATEGORIES
    if area == "occupations":
        return codebook.OCCUPATION_GROUPS
    known = {entry.code for lang in LANGUAGES for entry in load(lang).area(area)}
    attribute = {"channels": "channel", "values": "value", "behaviour": "behaviour"}.get(area, "")
    return tuple(sorted(known | set(codebook.VALUES.get(attribute, ()))))


def area_of(code: str) -> str:
    """The area that a line with ``code`` belongs to where it names none; empty where its code does not tell."""
    for area in _AREAS_BY_CODE:
        if code in codes_of(area):
            return area
    holding = [area for area in areas() if code in codes_of(area)]
    return holding[0] if len(holding) == 1 else ""


def layers_of(files: Sequence[Path]) -> list[list[Entry]]:
    """The entries of each of a study's files. Raises :class:`LexiconError` with a line for each mistake."""
    own = read_own(files)
    if own.faults:
        raise told_at_once(own.faults)
    return own.layers


def lines_of(files: Sequence[Path]) -> list[Entry]:
    """The same, the files one behind the other."""
    return [entry for layer in layers_of(files) for entry in layer]


def told_at_once(faults: Sequence[LexiconError]) -> LexiconError:
    """One error that tells them all, the first twenty word by word."""
    if len(faults) == 1:
        return faults[0]
    lines = [str(fault) for fault in faults[:_MOST_TOLD]]
    if len(faults) > _MOST_TOLD:
        lines.append(tell("lexicon.more_faults", n=len(faults) - _MOST_TOLD))
    return LexiconError("lexicon_wrong", problems="\n".join(lines))


def read_own(files: Iterable[Path]) -> Own:
    """Read and check a study's files, each laid over those before it."""
    own = Own()
    for path in files:
        try:
            found = tables(path)
        except LexiconError as error:
            own.faults.append(error)
            continue
        own.layers.append([])
        if not any(table.lines for table in found):
            own.notes.append(LexiconError("lexicon_no_lines", file=path.name))
        for table in found:
            _read(table, path.stem, own)
    return own


def digest(files: Sequence[Path], lang: str = "") -> str:
    """A digest of what the files say (of texts in ``lang``), their order of columns and their format aside; empty without files."""
    if not files:
        return ""
    said = hashlib.blake2b(digest_size=4)
    for entry in lines_of(files):
        if lang and entry.language not in ("", lang):
            continue
        said.update(repr(replace(entry, source="", line=0)).encode())
    return said.hexdigest()


def _read(table: Table, stem: str, own: Own) -> None:
    if not table.lines:
        return
    header = [cell.strip().casefold() for cell in table.lines[0].cells]
    while header and not header[-1]:
        header.pop()
    faults = list(_header_faults(table, header))
    own.faults += faults
    if faults:
        return
    default = stem if stem in areas() else ""
    seen: dict[tuple[str, ...], int] = {}
    said: dict[tuple[str, str, str], Entry] = {}
    for line in table.lines[1:]:
        if not any(line.cells) or line.cells[0].startswith("#"):
            continue
        try:
            entry = _entry(table, header, line, default)
            _refuse_again(entry, table, line, seen)
        except LexiconError as error:
            own.faults.append(error)
            continue
        if entry.weight > 0 and (other := _other_code(entry, said)):
            own.notes.append(
                LexiconError(
                    "lexicon_two_codes",
                    file=table.name, line=line.number, term=entry.term, first=other.line, code=entry.code, other=other.code,
                )
            )  # fmt: skip
        part = _hurting_part(entry, own.entries) if entry.weight == 0 else None
        if part is not None:
            own.notes.append(
                LexiconError(
                    "lexicon_part_hurts",
                    file=table.name, line=line.number, term=entry.term, part=part[0], where=part[1].source, at=part[1].line,
                )
            )  # fmt: skip
        elif entry.weight == 0 and not stands(entry, own.entries):
            near = nearest(entry.term, (form for form in _known_forms() if form not in entry.forms))
            own.notes.append(
                LexiconError(
                    "lexicon_nothing_silenced", file=table.name, line=line.number, term=entry.term, nearest=near
                )
            )
        own.layers[-1].append(replace(entry, own=True))


def _header_faults(table: Table, header: Sequence[str]) -> Iterator[LexiconError]:
    number = table.lines[0].number
    known = COLUMNS + OPTIONAL
    for column in header:
        if column not in known:
            yield LexiconError(
                "lexicon_own_column",
                file=table.name, line=number, column=_shown(column), nearest=nearest(column, known), known=", ".join(known),
            )  # fmt: skip
    for column in known:
        if header.count(column) > 1:
            yield LexiconError("lexicon_column_twice", file=table.name, line=number, column=column)
    for column in ("term", "code"):
        if column not in header:
            yield LexiconError("lexicon_missing_column", file=table.name, line=number, column=column)


def _entry(table: Table, header: Sequence[str], line: Line, default: str) -> Entry:
    cells = [*line.cells]
    while cells and not cells[-1]:
        cells.pop()
    where = {"file": table.name, "line": line.number}
    if len(cells) > len(header):
        raise LexiconError("lexicon_cells", **where, found=len(cells), expected=len(header))
    row = dict.fromkeys(header, "") | dict(zip(header, cells, strict=False))
    row["weight"] = row.get("weight", "").replace(",", ".")
    code, area = row["code"], row.get("area", "") or default
    silences = row["weight"] not in ("", "1") and _is_zero(row["weight"])
    if not area and code:
        area = area_of(code)
    for pattern in (row["term"], *row.get("variants", "").split("|")):
        if spellings(pattern) > MOST_FORMS:
            raise LexiconError("lexicon_forms", **where, term=_shown(pattern), n=spellings(pattern), most=MOST_FORMS)
    entry = entry_of(row, area, table.name, line.number)
    for column, value, options in (
        ("area", area, areas()),
        ("fold", row.get("fold", ""), _FOLDS),
        ("who", row.get("who", ""), ("", *codebook.WHO)),
        ("language", row.get("language", ""), ("", *LANGUAGES)),
        ("group", row.get("group", "") if area == "pains_terms" else "", _PAIN_GROUPS),
    ):
        if value and value not in options:
            _refuse(where, column, value, options)
    if area != "emoji" and (odd := next((form for form in entry.forms if _BRACKET.search(form)), "")):
        raise LexiconError("lexicon_bracket", **where, term=_shown(odd))
    if code and not (area and _fits(code, area)):
        _refuse(where, "code", code, codes_of(area) if area else _all_codes(), shown=codes_of(area) or _SHOWN_CODES)
    if not area and not silences:
        raise LexiconError("lexicon_no_area", **where, known=", ".join(areas()))
    return entry


def _refuse(
    where: Mapping[str, object], column: str, value: str, options: Sequence[str], shown: Sequence[str] = ()
) -> None:
    known = [option for option in options if option]
    raise LexiconError(
        "lexicon_value",
        **where,
        column=column,
        value=_shown(value),
        nearest=nearest(value, known),
        known=", ".join(shown or known),
    )


def _shown(value: str) -> str:
    """A cell as a sentence can quote it: a quotation mark that is never closed makes one of half a file."""
    return shorten(value, _LONGEST_SHOWN, placeholder=" …") if " " in value or "\n" in value else value[:_LONGEST_SHOWN]


def _is_zero(weight: str) -> bool:
    try:
        return float(weight) == 0
    except ValueError:
        return False


def _fits(code: str, area: str) -> bool:
    known = codes_of(area)
    if not known or code in known:
        return True
    parts = [part.partition("=") for part in code.split(";")]
    return any("=" in one for one in known) and all(
        sign and name in codebook.ATTRIBUTES and (value in codebook.VALUES[name] if name in codebook.VALUES else value)
        for name, sign, value in parts
    )


def _all_codes() -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for area in (*_AREAS_BY_CODE, *areas()) for code in codes_of(area)))


def _refuse_again(entry: Entry, table: Table, line: Line, seen: dict[tuple[str, ...], int]) -> None:
    for form in entry.forms:
        key = (entry.area, form, entry.code, entry.who, entry.language, entry.group, entry.notes)
        first = seen.setdefault(key, line.number)
        if first != line.number:
            raise LexiconError("lexicon_duplicate", file=table.name, line=line.number, term=form, first=first)


def _other_code(entry: Entry, said: dict[tuple[str, str, str], Entry]) -> Entry | None:
    """A complaint that the file has already with another code; two codes of one word that ours have too are meant."""
    first = said.setdefault((entry.area, entry.term, entry.language), entry)
    if entry.area not in PAIN_AREAS or first.code == entry.code or (stands(entry, ()) and stands(first, ())):
        return None
    return first


def stands(entry: Entry, before: Sequence[Entry]) -> bool:
    """Whether a line that silences has anything to silence, in ours or in what the study added before it."""
    wanted = set(entry.forms)
    ours = (one for lang in LANGUAGES if entry.language in ("", lang) for one in load(lang).entries)
    return any(
        entry.area in ("", one.area) and entry.code in ("", one.code) and not wanted.isdisjoint(one.forms)
        for group in (ours, before)
        for one in group
    )


def _hurting_part(silent: Entry, before: Sequence[Entry]) -> tuple[str, Entry] | None:
    """The longest part of a silenced phrase that a line has as a trouble, where no line has the phrase itself as one."""
    if silent.area not in ("", *_HURTING):
        return None
    found: list[tuple[str, Entry]] = []
    silenced = {form for one in before if one.weight == 0 for form in one.forms}
    for lang in LANGUAGES:
        if silent.language not in ("", lang):
            continue
        for entry in (*load(lang).entries, *(one for one in before if one.language in ("", lang))):
            if entry.area not in _HURTING or entry.weight == 0:
                continue
            for form in entry.forms:
                if form in silent.forms:
                    return None
                if form not in silenced and any(f" {form} " in f" {whole} " for whole in silent.forms):
                    found.append((form, entry))
    return max(found, key=lambda one: (len(one[0]), -_HURTING.index(one[1].area)), default=None)


@cache
def _known_forms() -> tuple[str, ...]:
    return tuple(dict.fromkeys(form for lang in LANGUAGES for entry in load(lang).entries for form in entry.forms))


def nearest(word: str, known: Iterable[str]) -> str:
    """ " Did you mean …?" with the nearest of ``known``; empty where none is near."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return tell("study.nearest", word=close[0]) if close else ""
