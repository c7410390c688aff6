"""What the label pages show: a post's text in pieces, its answers in words, what may be chosen."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from analysis.labels.desk import Seen
from analysis.labels.naming import choice_named, choices, meaning, meanings, said_plainly, segments
from analysis.labels.sampling import STATES, WAYS, Wanted
from analysis.report.speech import place_named
from data import codebook
from data.labels import occurrences
from data.records import Cue
from data.store import Store
from data.words import entry

_EXCERPT = 220
_POSTS = """
select p.id, p.post_id, substr(p.text, 1, :length) as text, length(p.text) > :length as cut, p.posted_at as day,
    b.name as brand, t.title,
    (select count(*) from pains n where n.post = p.id) as pains, (select count(*) from cues c where c.post = p.id) as cues,
    (select count(*) from labels l where l.post = p.id) as labels,
    (select group_concat(distinct l.coder) from labels l where l.post = p.id) as coders,
    exists (select 1 from labels l where l.post = p.id and l.verdict in ('done', 'nothing') and l.content_hash = p.content_hash) as done
from posts p join threads t using (thread_id) left join brands b on b.brand_id = p.brand_id
where p.id in (select value from json_each(:keys))
"""
#: Files of figures have no posts to label.
_SOURCES = """
select url from sources where active and coalesce(kind, '') not in ('survey', 'analytics', 'orders', 'reference') order by source_id
"""


def summary(store: Store, keys: Sequence[int]) -> list[dict[str, Any]]:
    """A few words of each post, in the order of ``keys``."""
    rows = {row["id"]: row for row in store.query(_POSTS, {"keys": json.dumps(list(keys)), "length": _EXCERPT})}
    return [rows[key] for key in keys if key in rows]


def filters_of(store: Store, lang: str, wanted: Wanted) -> list[dict[str, Any]]:
    """The fields by which posts are chosen, each with its options and what is chosen now."""
    words = entry("label.page.filters", lang)
    sources = [row["url"] for row in store.query(_SOURCES)]
    brands = [row["name"] for row in store.query("select name from brands where active order by brand_id")]
    offered: dict[str, list[tuple[str, str]]] = {
        "how": [(way, words["ways"][way]) for way in WAYS],
        "state": [(state, words["states"][state]) for state in STATES],
        "category": _named("category", lang),
        "attribute": _named("attribute", lang),
        "brand": [(name, name) for name in brands],
        "source": [(url, place_named(url, lang).split("://", 1)[-1]) for url in sources],
    }
    return [
        {
            "name": name,
            "title": words[name],
            "any": None if name in ("how", "state") else words["any"],
            "options": options,
            "chosen": getattr(wanted, name),
        }
        for name, options in offered.items()
        if options
    ]


def _named(field: str, lang: str) -> list[tuple[str, str]]:
    return [(code, choice_named(field, code, lang=lang)) for code in choices(field)]


def view(seen: Seen, lang: str) -> dict[str, Any]:
    """A post as the page shows it: the text in pieces, each with the numbers of the answers that it gave, and the answers."""
    there = [n for n, one in enumerate(seen.answers) if one.state not in ("lost", "rejected")]
    spans = [(seen.answers[n].answer.start, seen.answers[n].answer.end) for n in there]
    reached, pieces = 0, []
    for text, covering in segments(seen.text, spans):
        reached += len(text)
        numbers = [there[place] for place in covering]
        pieces.append(
            {
                "text": text,
                "areas": sorted({_area(seen, n) for n in numbers}),
                "open": any(seen.answers[n].state == "open" for n in numbers),
                "ends": [there[place] + 1 for place in covering if spans[place][1] == reached],
            }
        )
    answers = [_answer(seen, n, lang) for n in range(len(seen.answers))]
    return {"seen": seen, "pieces": pieces, "answers": answers, "open": sum(one["state"] == "open" for one in answers)}


def _area(seen: Seen, number: int) -> str:
    return "cue" if isinstance(seen.answers[number].answer, Cue) else "pain"


def _answer(seen: Seen, number: int, lang: str) -> dict[str, Any]:
    one = seen.answers[number]
    answer = one.answer
    fields: dict[str, Any] = {"quote": answer.quote, "nth": _nth(seen.text, answer.quote, answer.start)}
    if isinstance(answer, Cue):
        closed = answer.attribute in codebook.VALUES
        fields |= {
            "what": f"{answer.attribute}|{answer.value}" if closed else f"{answer.attribute}|",
            "value": "" if closed else answer.value,
            "who": answer.who,
            "group": answer.group or "",
        }
    else:
        fields |= {name: getattr(answer, name) for name in ("kind", "category", "target", "severity")}
    return {
        "number": number + 1,
        "area": _area(seen, number),
        "state": one.state,
        "words": said_plainly(answer, lang),
        "meanings": meanings(answer, lang),
        "quote": answer.quote,
        "by": one.label.coder if one.label else None,
        "at": f"{one.label.labelled_at:%Y-%m-%d}" if one.label else None,
        "sure": None if one.label else round(100 * answer.confidence),
        "component": None if one.label else answer.source_component,
        "token": one.token,
        "fields": fields,
    }


def _nth(text: str, quote: str, start: int) -> int:
    return 1 + sum(place < start for place in occurrences(quote, text))


def choices_of_forms(lang: str, *, sensitive: bool) -> dict[str, Any]:
    """What the forms for an answer offer. An attribute and its value are chosen in one field where the codebook lists values."""
    what = [
        (
            choice_named("attribute", attribute, lang=lang),
            [
                (f"{attribute}|{value}", choice_named("value", value, attribute, lang))
                for value in codebook.VALUES[attribute]
            ]
            if attribute in codebook.VALUES
            else [(f"{attribute}|", entry("label.page.write_below", lang))],
        )
        for attribute in choices("attribute", sensitive=sensitive)
    ]
    fixed = {field: _named(field, lang) for field in ("kind", "category", "severity", "who")}
    groups = [(code, choice_named("group", code, "occupation", lang)) for code in codebook.OCCUPATION_GROUPS]
    means = {field: {code: meaning(field, code, lang=lang) for code, _ in fixed[field]} for field in fixed}
    means["what"] = {
        place: meaning("value", value, attribute, lang) or meaning("attribute", attribute, lang=lang)
        for _, options in what
        for place, _ in options
        for attribute, _, value in [place.partition("|")]
    }
    explained = [
        (entry(f"label.page.fields.{field}", lang), [(name, means[field][code]) for code, name in fixed[field]])
        for field in ("kind", "category", "severity")
    ]
    about = entry("codebook.page.what_means", lang)
    return {**fixed, "what": what, "group": groups, "means": means, "explained": explained, "about": about}


def tried_or(form: Mapping[str, str] | None) -> dict[str, str]:
    """What somebody wrote into a form that could not be kept, so that it need not be written again."""
    return dict(form or {})
