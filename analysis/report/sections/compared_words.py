"""The words and pains that go with one audience, and its brand's strengths and weaknesses: parts of a card of the comparison."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from analysis.report import hiding
from analysis.report.blocks import Block, Cell, Fold, Table
from analysis.report.evidence import plain
from analysis.report.model import Estimate
from analysis.sampled import MOST_OF_ONE, MOST_POSTS
from analysis.statistics import share
from data.study import MARKET

if TYPE_CHECKING:
    from analysis.report.sections.compared import Told

_SHOWN = 8
Row = Mapping[str, Any]


def blocks(told: Told, brand: str) -> Iterator[Block]:
    """What is distinctive of a competitor beside us, and where it is strong and weak beside all others."""
    if brand == MARKET:
        return
    found: list[Block] = [*_strengths(told, brand), *_distinctive(told, brand)]
    if found:
        yield Fold(told.tell("words.fold", brand=brand), found)


def _distinctive(told: Told, brand: str) -> Iterator[Table]:
    asked = "select * from distinctive where brand = ? and against = 'own' and verdict = 'different' order by kind, abs(z) desc, term"
    rows, lines = list(told.store.query(asked, (brand,))), list[list[Cell | str]]()
    for kind in ("pain", "word"):
        for theirs in (True, False):
            mine = [row for row in rows if row["kind"] == kind and (row["z"] > 0) is theirs][:_SHOWN]
            lines += [_line(told, brand, row) for row in mine]
    if lines:
        columns = [told.tell("words.column_what"), told.tell("words.column_side"), brand, told.own]
        note = told.tell("words.note", posts=told.say.number(MOST_POSTS), each=MOST_OF_ONE)
        yield Table(told.tell("words.title"), columns, lines, note=note)


def _line(told: Told, brand: str, row: Row) -> list[Cell | str]:
    what = (
        told.say.category(row["term"]) if row["kind"] == "pain" else told.tell("words.quoted", word=plain(row["term"]))
    )
    side = brand if row["z"] > 0 else told.own
    both = (brand, row["authors"], row["n"]), (told.own, row["authors_against"], row["n_against"])
    pain = row["kind"] == "pain"
    return [
        what,
        side,
        *(
            Cell(_people(told, count, n), about=(of, "pain", row["term"]) if pain and count >= told.minimum else None)
            for of, count, n in both
        ),
    ]


def _people(told: Told, count: int, n: int) -> str:
    people = hiding.people(count, told.minimum)
    if people is None:
        return told.say.tell("fewer_people", n=told.minimum)
    return told.tell("words.people", count=told.say.count(people), n=told.say.count(n))


def _strengths(told: Told, brand: str) -> Iterator[Table]:
    asked = "select * from strengths where brand = ? and verdict = ? order by abs(difference) desc, category"
    for verdict, key in (("strength", "strong"), ("weakness", "weak")):
        lines = [line for row in told.store.query(asked, (brand, verdict)) if (line := _said(told, row))]
        if lines:
            columns = [told.tell("strengths.what"), brand, told.tell("strengths.others")]
            yield Table(told.tell(f"strengths.{key}", brand=brand), columns, lines)


def _said(told: Told, row: Row) -> list[Cell | str] | None:
    """One strength or weakness, unless too few people stand on either side."""
    if hiding.too_few(row["authors"], told.minimum) or hiding.too_few(row["authors_others"], told.minimum):
        return None
    if told.withheld.covers("pain", row["category"]):
        return None  # the others together and the brand make the market
    praise = row["side"] == "praise"
    name = told.tell(f"aspects.{row['category']}") if praise else told.say.category(row["category"])
    way = "more" if row["difference"] > 0 else "less"
    mine = Estimate(row["authors"], row["n"], row["share"], row["low"], row["high"])
    theirs = share(row["authors_others"], row["n_others"])
    others = Estimate(row["authors_others"], row["n_others"], theirs.value, theirs.low, theirs.high)
    shown = [told.tell("strengths.share", told=told.say.told(e), n=told.say.stands_on(e)) for e in (mine, others)]
    return [
        told.tell(f"strengths.{row['side']}_{way}", category=name),
        Cell(shown[0], mine.share, about=None if praise else (row["brand"], "pain", row["category"])),
        Cell(shown[1], others.share),
    ]
