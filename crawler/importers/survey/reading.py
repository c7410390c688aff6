"""The answers' file of a survey: which tool wrote it, its questions' columns, and its rows."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from statistics import median

import data
from crawler.importers.raw import Sheet, sheets_of
from data.errors import InputError
from data.folding import words

GOOGLE, LIME, MICROSOFT, PLAIN = "google_forms", "limesurvey", "microsoft_forms", "table"
_FOLDER = Path(data.__file__).parent / "languages"
_HEADER_WITHIN = 30
_MOST_ROWS, _MOST_COLUMNS = 200_000, 2_000
#: ``Q01[SQ002]``, ``Q01_SQ002`` and ``Q01[SQ002]. Question [Answer]``.
_CODED = re.compile(r"([A-Za-z]\w{0,19}?)(?:\[(\w{1,20})\]|_(SQ\d{3}|other))(?:\.?\s.*)?")
_WORDED = re.compile(r"(.{3,500}?)\s*\[([^\[\]]{1,300})\]")
#: ``Q01. Question``.
_BOTH = re.compile(r"([A-Za-z]\w{0,19})\.\s+(.+)")
_MARKS = {
    GOOGLE: ("timestamp", "dấu thời gian"),
    LIME: ("submitdate", "lastpage", "startlanguage", "last page", "start language", "seed", "trang cuối"),
    MICROSOFT: ("completion time", "thời gian hoàn thành"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file. ``base`` and ``part`` are the question and the answer of which it is a tick, where it is one; ``code``
    stands before its words."""

    place: int
    name: str
    code: str | None = None
    ask: str | None = None
    part: str | None = None
    part_words: str | None = None

    @property
    def own_words(self) -> bool:
        """Whether this is where a question's "other" is written."""
        return self.part == "other" or (self.part_words is not None and even(self.part_words) in vocabulary("other"))


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its number in the file, and its cells."""

    number: int
    cells: list[str]

    def cell(self, column: Column | int | None) -> str:
        """What stands in a column; nothing where the row ends before it."""
        place = column.place if isinstance(column, Column) else column
        return self.cells[place].strip() if place is not None and place < len(self.cells) else ""


@dataclass(slots=True)
class Answers:
    """A file of answers. ``columns`` are its questions'; the others are told apart by what they hold."""

    path: Path
    tool: str
    columns: list[Column]
    lines: list[Line]
    answered_at: Column | None = None
    respondent: Column | None = None
    email: Column | None = None
    weight: Column | None = None
    left_out: list[str] = field(default_factory=list)
    sheet: str | None = None
    encoding: str | None = None
    empty: int = 0
    #: Rows that LimeSurvey keeps of people who never sent their answers; they count all the same.
    unfinished: int = 0


@cache
def vocabulary(kind: str) -> frozenset[str]:
    """The words of both languages for a kind of column or answer, evened out."""
    found: set[str] = set()
    for lang in ("vi", "en"):
        held = tomllib.loads((_FOLDER / lang / "importers" / "survey.toml").read_text(encoding="utf-8"))
        found |= {even(word) for word in held[kind]}
    return frozenset(found)


def even(text: str) -> str:
    """Text as it is compared: lower case, one space, one kind of dash and quotation mark, no full stop or colon at its end."""
    text = " ".join(text.replace("\u00a0", " ").split()).casefold()
    text = re.sub("[‐‑‒–—−]", "-", text).replace("’", "'").replace("“", '"').replace("”", '"')
    text = re.sub(r"\s*-\s*", "-", text)
    return text.strip(" .:*?")


def folded(text: str) -> str:
    """The words of a text without marks and signs: how the same question is known again."""
    return " ".join(words(text))


def read(path: Path, *, encoding: str | None = None, sheet: str | None = None) -> Answers:
    """Read a file of answers. Raises ``InputError`` for what is none."""
    found = max(sheets_of(path, encoding=encoding, sheet=sheet), key=lambda one: len(one.rows))
    if len(found.rows) > _MOST_ROWS or max(len(row.cells) for row in found.rows) > _MOST_COLUMNS:
        raise InputError("survey_too_large", path=path.name, rows=_MOST_ROWS)
    place = _header(found)
    names = [" ".join(cell.split())[:480] for cell in found.rows[place].cells]
    rows = found.rows[place + 1 :]
    lines = [Line(row.line, row.cells) for row in rows if any(cell.strip() for cell in row.cells)]
    answers = Answers(path, _tool(names), [], lines, sheet=found.name, encoding=found.encoding)
    for line in lines:
        if any(cell.strip() for cell in line.cells[len(names) :]):
            raise InputError("survey_wide_row", path=path.name, row=line.number, columns=len(names))
    for number, name in enumerate(names):
        if name:
            _place(answers, column(number, name))
    _one_of_each(answers)
    if not answers.columns or not lines:
        raise InputError("survey_no_answers", path=path.name)
    kept = [line for line in lines if any(line.cell(one) for one in answers.columns)]
    answers.empty = len(lines) - len(kept)
    answers.lines = kept
    answers.unfinished = _unfinished(names, kept) if answers.tool == LIME else 0
    if not kept:
        raise InputError("survey_no_answers", path=path.name)
    return answers


def _unfinished(names: list[str], lines: list[Line]) -> int:
    """How many rows have no day of sending, in a file that has such a column and such days."""
    sent = [place for place, name in enumerate(names) if name.partition(". ")[0].strip().casefold() == "submitdate"]
    empty = sum(1 for line in lines if not line.cell(sent[0])) if sent else 0
    return empty if empty < len(lines) else 0


def _one_of_each(answers: Answers) -> None:
    """Columns of one name as one, as forms with branches write them; what a row answers in both is nobody's to choose."""
    first: dict[str, Column] = {}
    for one in list(answers.columns):
        main = first.setdefault(" ".join(one.name.split()).casefold(), one)
        if main is one:
            continue
        answers.columns.remove(one)
        for line in answers.lines:
            if not (told := line.cell(one)) or even(told) == even(line.cell(main)):
                continue
            if line.cell(main):
                raise InputError("survey_same_column", path=answers.path.name, name=one.name[:200], row=line.number)
            line.cells[main.place] = told


def _header(sheet: Sheet) -> int:
    """The first row that is about as wide as most: titles and merged cells above a table are narrow."""
    filled = [sum(bool(cell.strip()) for cell in row.cells) for row in sheet.rows[:_HEADER_WITHIN]]
    usual = median(filled)
    return next(place for place, count in enumerate(filled) if count >= 0.6 * usual)


def _tool(names: list[str]) -> str:
    held = {even(part) for name in names for part in (name, name.partition(". ")[0])}
    for tool in (LIME, MICROSOFT, GOOGLE):
        if held & {even(mark) for mark in _MARKS[tool]}:
            return tool
    return LIME if sum(bool(_CODED.fullmatch(name)) for name in names) >= 2 else PLAIN


def column(place: int, name: str) -> Column:
    """What a column's name says: a question, or one answer of a question."""
    if match := _CODED.fullmatch(name):
        rest = name[match.end(3) if match[3] else match.end(2) + 1 :].lstrip(". ")
        worded = _WORDED.fullmatch(rest)
        asked, words_of = (worded[1], worded[2]) if worded else (rest or None, None)
        return Column(place, name, match[1], asked, match[2] or match[3], words_of)
    if match := _BOTH.fullmatch(name):
        worded = _WORDED.fullmatch(match[2])
        if worded:
            return Column(place, name, match[1], worded[1], None, worded[2])
        return Column(place, name, match[1], match[2])
    if match := _WORDED.fullmatch(name):
        return Column(place, name, None, match[1], None, match[2])
    return Column(place, name, name if re.fullmatch(r"[A-Za-z]\w{0,19}", name) else None, name)


def _place(answers: Answers, one: Column) -> None:
    names = {even(one.name), *(even(part) for part in one.name.split(". ", 1))}
    for kind in ("answered_at", "respondent", "email", "weight"):
        if names & vocabulary(kind):
            if getattr(answers, kind) is None:
                setattr(answers, kind, one)
            if kind != "weight":
                answers.left_out.append(one.name)
            return
    if names & vocabulary("leave_out"):
        answers.left_out.append(one.name)
        return
    answers.columns.append(one)
