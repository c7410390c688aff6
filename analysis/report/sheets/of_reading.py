"""Tables of what was read: pages, promises and offers, openings, evidence, sources, and the method in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from analysis.report import sentences
from analysis.report.context import accuracy, counts, pains_missed, subject
from analysis.report.evidence import safe_url
from analysis.report.model import Pages
from analysis.report.sheets import AtLeast, Chart, Key, Link, Series, Sheet, Value
from analysis.report.sheets.making import Making, Row, capital
from data.page_changes import unit_names


class Reading(Making):
    """The tables of what findings rest on."""

    def _of_pages(self) -> Iterator[tuple[str, Pages]]:
        yield self.report.own, self.report.our_pages
        yield from ((c.name, c.pages) for c in self.report.competitors)

    def promises(self) -> Sheet:
        rows: list[Row] = []
        for brand, pages in self._of_pages():
            for promised in pages.promises:
                url = promised.texts[0][1]
                words = "; ".join(text for text, _ in promised.texts)
                for heard in promised.heard:
                    people: Value = self.people(heard.people)
                    if heard.at_least and heard.people is not None:
                        people = AtLeast(heard.people)
                    told = sentences.heard(heard, self.report.minimum, self.say)
                    key: Value = Key(heard.evidence) if heard.evidence else None
                    rows.append(
                        [
                            brand,
                            words,
                            capital(self.say.category(heard.category)),
                            people,
                            told,
                            key,
                            Link(url or "", url),
                        ]
                    )
        return self.sheet(
            "promises", ("brand", "promise:long", "complaint", "people:count", "heard:long", "evidence", "link"), rows
        )

    def offers(self) -> Sheet:
        rows: list[Row] = []
        for brand, pages in self._of_pages():
            for o in pages.offers:
                per = "/".join(unit_names(o.per, self.say.lang)) or None
                rows.append([brand, o.name, o.price, o.was, o.currency, per, o.price_text, Link(o.url or "", o.url)])
        return self.sheet(
            "offers", ("brand", "offer:long", "price:money", "was:money", "currency", "per", "price_text", "link"), rows
        )

    def pages(self) -> Sheet:
        rows: list[Row] = []
        for brand, pages in self._of_pages():
            for key, texts in (("claims.for", pages.audiences), ("claims.proofs", pages.proofs)):
                rows += [[brand, self.say.tell(key), text, self.say.day(pages.newest)] for text in texts]
        return self.sheet("pages", ("brand", "kind", "text:long", "crawled:date"), rows)

    def openings(self) -> Sheet:
        rows: list[Row] = []
        for kind, found in (("opening", self.report.openings), ("weakness", self.report.weaknesses)):
            for o in found:
                key: Value = Key(o.evidence) if o.evidence else None
                pain = capital(self.say.category(o.category))
                rows.append([self.words["columns"][kind], pain, *self.estimate(o.estimate), key])
        return self.sheet(
            "openings",
            ("kind", "pain", "count:count", "n:count", "share:share", "low:share", "high:share", "evidence"),
            rows,
        )

    def evidence(self) -> Sheet:
        say = self.say
        rows: list[Row] = []
        anchors: dict[str, int] = {}
        for e in self.report.evidence:
            anchors[e.key] = len(rows)
            what = say.tell(f"evidence.{e.side or 'cell'}", brand=say.brand(e.brand), what=subject(e, say))
            count: Value = AtLeast(e.people.count) if e.people.at_least else e.people.count
            about: Row = [e.key, self.brand(e.brand), capital(what), count, e.people.n]
            for q in e.quotes:
                codes = ", ".join(say.chip(*code) for code in q.codes)
                link = Link(q.url or "", q.url)
                rows.append(
                    [
                        *about,
                        q.before + q.hit + q.after,
                        self.say.place(q.source),
                        self.say.day(q.posted_at),
                        codes,
                        link,
                    ]
                )
            if not e.quotes:
                rows.append([*about, say.tell("evidence.gone"), None, None, None, None])
        columns = (
            "evidence",
            "brand",
            "subject:long",
            "count:count",
            "n:count",
            "quote:long",
            "source",
            "date:date",
            "codes:long",
            "link",
        )
        made = self.sheet("evidence", columns, rows)
        made.anchors.update(anchors)
        return made

    def sources(self) -> Sheet:
        say, unknown = self.say, self.say.tell("method.unknown")
        rows: list[Row] = [
            [
                Link(say.place(s.url), safe_url(s.url)), say.name("source_kinds", s.kind) if s.kind else unknown,
                self.brand(s.brand or "market"), s.engine, say.robots(s.robots), s.terms or say.tell("method.no_terms"),
                s.posts, self.say.day(s.newest), self.say.day(s.crawled_at),
                f"{say.state(s.state)} {s.reason}" if s.reason and say.lang == self.report.language else say.state(s.state),
                say.refusals(s.refused),
            ]
            for s in self.report.sources
        ]  # fmt: skip
        columns = (
            "source", "kind", "brand", "engine", "robots", "terms:long", "posts:count", "newest:date", "crawled:date",
            "state:long", "refused:long",
        )  # fmt: skip
        return self.sheet("sources", columns, rows)

    def counts(self) -> Sheet:
        c, say = self.report.coverage, self.say
        rows: list[Row] = [[say.tell(f"method.{name}"), n] for name, n in counts(self.report)]
        if c.people is None:
            rows.append([say.tell("method.n_people"), self.few])
        rows += [[f"{say.tell('method.languages')}: {say.name('languages', lang)}", n] for lang, n in c.languages]
        return self.sheet("counts", ("name:long", "number:count"), rows)

    def months(self) -> Sheet:
        rows: list[Row] = [[_first_day(month), n] for month, n in self.report.coverage.months]
        chart = Chart("columns", self.words["sheets"]["months"], [Series("", 0, len(rows) - 1)], 0, 1, percent=False)
        return self.sheet("months", ("month:month", "posts:count"), rows, [chart] if rows else ())

    def method(self) -> Sheet:
        say = self.say
        rows: list[Row] = (
            [[say.tell("made_with"), None], [self.report.note, None]]
            if self.report.note
            else [[say.tell("made_with"), None]]
        )
        for title, lines in (
            ("method.limits", say.words("method.limit_list")),
            ("method.how", [line.format(minimum=self.report.minimum) for line in say.words("method.rules")]),
            ("method.how", [*accuracy(self.report, say), *filter(None, [pains_missed(self.report, say)])]),
        ):
            rows += [[say.tell(title), line] for line in lines]
        glossary = say.words("glossary")
        rows += [[glossary[name], glossary[f"{name}_text"]] for name in glossary if f"{name}_text" in glossary]
        rows = [[self.words["columns"]["note"], row[0]] if row[1] is None else row for row in rows]
        return self.sheet("method", ("name", "text:long"), rows)


def _first_day(month: str) -> Value:
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        return month
