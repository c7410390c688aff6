"""What every rendering needs beside the model: orders, scales and lists derived from it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlencode

from analysis.report import sentences
from analysis.report.blocks import Cell, Section, Table
from analysis.report.model import Evidence, Portrait, Report
from analysis.report.speech import Speech
from analysis.values import NOT_QUOTABLE
from data.accuracy import Measure
from data.accuracy import accuracy as measured
from data.ports import HOST, usual_port
from data.words import entry

#: Which figures of reading a report tells.
_ACCURACY = ("cues", "pain_posts", "pains", "pains_counted", "category")


def context(report: Report, sections: Sequence[Section], say: Speech) -> dict[str, Any]:
    """Names for the templates. ``r`` is the report, ``say`` speaks its language, ``parts`` are what :mod:`briefing` composes."""
    from analysis.report.briefing import compose

    return {
        "r": report,
        "say": say,
        "title": sentences.title(report, say),
        "parts": compose(report, sections, say),
        "keys": keys(report.evidence),
        "subject_of": lambda evidence: subject(evidence, say),
        "command_of": command,
        "web_of": lambda evidence: web(evidence, report.database),
        "books": books(report.evidence),
        "local": local_server(report),
    }


def keys(evidence: Sequence[Evidence]) -> dict[tuple[str, ...], str]:
    """The key of each block of evidence by what it is about: brand, attribute or ``pain``, value, and its side where it has one."""
    found: dict[tuple[str, ...], str] = {}
    for block in evidence:
        if block.side not in ("met", "unmet"):  # of an assumption, which has its own places
            about = (block.brand, *block.subject, *([block.side] if block.side else []))
            found.setdefault(about, block.key)
    return found


def portrait_anchor(place: int) -> str:
    """Where the portrait of a brand stands, by the brand's place among all: the own brand's is 0."""
    return f"p-{place or 'own'}"


def categories(portraits: list[Portrait]) -> list[str]:
    """Every pain category shown anywhere, by how many of the market tell of it, `other` last."""
    market = {h.category: h.estimate.count for h in portraits[-1].hurts}
    shown = {h.category for p in portraits for h in p.hurts}
    return sorted(shown, key=lambda c: (c == "other", -market.get(c, 0), c))


def subject(evidence: Evidence, say: Speech) -> str:
    """What a block of evidence is about: ``tuổi: 25–34 tuổi``."""
    attribute, value = evidence.subject
    if evidence.side:
        names = [say.value(attribute, part) for part in value.split("|")]
        return f"{say.attribute(attribute)}: {say.join(names, 'or')}"
    return say.chip(attribute, value)


def books(evidence: Sequence[Evidence]) -> list[tuple[str, list[Evidence]]]:
    """The evidence brand by brand, in the order in which brands first appear."""
    found: dict[str, list[Evidence]] = {}
    for block in evidence:
        found.setdefault(block.brand, []).append(block)
    return list(found.items())


def command(evidence: Evidence) -> str:
    """The command that lists just the people behind a number, and their words."""
    name, parameters = evidence.query
    given = "".join(f" -p {key} {_quoted(value)}" for key, value in parameters)
    return f"chandung query @{name}{given}"


def web(evidence: Evidence, database: str) -> str:
    """Where ``chandung serve`` shows the people behind a number, and their words, while it runs."""
    name, parameters = evidence.query
    return f"http://{HOST}:{usual_port(database)}/{quote(database)}/{name}?{urlencode(parameters)}"


def _quoted(value: str) -> str:
    """A value as any shell takes it; a brand's name may hold what a shell would act upon."""
    return value if re.fullmatch(r"[\w,]+", value, re.ASCII) else '"' + NOT_QUOTABLE.sub("", value) + '"'


def local_server(report: Report) -> str | None:
    """How to start the demonstration's server again, in the demonstration's own report."""
    if report.demonstration is None:
        return None
    return f"chandung demo --serve-only --folder {_quoted(report.demonstration)}"


def counts(report: Report) -> list[tuple[str, int]]:
    """The counts of the method section; what was left out is named only where something was."""
    c = report.coverage
    left_out = [("n_copies", c.copies), ("n_anonymous", c.anonymous), ("n_own", c.own_accounts)]
    left_out += [("n_set_aside", c.set_aside), ("n_foreign", c.foreign), ("n_unread", c.unread)]
    told = [
        ("n_posts", c.posts),
        ("n_counted", c.counted),
        *([("n_people", c.people)] if c.people else []),
        ("n_threads", c.threads),
        ("n_pages", c.pages),
    ]
    return [*told, *(item for item in (*left_out, ("n_marked", c.marked)) if item[1])]


def accuracy(report: Report, say: Speech) -> list[str]:
    """How well each language of the posts is read, by what was measured of it (``data/languages/*/accuracy.toml``)."""
    found = [measured(lang) for lang, _ in report.coverage.languages]
    return [
        say.tell(
            "method.accuracy",
            language=say.name("languages", one.language),
            date=say.date(one.measured_on.isoformat()),
            posts=say.count(one.posts),
            figures="; ".join(_measure(name, one.measures[name], say) for name in _ACCURACY if name in one.measures),
            unseen="; ".join(_briefly(name, one.unseen[name], say) for name in _ACCURACY if name in one.unseen),
        )
        for one in found
        if one is not None
    ]


def pains_read(report: Report, say: Speech) -> str | None:
    """How often a pain's category is read as people read it, beside what rests on one category alone; ``None`` where nothing was measured.
    The languages of the posts count with their posts."""
    share = _of_languages(report, "category", "value")
    return None if share is None else say.tell("assume.category_read", figure=say.number(share, 2))


def pains_missed(report: Report, say: Speech) -> str | None:
    """How many of the pains that people told are counted, and how many that are counted were told; ``None`` where nothing was measured."""
    found, right = (_of_languages(report, "pains_counted", name) for name in ("recall", "precision"))
    if found is None or right is None:
        return None
    return say.tell("method.pains_counted", found=say.number(100 * found), right=say.number(100 * right))


def _of_languages(report: Report, measure: str, name: str) -> float | None:
    """A figure of the posts' languages, each weighing as its posts."""
    found = [
        (posts, value)
        for lang, posts in report.coverage.languages
        if (one := measured(lang)) is not None
        and measure in one.measures
        and (value := getattr(one.measures[measure], name)) is not None
    ]
    whole = sum(posts for posts, _ in found)
    return sum(posts * value for posts, value in found) / whole if whole else None


def accuracy_table(report: Report, say: Speech) -> Table:
    """The same figures of each language of the posts, side by side."""
    found = [one for lang, _ in report.coverage.languages if (one := measured(lang)) is not None]
    names = [name for name in _ACCURACY if any(name in one.measures for one in found)]
    rows: list[list[Cell | str]] = []
    for name in names:
        row: list[Cell | str] = [entry(f"eval.measures.{name}", say.lang)]
        for one in found:
            m = one.measures.get(name)
            bounds = None if m is None else f"({say.number(m.low, 2)}–{say.number(m.high, 2)})"
            row.append("–" if m is None else Cell(say.number(m.value, 2), m.value, note=bounds))
        rows.append(row)
    columns = [say.tell("method.what_read")]
    columns += [
        say.tell("method.read_posts", language=say.name("languages", o.language), n=say.count(o.posts)) for o in found
    ]
    return Table(say.tell("method.how_well"), columns, rows, note=say.tell("method.how_well_note"))


def _measure(name: str, one: Measure, say: Speech) -> str:
    low, high = say.number(one.low, 2), say.number(one.high, 2)
    told = _briefly(name, one, say)
    if one.precision is None or one.recall is None:
        return say.tell("method.accuracy_share", figure=told, low=low, high=high)
    right, found = say.number(100 * one.precision), say.number(100 * one.recall)
    return say.tell("method.accuracy_f1", figure=told, low=low, high=high, right=right, found=found)


def _briefly(name: str, one: Measure, say: Speech) -> str:
    return f"{entry(f'eval.measures.{name}', say.lang)} {say.number(one.value, 2)}"
