"""The lines of lexicons as they stand in their files, with their place, and how a study's files change them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.text.lexicon import SILENCED, Entry, Lexicon, expand, load, shipped
from analysis.text.lexicon_own import LANGUAGES, area_of, areas, lines_of
from analysis.text.lexicon_tables import tables
from analysis.text.normalise import fold

#: As the files have them; the first six are in every file.
COLUMNS = (
    "term",
    "variants",
    "code",
    "weight",
    "origin",
    "example",
    "who",
    "fold",
    "group",
    "area",
    "notes",
    "language",
)
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines are asked for; empty means any. ``term`` is looked for in every spelling, marks and case aside."""

    term: str = ""
    area: str = ""
    code: str = ""

    def __call__(self, row: Row) -> bool:
        if self.area not in ("", row["area"]) or self.code not in ("", row["code"], *row["code"].split(";")):
            return False
        return not self.term or any(fold(self.term.lower()) in fold(form) for form in spellings(row))


def nearest_first(found: Iterable[Row], term: str) -> list[Row]:
    """The lines that have ``term`` itself before those that have it without marks, as a word, or somewhere; a study's own first."""
    wanted = term.lower().strip()

    def far(row: Row) -> tuple[int, bool]:
        forms = [*spellings(row)]
        near = (
            wanted == row["term"].lower(),
            wanted in forms,
            fold(wanted) in map(fold, forms),
            any(f" {wanted} " in f" {form} " for form in forms),
        )
        rank = near.index(True) if wanted and True in near else len(near) if wanted else 0
        return rank, row["state"] not in ("own", "silences")

    return sorted(found, key=far)


def shortened(variants: str, term: str = "", width: int = 60) -> str:
    """A long list of variants for the eye: those with ``term`` first, as many as fit, and how many more there are."""
    every = [part for part in variants.split("|") if part]
    if len(variants) <= width:
        return variants
    wanted = fold(term.lower())
    every.sort(key=lambda part: bool(wanted) and not any(wanted in fold(form) for form in expand(part.strip().lower())))
    kept = [_cut(every[0], width)]
    while len(kept) < len(every) and len("|".join(kept)) + len(every[len(kept)]) < width:
        kept.append(every[len(kept)])
    left = len(every) - len(kept)
    return "|".join(kept) + (f" … +{left}" if left else "")


def _cut(pattern: str, width: int) -> str:
    return pattern if len(pattern) <= width else pattern[: width - 2] + " …"


def spellings(row: Row) -> Iterator[str]:
    """Every spelling of a line's term and variants."""
    for part in (row["term"], *row["variants"].split("|")):
        yield from expand(part.strip().lower())


def our_rows(lang: str) -> Iterator[Row]:
    """The lines that come with Chandung for ``lang``; ``line`` is their file and number."""
    for path in shipped(lang):
        yield from _rows(path, path.stem, lang)


def own_rows(files: Iterable[Path]) -> Iterator[Row]:
    """The lines of a study's own files. Raises ``LexiconError``."""
    known = areas()
    for path in files:
        for row in _rows(path, path.stem if path.stem in known else "", ""):
            yield row | {"area": row["area"] or area_of(row["code"])}


def once(found: Iterable[Row]) -> Iterator[Row]:
    """The rows with each spelling of one meaning in one row only, the weightiest: several files of ours may share an area."""
    rows = [(row, {form: _meaning(row, form) for form in spellings(row)}) for row in found]
    best: dict[tuple[str, ...], tuple[float, int]] = {}
    for place, (row, mine) in enumerate(rows):
        for meaning in mine.values():
            best[meaning] = max(best.get(meaning, (-1.0, 0)), (float(row["weight"]), -place))
    for place, (row, mine) in enumerate(rows):
        left = [form for form, meaning in mine.items() if best[meaning][1] == -place]
        if len(left) == len(mine):
            yield row
        elif left:
            yield row | {"term": left[0], "variants": "|".join(left[1:])}


def _meaning(row: Row, form: str) -> tuple[str, ...]:
    return row["area"], form, row["code"], row["who"], row["language"], row["group"], row["notes"]


def _rows(path: Path, area: str, lang: str) -> Iterator[Row]:
    for table in tables(path):
        header = [cell.strip().casefold() for cell in table.lines[0].cells] if table.lines else []
        for line in table.lines[1:]:
            if not any(line.cells) or line.cells[0].startswith("#"):
                continue
            row = dict.fromkeys(COLUMNS, "") | dict(zip(header, line.cells, strict=False))
            row["area"], row["language"] = row["area"] or area, row["language"] or lang
            row["weight"] = row["weight"].replace(",", ".") or "1"
            yield row | {"line": f"{table.name}:{line.number}"}


def rows(files: Sequence[Path] = (), languages: Sequence[str] = LANGUAGES) -> Iterator[Row]:
    """Every line, ours and then the study's; ``state`` says of ours what the study's files do to it."""
    own = lines_of(files) if files else []
    for lang in languages:
        kept = {_key(entry): entry for entry in load(lang, tuple(files)).entries} if own else {}
        before = {_key(entry): entry for entry in load(lang).entries} if own else {}
        for row in our_rows(lang):
            key = (row["area"], row["term"].lower(), row["code"], row["who"])
            yield row | {"state": _state(before.get(key), kept.get(key)) if own else ""}
    for row in own_rows(files):
        if row["language"] in ("", *languages):
            yield row | {"state": "silences" if float(row["weight"]) == 0 else "own"}


def _key(entry: Entry) -> tuple[str, str, str, str]:
    return entry.area, entry.term, entry.code, entry.who


def _state(ours: Entry | None, kept: Entry | None) -> str:
    if kept is None:
        return "silenced"
    if ours is None or ours == kept:
        return ""
    return "replaced" if ours.source != kept.source else "partly_silenced"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a file changes: spellings that are new, that get another weight or code, and that fall silent."""

    lines: int
    added: int
    changed: int
    silenced: int


def effect_of(entries: Sequence[Entry]) -> Effect:
    """What laying the ``entries`` of one file over ours changes, in spellings."""
    ours: dict[tuple[str, str, str], tuple[float, str, str, str]] = {}
    laid: dict[tuple[str, str, str], tuple[float, str, str, str]] = {}
    for lang in LANGUAGES:
        here = [entry for entry in entries if entry.language in ("", lang)]
        ours |= _spelled(load(lang).entries)
        laid |= _spelled(Lexicon(load(lang).entries, [here]).entries)
    return Effect(
        len(entries),
        added=len(laid.keys() - ours.keys()),
        changed=sum(ours[key] != laid[key] for key in ours.keys() & laid.keys()),
        silenced=len(ours.keys() - laid.keys()),
    )


def _spelled(entries: Iterable[Entry]) -> dict[tuple[str, str, str], tuple[float, str, str, str]]:
    """What is said of each spelling; of several lines that say the same of it, the weightiest."""
    said: dict[tuple[str, str, str], tuple[float, str, str, str]] = {}
    for entry in entries:
        if entry.area == SILENCED:
            continue
        value = (entry.weight, entry.group, entry.notes, entry.who)
        for form in entry.forms:
            key = (entry.area, form, entry.code)
            said[key] = max(value, said.get(key, value))
    return said


def still_counting(silent: Entry, entries: Sequence[Entry]) -> list[str]:
    """Complaints that a silenced word stands inside and that still count, ``entries`` being the file's; the shortest first."""
    words, found = {f" {form} " for form in silent.forms}, set[str]()
    for lang in LANGUAGES:
        if silent.language not in ("", lang):
            continue
        left = Lexicon(load(lang).entries, [[entry for entry in entries if entry.language in ("", lang)]])
        for entry in left.area("pains_terms"):
            if silent.area in ("", entry.area) and silent.code in ("", entry.code):
                found |= {form for form in entry.forms if any(word in f" {form} " for word in words)}
    return sorted(found - set(silent.forms), key=lambda form: (len(form), form))
