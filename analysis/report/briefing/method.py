"""Method and limits, written from the data: what was read when, how well, what is missing, and what the words mean."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.report.blocks import Block, Cell, Columns, Fold, Items, Line, Lines, Moment, Section, Table, Text
from analysis.report.context import accuracy, accuracy_table, counts
from analysis.report.evidence import safe_url
from analysis.report.model import Portrait, Report, SourceLine
from analysis.report.speech import Speech

#: One source that gives more than this share of the posts is named as a limit.
_MOST_OF_ONE = 0.5
#: A portrait's attribute that fewer of those counted tell is called thin.
_FEW_TELL = 0.2
_WANTED = ("gender", "age", "location", "income", "budget")
#: Counts of what was read; the others are of what was left out.
_READ = ("n_posts", "n_counted", "n_people", "n_threads", "n_pages")
_TERMS = (
    "n",
    "share",
    "interval",
    "chance",
    "points",
    "lift",
    "distance",
    "rank",
    "affinity",
    "trend",
    "forecast",
    "stage",
)


def method(report: Report, say: Speech) -> Section:
    """The last part of the briefing."""
    return Section("method", say.tell("sections.method"), say.tell("lead.method"), list(_blocks(report, say)))


def _blocks(report: Report, say: Speech) -> Iterator[Block]:
    here = [Text(text) for text in (*_coverage(report, say), *_missing(report, say))]
    limits = [Text(line) for line in say.words("method.limit_list")]
    yield Columns([[Items(say.tell("method.these"), here)], [Items(say.tell("method.limits"), limits)]])
    yield from _counts(report, say)
    read = accuracy(report, say)
    if read:
        yield accuracy_table(report, say)
        yield Fold(say.tell("method.how_well_fold"), [Items("", [Text(line) for line in read])])
    rules = [Text(line.format(minimum=report.minimum)) for line in say.words("method.rules")]
    yield Fold(say.tell("method.how"), [Items("", rules)])
    yield Fold(say.tell("method.sources_fold", n=len(report.sources)), list(_sources(report, say)))
    yield Fold(say.tell("glossary.title"), [_glossary(say)])


def _coverage(report: Report, say: Speech) -> Iterator[str]:
    """What was read, from when to when, and where most of it comes from."""
    c = report.coverage
    if not c.posts:
        yield say.tell("start.empty", sources=say.count(len(report.sources)))
        return
    gave = sum(1 for s in report.sources if s.posts)
    yield say.tell(
        "method.read", sources=say.count(gave), first=say.date(c.first_seen), last=say.date(c.last_seen),
        read=_by(c.posts, c.writers, report, say), counted=_by(c.counted, c.people, report, say),
    )  # fmt: skip
    every = sum(s.posts for s in report.sources)
    largest = max(report.sources, key=lambda s: s.posts, default=None)
    if largest is not None and every and len(report.sources) > 1 and largest.posts > _MOST_OF_ONE * every:
        key = "method.only_source" if largest.posts == every else "method.one_source"
        yield say.tell(key, source=say.place(largest.url), share=say.percent(largest.posts / every))
    unread = [say.place(s.url) for s in report.sources if s.state in ("failed", "interrupted", "partial")]
    if unread:
        yield say.tell("method.not_read", list=say.join(unread))


def _by(posts: int, people: int | None, report: Report, say: Speech) -> str:
    """Posts with those who wrote just these."""
    if people is None:
        return say.tell("method.posts_in", n=say.count(posts))
    return say.tell("method.posts_by", n=say.count(posts), people=say.crowd(people, report.minimum))


def _missing(report: Report, say: Speech) -> Iterator[str]:
    """Who is missing: what few tell of themselves, brands of whom few speak, languages not read."""
    thin = list(_thin(report.market, say))
    if thin:
        yield say.tell("method.few_tell", list="; ".join(thin), n=say.count(report.market.people or 0))
    quiet = [p.brand for p in report.portraits[1:] if not p.enough]
    if quiet:
        yield say.tell("method.few_speak", list=say.join(quiet), minimum=report.minimum)
    posts = dict(report.coverage.languages)
    unread = sum(n for lang, n in posts.items() if lang not in ("vi", "en"))
    if unread and report.coverage.posts:
        yield say.tell("method.other_languages", n=say.count(unread), share=say.percent(unread / report.coverage.posts))


def _thin(market: Portrait, say: Speech) -> Iterator[str]:
    for attribute in _WANTED:
        trait = market.trait(attribute)
        if trait is not None and trait.told and market.people and trait.told < _FEW_TELL * market.people:
            yield say.tell("method.tells", what=say.attribute(attribute), share=say.percent(trait.told / market.people))


def _counts(report: Report, say: Speech) -> Iterator[Block]:
    """How much was read and counted; what was left out, and why, behind a fold."""
    rows: dict[bool, list[list[Cell | str]]] = {True: [], False: []}
    for name, n in counts(report):
        rows[name in _READ].append([say.tell(f"method.{name}"), Cell(say.count(n), float(n))])
    columns = [say.tell("method.what"), say.tell("method.many")]
    yield Table(say.tell("method.counts"), columns, rows[True], shown=40, look="facts")
    if report.coverage.languages:
        told = [f"{say.name('languages', lang)} {say.count(n)}" for lang, n in report.coverage.languages]
        yield Text(f"{say.tell('method.languages')}: {', '.join(told)}.", soft=True)
    if rows[False]:
        title = say.tell("method.left_out")
        yield Fold(title, [Table(title, columns, rows[False], shown=40)])


def _sources(report: Report, say: Speech) -> Iterator[Block]:
    names = ("source", "kind", "about", "engine", "robots", "terms", "posts", "newest", "crawled", "state")
    rows = [_source(s, report, say) for s in report.sources]
    yield Table(say.tell("method.sources"), [say.tell(f"method.{name}") for name in names], rows, shown=40)
    refused = [s for s in report.sources if s.refused]
    if refused:
        texts = [Text(f"{s.url}: {say.refusals(s.refused)}", url=safe_url(s.url)) for s in refused]
        yield Items(say.tell("method.refused"), texts)
    if len(report.coverage.months) > 1:
        yield _months(report, say)


def _source(s: SourceLine, report: Report, say: Speech) -> list[Cell | str]:
    reason = s.reason if s.reason and say.lang == report.language else None
    return [
        Cell(say.place(s.url), url=safe_url(s.url)),
        say.name("source_kinds", s.kind) if s.kind else say.tell("method.unknown"),
        s.brand or say.brand("market"),
        "–" if s.kind == "import" else say.engine(s.engine),
        "–" if s.kind == "import" else say.robots(s.robots),
        s.terms or say.tell("method.no_terms"),
        Cell(say.count(s.posts), float(s.posts)),
        say.date(s.newest) if s.newest else "–",
        say.date(s.crawled_at) if s.crawled_at else "–",
        Cell(say.state(s.state), note=reason),
    ]


def _months(report: Report, say: Speech) -> Lines:
    highest = max(n for _, n in report.coverage.months)
    moments = []
    for month, n in report.coverage.months:
        told, height = say.tell("method.posts_in", n=say.count(n)), n / highest
        moments.append(Moment(month, height, height, height, told, ""))
    name = say.tell("method.posts")
    line = Line(name, moments, top_told=say.count(highest))
    return Lines(say.tell("method.per_month"), [line], zero_told="0")


def _glossary(say: Speech) -> Table:
    rows = [[say.tell(f"glossary.{name}"), say.tell(f"glossary.{name}_text")] for name in _TERMS]
    return Table(say.tell("glossary.title"), [say.tell("glossary.term"), say.tell("glossary.meaning")], rows, shown=40)
