"""Tables of who people are and what hurts them: competitors, pains, portraits, assumptions and differences."""

from __future__ import annotations

from analysis.report import sentences
from analysis.report.model import Check, Competitor, Estimate, Hurt, Portrait
from analysis.report.sheets import SHARE, AtLeast, Chart, Column, Key, Series, Sheet, Value
from analysis.report.sheets.making import Making, Row, capital
from data.words import tell_in

#: Pictures of pains show so many; the sheet has them all.
_DRAWN = 10


class Audiences(Making):
    """The tables of the findings."""

    def moved(self) -> Sheet:
        say = self.say
        rows: list[Row] = []
        for m in self.report.moved:
            before: Value = self.few if m.before is None else m.before
            points = None if m.before is None else m.now - m.before
            why = tell_in(say.lang, "report_files.compare.only_diluted") if m.diluted else None
            rows.append(
                [capital(say.chip(m.attribute, m.value)), self.brand(m.brand), before, m.now, points, m.q_value, why]
            )
        return self.sheet(
            "moved", ("value", "brand", "before:share", "now:share", "difference:points", "q:number", "note:long"), rows
        )

    def summary(self) -> Sheet:
        columns = (
            "brand", "verdict", "answer:long", "certainty:long", "people:count", "segment", "fit:share", "low:share",
            "high:share", "supported:count", "contradicted:count", "undecided:count", "not_enough:count", "first_pain",
            "share:share", "n:count",
        )  # fmt: skip
        return self.sheet("summary", columns, [self._summary(c) for c in self.report.competitors])

    def _summary(self, c: Competitor) -> Row:
        say, report, match, people = self.say, self.report, c.match, c.portrait.people
        sure = sentences.certainty(c, say) if people else None
        row: Row = [
            c.name,
            say.tell(f"verdict.{c.verdict}"),
            sentences.answer(c, report, say),
            sure,
            self.people(people),
        ]
        # A share of one or two answered assumptions is no answer to the question, and is not to be sorted by.
        fit = [match.value, match.low, match.high] if match and c.verdict != "not_enough" else [None] * 3
        row += [match.segment if match else None, *fit]
        row += [match.supported, match.contradicted, match.undecided, match.not_enough] if match else [None] * 4
        first = next((h for h in c.portrait.hurts if h.rank is not None), None)
        if first is None:
            return [*row, None, None, None]
        _, n, share, *_ = self.estimate(first.estimate)
        return [*row, capital(say.category(first.category)), share, n]

    def pains(self) -> Sheet:
        columns = (
            "brand", "pain", "count:count", "n:count", "share:share", "low:share", "high:share", "severity:number",
            "rank:count", "rank_low:count", "rank_high:count", "kinds", "posts:count", "sources:count", "first:date",
            "last:date", "evidence", "to_low:share", "to_high:share",
        )  # fmt: skip
        rows: list[Row] = []
        charts: list[Chart] = []
        every = self.categories()
        for portrait in self.ranked:
            if not portrait.enough:
                continue
            start = len(rows)
            told = {h.category: h for h in portrait.hurts}
            rows += [self._hurt(portrait, h) for h in portrait.hurts]
            if told:
                shown = Series(self.brand(portrait.brand), start, min(len(rows), start + _DRAWN) - 1)
                charts.append(Chart("bars", self._title(portrait), [shown], 1, 4, 17, 18))
            rows += [self._untold(portrait, category) for category in every if category not in told]
        return self.sheet("pains", columns, rows, charts)

    def _title(self, portrait: Portrait) -> str:
        return f"{self.words['sheets']['pains']}: {self._sized(portrait)}"

    def _sized(self, portrait: Portrait) -> str:
        who, n = self.brand(portrait.brand), self.say.count(portrait.people or 0)
        return tell_in(self.say.lang, "report_files.figures.people", brand=who, n=n)

    def _hurt(self, portrait: Portrait, h: Hurt) -> Row:
        e = h.estimate
        key: Value = Key(h.evidence) if h.evidence else None
        return [
            self.brand(portrait.brand), capital(self.say.category(h.category)), *self.estimate(e), h.severity, h.rank,
            h.rank_low, h.rank_high, sentences.kinds(h, self.say), h.seen.posts, h.seen.sources,
            self.say.day(h.seen.first), self.say.day(h.seen.last), key, e.share - e.low, None if e.at_least else e.high - e.share,
        ]  # fmt: skip

    def _untold(self, portrait: Portrait, category: str) -> Row:
        """A pain of others that nobody here tells of, or too few."""
        nobody = category in portrait.unheard
        told: Row = (
            [0, portrait.people, 0.0, None, None] if nobody else [self.few, portrait.people, self.few, None, None]
        )
        return [self.brand(portrait.brand), capital(self.say.category(category)), *told, *[None] * 12]

    def heat(self) -> Sheet:
        ranked = [p for p in self.ranked if p.enough]
        rows: list[Row] = []
        for category in self.categories():
            row: Row = [capital(self.say.category(category))]
            for p in ranked:
                h = p.hurt(category)
                row.append(self.estimate(h.estimate)[2] if h else 0.0 if category in p.unheard else self.few)
            rows.append(row)
        names = self.words["sheets"]
        columns = [self.column("pain"), *(Column(self._sized(p), SHARE) for p in ranked)]
        heat = (1, len(ranked)) if ranked else None
        return Sheet(names["heat"], names["heat"], self.words["about"]["heat"], columns, rows, heat=heat)

    def traits(self) -> Sheet:
        columns = (
            "brand", "attribute", "value", "count:count", "n:count", "share:share", "low:share", "high:share",
            "audience:count", "posts:count", "sources:count", "first:date", "last:date", "evidence",
        )  # fmt: skip
        rows = [
            [
                self.brand(p.brand), capital(self.say.attribute(t.attribute)), capital(self.say.value(t.attribute, c.value)),
                *self.estimate(c.estimate), t.audience, *self._stands_on(c.estimate, c.seen.posts, c.seen.sources),
                self.say.day(c.seen.first), self.say.day(c.seen.last), Key(c.evidence) if c.evidence else None,
            ]
            for p in self.ranked for t in p.traits for c in t.cells
        ]  # fmt: skip
        return self.sheet("traits", columns, rows)

    def _stands_on(self, e: Estimate, posts: int, sources: int) -> Row:
        """Posts and sources; left out where only a bound may be told, of which they would be one too."""
        return [None, None] if e.at_least else [posts, sources]

    def checks(self) -> Sheet:
        columns = (
            "segment", "assumption:long", "brand", "verdict", "at_least:share", "at_most:share", "result:share",
            "low:share", "high:share", "rank:count", "rank_low:count", "rank_high:count", "n:count", "needed:count", "told",
            "evidence", "against",
        )  # fmt: skip
        rows = [self._check(check) for s in self.report.segments for check in s.checks]
        return self.sheet("checks", columns, rows)

    def _check(self, c: Check) -> Row:
        say, top = self.say, c.top is not None
        value: Value = self.few if c.few else None if c.value is None else AtLeast(c.value) if c.bound else c.value
        n: Value = self.few if c.n is None else c.n
        found: Row = [value, c.low, None if c.bound else c.high]
        found = [None, None, None, *found] if top else [*found, None, None, None]
        more = c.needed - c.n if c.needed and c.n and not c.bound and not top else None
        told = " ".join(filter(None, (sentences.result(c, self.report.minimum, say), sentences.bounds(c, say))))
        return [
            c.segment, say.assumption(c), self.brand(c.brand), say.tell(f"{c.verdict}.name"), c.at_least, c.at_most,
            *found, n, more, told, Key(c.met) if c.met else None, Key(c.unmet) if c.unmet else None,
        ]  # fmt: skip

    def differences(self) -> Sheet:
        columns = (
            "brand", "attribute", "value", "difference:points", "low:points", "high:points", "theirs:share",
            "n_theirs:count", "ours:share", "n_ours:count", "q:number", "verdict", "evidence",
        )  # fmt: skip
        rows: list[Row] = []
        for c in self.report.competitors:
            for d in c.differences:
                sides = [self.estimate(e)[2] if e else self.few for e in (d.theirs, d.ours)]
                told = self.words["verdicts"].get(d.verdict, d.verdict)
                rows.append([
                    c.name, capital(self.say.attribute(d.attribute)), capital(self.say.value(d.attribute, d.value)),
                    d.estimate, d.low, d.high, sides[0], d.n, sides[1], d.n_own, d.q_value, told,
                    Key(d.evidence) if d.evidence else None,
                ])  # fmt: skip
        return self.sheet("differences", columns, rows)

    def apart(self) -> Sheet:
        columns = (
            "brand",
            "attribute",
            "distance:number",
            "by_chance:number",
            "n_theirs:count",
            "n_ours:count",
            "q:number",
            "verdict",
        )
        rows: list[Row] = [
            [
                c.name, capital(self.say.attribute(a.attribute)), a.distance, a.by_chance, a.n, a.n_own, a.q_value,
                self.words["verdicts"].get(a.verdict, a.verdict),
            ]
            for c in self.report.competitors for a in c.apart
        ]  # fmt: skip
        return self.sheet("apart", columns, rows)
