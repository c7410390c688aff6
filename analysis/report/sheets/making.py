"""What every table of the model is made with: columns by their names, brands, and what may be told of a number."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.report.context import categories
from analysis.report.model import Estimate, Report
from analysis.report.sheets import TEXT, AtLeast, Chart, Column, Few, Sheet, Value
from analysis.report.speech import Speech
from data.words import entry

Row = list[Value]


def capital(text: str) -> str:
    """A text that begins with a capital letter."""
    return text[:1].upper() + text[1:]


class Making:
    """The words, names and numbers of one report in one language."""

    def __init__(self, report: Report, say: Speech) -> None:
        self.report, self.say = report, say
        self.words = entry("report_files", say.lang)
        self.few = Few(say.tell("fewer_than", n=report.minimum))
        self.ranked = [report.market, report.ours, *(c.portrait for c in report.competitors)]

    # What every table is made of

    def sheet(self, key: str, columns: Sequence[str], rows: Sequence[Row], charts: Sequence[Chart] = ()) -> Sheet:
        names = self.words["sheets"]
        return Sheet(names[key], names[key], self.words["about"][key], [self.column(c) for c in columns], rows, charts)

    def column(self, named: str) -> Column:
        """``share:share`` is the column named `share`, which holds shares; without a kind it holds words."""
        name, _, kind = named.partition(":")
        return Column(self.words["columns"][name], kind or TEXT, self.words["terms"].get(name))

    def brand(self, brand: str) -> str:
        name = self.say.brand(brand)
        return name[:1].upper() + name[1:]

    def estimate(self, e: Estimate) -> Row:
        """Count, n, share and bounds."""
        if e.at_least:
            return [AtLeast(e.count), e.n, AtLeast(e.share), e.low, None]
        return [e.count, e.n, e.share, e.low, e.high]

    def people(self, n: float | None) -> Value:
        return self.few if n is None else n

    def categories(self) -> list[str]:
        return categories([*self.ranked[1:], self.ranked[0]])
