"""Each figure of the report as PNG and SVG for slides, in a folder with an index: ``reports/<study>-<language>-figures/``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from markupsafe import escape

from analysis.report import figure_drawn, sentences
from analysis.report.blocks import Bars, Block, Lines, Points, Section, Table
from analysis.report.briefing import compose
from analysis.report.figure_drawn import Frame, Grouped
from analysis.report.model import Report
from analysis.report.put import put
from analysis.report.sheets.of_blocks import placed
from analysis.report.speech import Speech
from data.codebook import ATTRIBUTES
from data.errors import InputError
from data.folding import fold
from data.words import tell_in

INDEX, LIST = "index.html", "index.json"
#: A slide shows so many bars, rows of a table, series; what is more goes on the next picture.
_BARS, _ROWS, _SERIES = 11, 12, 6
_LONGEST_NAME = 80
_THREADS = 4
#: Attributes that share pictures, by their group in the code book.
_THEMES = {
    "demographics": "who", "body": "who", "relationships": "family", "who_buys": "family", "ability_to_pay": "money",
    "psychology": "wishes", "goals_values": "wishes", "information": "habits", "behaviour": "habits",
}  # fmt: skip
Picture = Grouped | Lines | Points | Table


@dataclass(frozen=True, slots=True)
class Figure:
    """``name`` is the file's, without its ending: of what is shown, without numbers, so that it stays the same from report to report."""

    name: str
    title: str
    section: str
    svg: str


def figures(report: Report, lang: str, sections: Sequence[Section] = ()) -> Iterator[Figure]:
    """Every picture of the report, in its order."""
    say = Speech(lang, report.timezone)
    foot = _source(report, say)
    names = [report.own, *(c.name for c in report.competitors)]
    taken: set[str] = set()
    for section in compose(report, sections, say):
        for found in _pictures(section):
            shown, over = _titled(section, found, names)
            if found.of > 1:
                shown = tell_in(lang, "report_files.figures.part", title=shown, number=found.part, of=found.of)
            frame = Frame(shown, over, [*_notes(found.block, lang), foot])
            yield Figure(_name(section, found, taken), shown, section.title, _draw(found.block, frame, say))


@dataclass(frozen=True, slots=True)
class _Found:
    """A picture with the cards it stands in, its title, what it is named by, and which part it is of how many."""

    where: tuple[str, ...]
    block: Picture
    title: str
    name: str
    part: int
    of: int


def _pictures(section: Section) -> Iterator[_Found]:
    for where, group in groupby(placed(section.blocks), key=lambda one: one.where):
        blocks = [one.block for one in group if isinstance(one.block, Bars | Lines | Points | Table)]
        for title, name, parts in _together(blocks):
            for number, block in enumerate(parts, 1):
                yield _Found(where, block, _of_groups(block) or title, name, number, len(parts))


def _of_groups(block: Picture) -> str:
    """What the blocks that share a picture are of, as its title."""
    if not (isinstance(block, Grouped) and block.titled):
        return ""
    return ", ".join(_small(title) for title in dict.fromkeys(group.title for group in block.groups))


def _together(blocks: Sequence[Bars | Lines | Points | Table]) -> Iterator[tuple[str, str, list[Picture]]]:
    """Pictures with titles and names: small blocks of bars of one card and one theme share as few as will hold them.

    Which share one does not hang on how many of them there are this time, so that a name shows the same in every report.
    """
    bars = [b for b in blocks if isinstance(b, Bars) and any(row.value is not None for row in b.rows)]
    small = [b for b in bars if not b.signed and not b.limits and b.title and not b.alone]
    shared = small if len(small) > 2 and sum(len(b.rows) for b in small) < _BARS * len(small) / 2 else []
    themes: dict[str, list[Bars]] = {}
    for few in shared:
        themes.setdefault(_THEMES.get(ATTRIBUTES.get(few.name, ""), ""), []).append(few)
    for theme, found in themes.items():
        order = {name: place for place, name in enumerate(ATTRIBUTES)}
        yield "", theme, list(_packed(sorted(found, key=lambda b: order.get(b.name, len(order)))))
    for block in blocks:
        if block not in shared and (parts := list(_parts(block))):
            yield getattr(block, "alone", "") or block.title, getattr(block, "name", "") or block.title, parts


def _packed(blocks: Sequence[Bars]) -> Iterator[Grouped]:
    held: list[Bars] = []
    room = 0
    for whole in blocks:
        for start in range(0, len(whole.rows), _BARS - 1):
            block = replace(whole, rows=whole.rows[start : start + _BARS - 1])
            if held and room + len(block.rows) + 1 > _BARS + 1:
                yield Grouped(held, titled=True)
                held, room = [], 0
            held.append(block)
            room += len(block.rows) + 1
    if held:
        yield Grouped(held, titled=True)


def _notes(block: Picture, lang: str) -> list[str]:
    interval = tell_in(lang, "report_files.figures.interval") if isinstance(block, Grouped | Points) else None
    groups = block.groups if isinstance(block, Grouped) else [block]
    note = groups[0].note if len(groups) == 1 and not getattr(block, "titled", False) else None
    return [" · ".join(found)] if (found := [text for text in (interval, note) if text]) else []


def _titled(section: Section, found: _Found, brands: Sequence[str]) -> tuple[str, str]:
    """A picture's title, which says by itself what is shown and of whom, and above it what it belongs to."""
    where, title = found.where, found.title
    if not title:
        return (where[-1], " · ".join((section.title, *where[:-1]))) if where else (section.title, "")
    if where and not getattr(found.block, "alone", "") and where[-1].casefold() not in title.casefold():
        title = f"{where[-1]}: {title if title.startswith(tuple(brands)) else _small(title)}"
        where = where[:-1]
    return title, " · ".join((section.title, *where))


def _small(text: str) -> str:
    """A title as it goes on within a sentence; names in capitals stay."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def _parts(block: Block) -> Iterator[Picture]:
    """A picture in as many parts as slides can show; nothing for what is no picture."""
    # A single bar is a sentence, no picture.
    if isinstance(block, Bars) and sum(row.value is not None for row in block.rows) > 1:
        for start in range(0, len(block.rows), _BARS):
            yield Grouped([replace(block, rows=block.rows[start : start + _BARS])])
    elif isinstance(block, Lines) and block.lines:
        for start in range(0, len(block.lines), _SERIES):
            yield replace(block, lines=block.lines[start : start + _SERIES])
    elif isinstance(block, Points) and block.points:
        yield block
    elif isinstance(block, Table) and block.look == "heat":
        for start in range(0, len(block.rows), _ROWS):
            yield replace(block, rows=block.rows[start : start + _ROWS])


def _draw(block: Picture, frame: Frame, say: Speech) -> str:
    if isinstance(block, Grouped):
        return figure_drawn.bars(block, frame, say)
    if isinstance(block, Lines):
        return figure_drawn.lines(block, frame, say)
    if isinstance(block, Points):
        return figure_drawn.points(block, frame, say)
    return figure_drawn.heat(block, frame, say)


def _source(report: Report, say: Speech) -> str:
    c = report.coverage
    return tell_in(
        say.lang, "report_files.figures.source", posts=say.count(c.counted or c.posts), people=say.crowd(c.people, report.minimum),
        first=say.date(c.first_seen), last=say.date(c.last_seen), study=report.study, date=say.date(report.made_at),
    )  # fmt: skip


def _name(section: Section, found: _Found, taken: set[str]) -> str:
    """Of what is shown and of whom, never of how many: the first part has the name that it would have alone."""
    said = fold(" ".join((section.key, *found.where, found.name)))
    plain = "-".join(re.findall(r"[a-z0-9]+", said))[:_LONGEST_NAME].strip("-") or "figure"
    number = found.part
    name = plain if number == 1 else f"{plain}-{number}"
    while name in taken:
        number += 1
        name = f"{plain}-{number}"
    taken.add(name)
    return name


def png(svg: str) -> bytes:
    """A picture's pixels, drawn with the fonts of this computer."""
    import resvg_py

    return bytes(resvg_py.svg_to_bytes(svg_string=svg))


def write(report: Report, lang: str, sections: Sequence[Section], folder: Path) -> Iterator[Path]:
    """Write every figure and the index; pictures that an earlier index lists and that are no more are taken away."""
    say = Speech(lang, report.timezone)
    before = _listed(folder)
    found = list(figures(report, lang, sections))
    with ThreadPoolExecutor(_THREADS) as pool:
        drawn = list(pool.map(lambda figure: png(figure.svg), found))
    written: list[Path] = []
    for figure, pixels in zip(found, drawn, strict=True):
        written += [put(folder / f"{figure.name}.svg", figure.svg), put(folder / f"{figure.name}.png", pixels)]
    listed = [
        {"name": f.name, "title": f.title, "section": f.section, "files": [f"{f.name}.png", f"{f.name}.svg"]}
        for f in found
    ]
    about = {"study": report.study, "language": lang, "made_at": report.made_at, "figures": listed}
    yield put(folder / INDEX, _page(report, found, say))
    yield put(folder / LIST, json.dumps(about, ensure_ascii=False, indent=1) + "\n")
    for name in before - {path.name for path in written}:
        try:
            (folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise InputError("report_in_use", path=folder / name, why=error.strerror or error) from None
    yield from written


def _listed(folder: Path) -> set[str]:
    """The pictures that the folder's own index names: others are not ours to take away."""
    try:
        figures = json.loads((folder / LIST).read_text(encoding="utf-8"))["figures"]
        names = {str(name) for figure in figures for name in figure["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    return {name for name in names if re.fullmatch(r"[a-z0-9-]+\.(png|svg)", name)}


def _page(report: Report, found: Sequence[Figure], say: Speech) -> str:
    """A page that shows every picture with its two files."""
    title = tell_in(say.lang, "report_files.figures.title", study=report.study)
    lead = tell_in(say.lang, "report_files.figures.lead")
    pictures = "".join(
        f'<figure><a href="{f.name}.png"><img src="{f.name}.png" alt="{escape(f.title)}" loading="lazy"></a>'
        f'<figcaption>{escape(f.section)}: {escape(f.title)}<br><a href="{f.name}.png">{f.name}.png</a> · '
        f'<a href="{f.name}.svg">{f.name}.svg</a></figcaption></figure>'
        for f in found
    )
    note = f"<p><strong>{escape(report.note)}</strong></p>" if report.note else ""
    return (
        f'<!doctype html><html lang="{say.lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>{note}"
        f"<p>{escape(sentences.title(report, say))}</p><p>{escape(lead)}</p><main>{pictures}</main></body></html>\n"
    )


_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;color:#1b1f24;max-width:80rem;margin:2rem auto;padding:0 1rem}"
    "main{display:grid;gap:2rem;grid-template-columns:repeat(auto-fill,minmax(min(24rem,100%),1fr))}figure{margin:0}"
    "img{width:100%;border:1px solid #d5dbe1;border-radius:6px}figcaption{font-size:.9rem}a{color:#0b5c7a}"
)
