"""Lexicons: words and phrases as tab-separated files that open in a spreadsheet.

Columns: ``term``, ``variants`` (joined by ``|``), ``code``, ``weight`` (0 to 1), ``origin``, ``example``; optionally
``who``, ``fold`` (``yes``/``no``: may it be found where diacritics are missing), ``area`` and ``notes``. The area of a
line is its file's name unless it says otherwise. In a term ``(a/b)`` stands for either and ``[a]`` may be missing.
A study's own file (:mod:`analysis.text.lexicon_own`) speaks last of its spellings; weight 0 silences them.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from data.errors import InputError

FOLDER = Path(__file__).parents[2] / "data" / "languages"
COLUMNS = ("term", "variants", "code", "weight", "origin", "example")
OPTIONAL = ("who", "fold", "area", "notes", "group", "language")
_CHOICE = re.compile(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]")
#: Of a pattern so many spellings are looked for; a study's own file may have none with more.
MOST_FORMS = 2000


#: The area of spellings that a study silenced: no rule knows it, and what learned words may leave such out.
SILENCED = "silenced"


class LexiconError(InputError):
    """A lexicon file has a wrong column, a wrong value or the same line twice. Names the file and the line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a lexicon. ``forms`` are all its spellings, in lower case; ``fold`` is ``None`` where unsaid.

    ``own`` says that a study's people wrote it: what they say of a word holds against whatever else would read it.
    """

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
    language: str = ""
    own: bool = False


def expand(term: str) -> Iterator[str]:
    """Every spelling of ``term``, the first 2,000: ``"it (is/was) [so] bad"`` gives four."""
    if "(" not in term and "[" not in term:
        yield " ".join(term.split())
        return
    for chosen in itertools.islice(itertools.product(*_parts(term)), MOST_FORMS):
        yield " ".join("".join(chosen).split())


def spellings(term: str) -> int:
    """How many spellings ``term`` stands for, however many are listed."""
    return math.prod(map(len, _parts(term)))


def _parts(term: str) -> list[list[str]]:
    """What may stand in each place of ``term``, one place behind the other."""
    parts: list[list[str]] = []
    at = 0
    for match in _CHOICE.finditer(term):
        parts.append([term[at : match.start()]])
        parts.append(match[1].split("/") if match[1] is not None else [*match[2].split("/"), ""])
        at = match.end()
    parts.append([term[at:]])
    return parts


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
    return entry_of(row, row.get("area") or path.stem, path.name, number)


def entry_of(row: Mapping[str, str], area: str, file: str, number: int) -> Entry:
    """The entry of one line, ``row`` its cells by column. A line that only silences needs no code."""
    term = row["term"].lower()
    try:
        weight = float(row.get("weight") or 1)
    except ValueError:
        weight = -1.0
    if not 0 <= weight <= 1:
        raise LexiconError("lexicon_weight", file=file, line=number, value=row.get("weight", ""))
    if not term or not (row.get("code") or weight == 0):
        raise LexiconError("lexicon_empty", file=file, line=number, column="code" if term else "term")
    variants = [term, *(v.strip().lower() for v in row.get("variants", "").split("|") if v.strip())]
    return Entry(
        area=area,
        term=term,
        code=row.get("code", ""),
        weight=weight,
        forms=tuple(dict.fromkeys(form for variant in variants for form in expand(variant) if form)),
        who=row.get("who", ""),
        fold={"yes": True, "no": False}.get(row.get("fold", "")),
        group=row.get("group", ""),
        notes=row.get("notes", ""),
        source=file,
        line=number,
        language=row.get("language", ""),
    )


Key = tuple[str, str, str, str]


class Lexicon:
    """All entries of a language, by area, with the files of a study (``own``) laid over them one by one.

    What such a file says of a spelling takes the place of what stood there before in the same area.
    """

    def __init__(self, entries: Iterable[Entry], own: Iterable[Sequence[Entry]] = ()) -> None:
        kept = {_key(entry): entry for entry in entries if entry.weight > 0}
        for layer in own:
            _lay(kept, layer)
        self.entries = tuple(kept.values())
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


def _key(entry: Entry) -> Key:
    return entry.area, entry.term, entry.code, entry.who


def _lay(kept: dict[Key, Entry], layer: Sequence[Entry]) -> None:
    """Lay one file over what stands in ``kept``; an entry of the same area, term and code keeps its place in the order."""
    new = {_key(entry): entry for entry in layer if entry.weight > 0}
    by_form: dict[str, list[Entry]] = {}
    for entry in layer:
        for form in entry.forms:
            by_form.setdefault(form, []).append(entry)
    for key, entry in list(kept.items()):
        if key in new:
            continue
        left = tuple(form for form in entry.forms if not any(_covers(by, entry) for by in by_form.get(form, ())))
        if not left:
            del kept[key]
        elif len(left) < len(entry.forms):
            kept[key] = replace(entry, forms=left)
    kept |= new
    silent = (replace(entry, area=SILENCED) for entry in layer if entry.weight == 0)
    kept |= {_key(entry): entry for entry in silent}


def _covers(by: Entry, entry: Entry) -> bool:
    """Whether ``by`` says something else of a spelling, or silences it; its code and ``who`` narrow what it silences."""
    if by.area not in ("", entry.area) or by.who not in ("", entry.who):
        return False
    return by.weight > 0 or by.code in ("", entry.code)


def shipped(lang: str) -> list[Path]:
    """The lexicon files that come with Chandung for ``lang``."""
    return sorted((FOLDER / lang / "lexicon").glob("*.tsv"))


def load(lang: str, extra: tuple[Path, ...] = ()) -> Lexicon:
    """The lexicon of ``lang`` with the files of a study (``extra``) laid over it. Raises :class:`LexiconError`."""
    return _load(lang, tuple((path, _stamp(path)) for path in extra))


def _stamp(path: Path) -> tuple[int, int]:
    """Changes when the file does, so that what was read of it is not taken for what stands in it now."""
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=16)
def _load(lang: str, extra: tuple[tuple[Path, tuple[int, int]], ...]) -> Lexicon:
    ours = [entry for path in shipped(lang) for entry in read(path)]
    if not extra:
        return Lexicon(ours)
    from analysis.text.lexicon_own import layers_of

    layers = layers_of([path for path, _ in extra])
    return Lexicon(ours, ([entry for entry in layer if entry.language in ("", lang)] for layer in layers))
