"""What a study's people decided about proposed words: accepted ones in the study's lexicon file, refused ones remembered."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from analysis.lexicons.files import append
from analysis.lexicons.lines import COLUMNS, Row, spellings
from analysis.text.lexicon import LexiconError, load
from analysis.text.lexicon_own import LANGUAGES, area_of, lines_of, read_own, told_at_once
from analysis.text.lexicon_tables import tables
from data.errors import ChandungError, InputError
from data.study import Study

REFUSED = "lexicon-refused.tsv"
_HEADER = ("term", "language", "refused")
#: The field of the study file, at the beginning of a line.
_FIELD = re.compile(r"^lexicons\s*:", re.MULTILINE)


def own_file(study: Study) -> Path:
    """The file that new words are written to: the study's first, or the one that will be begun."""
    return study.lexicon_files[0] if study.lexicons else study.folder / "lexicon.xlsx"


def accept(study: Study, row: Row) -> tuple[Path, bool]:
    """Write a line into the study's own file; returns the file, and whether the study file names it now.

    Raises ``LexiconError`` for a line that cannot be right; nothing is written then.
    """
    row = dict.fromkeys(COLUMNS, "") | row
    row["area"] = row["area"] or area_of(row["code"])
    _check(study, row)
    path = own_file(study)
    append(path, row)
    named = bool(study.lexicons) or _name(study, path)
    _forget_refusal(study, row["term"], row["language"])
    return path, named


def _check(study: Study, row: Row) -> None:
    """Try the line behind those that stand already."""
    from tempfile import TemporaryDirectory

    before = lines_of(study.lexicon_files)
    with TemporaryDirectory() as aside:
        draft = Path(aside) / "lexicon.tsv"
        append(draft, row)
        faults = read_own([draft]).faults
        if faults:
            raise LexiconError("lexicon_line", problem=str(told_at_once(faults)).partition(": ")[2])
    new, weight = set(spellings(row)), float(row["weight"] or 1)
    languages = (row["language"],) if row["language"] else LANGUAGES
    silenced = {form for entry in before if entry.weight == 0 for form in entry.forms}
    for entry in (*before, *(one for lang in languages for one in load(lang).entries if 0 < weight <= one.weight)):
        same = entry.area == row["area"] and entry.code == row["code"]
        known = same and (entry.language in ("", row["language"]) or not entry.own)
        if known and (found := new.intersection(entry.forms) - (set() if entry.own else silenced)):
            raise InputError("lexicon_there_already", term=min(found), file=entry.source, line=entry.line)


def _name(study: Study, path: Path) -> bool:
    """Name a new file in the study file, behind all that stands there; ``False`` where that cannot be done safely."""
    from data.study_file import load

    try:
        text = study.path.read_text(encoding="utf-8-sig")
        if _FIELD.search(text):
            return False
        draft = study.path.with_name(f".{study.path.name}.part")
        end = "" if text.endswith("\n") else "\n"
        draft.write_text(f"{text}{end}lexicons: [{path.name}]\n", encoding="utf-8", newline="\n")
        try:
            same = load(draft).model_dump(exclude={"lexicons"}) == study.model_dump(exclude={"lexicons"})
            if same:
                draft.replace(study.path)
        finally:
            draft.unlink(missing_ok=True)
    except (OSError, ChandungError):
        return False
    return same


def refused(study: Study) -> list[tuple[str, str]]:
    """The words that are not to be proposed again, as (language, term)."""
    path = study.folder / REFUSED
    if not path.exists():
        return []
    lines = [line.cells for line in tables(path)[0].lines[1:]]
    return [(cells[1], cells[0]) for cells in lines if len(cells) > 1]


def refuse(study: Study, term: str, languages: tuple[str, ...], today: date) -> Path:
    """Remember that a word is not wanted. Saying so twice changes nothing."""
    path = study.folder / REFUSED
    known = refused(study)
    lines = [[term, lang, today.isoformat()] for lang in languages if (lang, term) not in known]
    try:
        begun = path.exists()
        with path.open("a", encoding="utf-8", newline="\n") as out:
            for cells in lines if begun else [list(_HEADER), *lines]:
                out.write("\t".join(" ".join(cell.split()) for cell in cells) + "\n")
    except OSError as error:
        raise InputError("cannot_write", path=path, why=error.strerror or error) from None
    return path


def _forget_refusal(study: Study, term: str, lang: str) -> None:
    path = study.folder / REFUSED
    if not path.exists() or not any(term == one and lang in ("", of) for of, one in refused(study)):
        return
    lines = [line.cells for line in tables(path)[0].lines]
    kept = [cells for cells in lines if not (cells[0] == term and lang in ("", *cells[1:2]))]
    path.write_text("".join("\t".join(cells) + "\n" for cells in kept), encoding="utf-8", newline="\n")
