"""The page that looks for posts: by words, with or without diacritics, and by what is known and told of them. It needs no script."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from analysis.labels.naming import choice_named, choices, value_named
from analysis.report.speech import Speech, place_named
from data import codebook
from data.folding import fold, words
from data.groups import BANDED, band_start, months
from data.masks import mask
from data.numbers import number_in
from data.store import Store, open_store
from data.store.searching import marked
from data.store.seeking import LATEST, Sought, seek
from data.words import entry

PATH = "/-/search"
_PER_PAGE = 25
_IN_CSV = 5_000
_DEEPEST = 400
_LENGTH = 420
_BEFORE = 90
_VALUES = 14
_IN_ORDER = 80
_LAST = 1e9
_NAMES = ("words", "brand", "source", "since", "until", "what", "category", "order")
_WORD = re.compile(r"[^\W_]+")
_CHIPS = """
select 'cue' as area, c.post, c.attribute, c.value, c.who, c.quote from cues c where c.post in (select value from json_each(:ids))
union all
select 'pain', n.post, n.category, n.kind, '', n.quote from pains n where n.post in (select value from json_each(:ids))
"""


def routes() -> list[tuple[str, Callable[..., Any]]]:
    """What Datasette's hook ``register_routes`` wants."""
    return [(rf"^{PATH}$", page), (rf"^{PATH}\.csv$", as_csv)]


def sought_of(args: Any, timezone: str = "UTC") -> Sought:
    """What an address asks for; what cannot be asked for is left out. Its days are those of ``timezone``."""
    given = {name: str(args.get(name) or "").strip()[:300] for name in (*_NAMES, "attribute", "value")}
    attribute, _, value = given["what"].partition("|")
    attribute, value = (attribute, value) if given["what"] else (given["attribute"], given["value"])
    known = attribute in codebook.ATTRIBUTES and attribute not in codebook.SENSITIVE
    return Sought(
        words=" ".join(given["words"].split()),
        brand=given["brand"],
        source=given["source"],
        since=_day(given["since"]),
        until=_day(given["until"]),
        attribute=attribute if known else "",
        value=value if known else "",
        category=given["category"] if given["category"] in codebook.PAIN_CATEGORIES else "",
        order="newest" if given["order"] == "newest" else "best",
        timezone=timezone,
    )


def asked(sought: Sought) -> str:
    """An address's query that asks for the same."""
    what = f"{sought.attribute}|{sought.value}" if sought.attribute else ""
    given = {"words": sought.words, "brand": sought.brand, "source": sought.source, "since": sought.since, "until": sought.until,
             "what": what, "category": sought.category, "order": "newest" if sought.order == "newest" else ""}  # fmt: skip
    return urlencode({name: value for name, value in given.items() if value})


async def page(datasette: Any, request: Any) -> Any:
    """The form, and a page of the posts found."""
    from datasette import Response

    ours = datasette.metadata("chandung")
    lang, asked_for = ours["lang"], _sought(datasette, request)
    wish = request.args.get("page") or ""
    wished = max(1, min(int(wish[:9]), _DEEPEST)) if wish.isdecimal() else 1

    def look() -> dict[str, Any]:
        with open_store(_database(datasette), read_only=True) as store:
            sought, told = _known(asked_for, request.args, _form(store, asked_for, lang), lang)
            place, found = wished, seek(store, sought, limit=_PER_PAGE, offset=(wished - 1) * _PER_PAGE)
            if wished > 1 and not found.rows:
                place = max(1, -(-(found.count or 0) // _PER_PAGE))
                told = [*told, entry("explore.search.beyond", lang).format(n=wish[:9], last=place)]
                found = seek(store, sought, limit=_PER_PAGE, offset=(place - 1) * _PER_PAGE)
            return {
                "posts": _shown(store, found.rows, sought, lang),
                "count": found.count,
                "counted": None if found.count is None else number_in(lang, found.count),
                "more": found.more and place < _DEEPEST,
                "form": _form(store, sought, lang),
                "told": told,
                "page": place,
                "wanted": sought,
                "asked": asked(sought),
                "is_asked": bool(asked(sought)),
            }

    shown = {
        **await asyncio.to_thread(look),
        "say": entry("explore.search", lang),
        "path": PATH,
        "latest": number_in(lang, LATEST),
        "sql": None,
    }
    html = await datasette.render_template("search.html", shown, request=request)
    return Response.html(html)


async def as_csv(datasette: Any, request: Any) -> Any:
    """The posts found as CSV, the first thousands of them; it is made harmless on its way out, as all CSV is."""
    from datasette import Response

    sought = _sought(datasette, request)

    def look() -> str:
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        names = ("post_id", "url", "posted_at", "brand", "source", "thread_title", "author", "text")
        writer.writerow(names)
        with open_store(_database(datasette), read_only=True) as store:
            rows = seek(store, sought, limit=_IN_CSV).rows
            writer.writerows([[row[name] if name != "text" else mask(row["text"]) for name in names] for row in rows])
        return out.getvalue()

    text = await asyncio.to_thread(look)
    sent = {"content-disposition": 'attachment; filename="posts.csv"'}
    return Response(text, headers=sent, content_type="text/csv; charset=utf-8")


def _sought(datasette: Any, request: Any) -> Sought:
    return sought_of(request.args, datasette.metadata("chandung").get("timezone", "UTC"))


def _database(datasette: Any) -> Path:
    return Path(datasette.databases[datasette.metadata("chandung")["database"]].path)


def _known(sought: Sought, args: Any, form: Mapping[str, Any], lang: str) -> tuple[Sought, list[str]]:
    """What can be asked for, and a sentence for each condition that cannot and is left out: a day or a name that is not there."""
    say, given = entry("explore.search", lang), {name: str(args.get(name) or "").strip()[:80] for name in _NAMES}
    told = [
        say["no_day"].format(day=given[name], field=say[name])
        for name in ("since", "until")
        if given[name] and not getattr(sought, name)
    ]
    wrong = {
        "brand": sought.brand not in form["brands"],
        "source": sought.source not in [url for url, _ in form["sources"]],
        "category": not sought.category,
        "what": not sought.attribute,
    }
    unknown = [name for name, is_wrong in wrong.items() if is_wrong and given[name]]
    told += [say["unknown"].format(field=say[name].lower(), value=given[name]) for name in unknown]
    return replace(sought, **{name: "" for name in unknown if name in ("brand", "source")}), told


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _shown(store: Store, rows: list[dict[str, Any]], sought: Sought, lang: str) -> list[dict[str, Any]]:
    """Posts as the page shows them: an excerpt in pieces with what was found marked, and their codes as chips."""
    say, chips = Speech(lang, sought.timezone), defaultdict[int, list[dict[str, str]]](list)
    for row in store.query(_CHIPS, {"ids": json.dumps([row["id"] for row in rows])}):
        chips[row["post"]].append(_chip(row, lang))
    return [
        {
            **row,
            "pieces": pieces(mask(row["text"]), sought.words),
            "title": pieces(mask(_title(row)), sought.words),
            "day": say.date(row["posted_at"]) if row["posted_at"] else "",
            "chips": list({(chip["area"], chip["text"]): chip for chip in reversed(chips.get(row["id"], []))}.values())[
                ::-1
            ],
            "url": _safe(row["url"]) or _safe(row["thread_url"]),
            "thread_url": _safe(row["thread_url"]),
            "host": place_named(row["source"] or "", lang).split("://", 1)[-1],
        }
        for row in rows
    ]


def _title(row: Mapping[str, Any]) -> str:
    """The thread's title; that of an imported file's posts is the file's name, which stands below already."""
    title, source = str(row["thread_title"] or ""), str(row["source"] or "")
    return "" if source.startswith("file:") and source.endswith(title) else title


def _safe(url: str | None) -> str | None:
    return url if url and url.startswith(("http://", "https://")) else None


def _chip(row: Mapping[str, Any], lang: str) -> dict[str, str]:
    if row["area"] == "pain":
        name = choice_named("category", row["attribute"], lang=lang)
        return {"area": "pain", "text": name, "asks": urlencode({"category": row["attribute"]}), "quote": row["quote"]}
    name = choice_named("attribute", row["attribute"], lang=lang)
    value = value_named(row["attribute"], row["value"], lang)
    who = "" if row["who"] == "self" else f" ({entry('label.who', lang).get(row['who'], row['who'])})"
    asks = urlencode({"what": f"{row['attribute']}|{row['value']}"})
    return {"area": "cue", "text": f"{name}: {value}{who}", "asks": asks, "quote": row["quote"]}


def pieces(text: str, wanted: str) -> list[tuple[str, bool]]:
    """An excerpt of ``text`` around the first of the words that are wanted, cut where they are found: each piece, and whether it is
    one. With marks typed, only what is written so counts, where anything is."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    typed, plain = set(marked(wanted)), set(words(wanted))
    spots = [(m.start(), m.end(), m[0].lower()) for m in _WORD.finditer(text)]
    found = [
        s for s in spots if s[2] in typed or (fold(s[2]) in plain and not any(fold(t) == fold(s[2]) for t in typed))
    ]
    found = found or [spot for spot in spots if fold(spot[2]) in plain]
    start = max(0, found[0][0] - _BEFORE) if found and found[0][0] > _LENGTH - _BEFORE else 0
    end = min(len(text), start + _LENGTH)
    parts, at = [("…", False)] if start else [], start
    for first, last, _ in found:
        if first >= at and last <= end:
            parts += [(text[at:first], False), (text[first:last], True)]
            at = last
    parts.append((text[at:end] + ("…" if end < len(text) else ""), False))
    return [part for part in parts if part[0]]


def _offered(attribute: str, often: list[str]) -> list[str]:
    """The values to choose from: those told most, or of what has an order of its own nearly all, in that order."""
    if attribute not in BANDED:
        return often[:_VALUES]
    some = often[:_IN_ORDER]
    if attribute == "child_age":
        return sorted(some, key=lambda value: months(value) or (_LAST, _LAST))
    return sorted(some, key=band_start)


def _form(store: Store, sought: Sought, lang: str) -> dict[str, Any]:
    """What can be chosen."""
    brands = [row["name"] for row in store.query("select name from brands where active order by brand_id")]
    sources = [row["url"] for row in store.query(
        "select s.url from sources s where s.source_id in (select k.source_id from post_counts k where k.posts > 0) order by s.source_id"
    )]  # fmt: skip
    values: dict[str, list[str]] = {}
    for row in store.query("select attribute, value from cue_counts where cues > 0 order by attribute, cues desc"):
        values.setdefault(row["attribute"], []).append(row["value"])
    told = []
    for attribute in choices("attribute"):
        if attribute not in values:
            continue
        name, some = choice_named("attribute", attribute, lang=lang), _offered(attribute, values[attribute])
        if sought.attribute == attribute and sought.value and sought.value not in some:
            some.append(sought.value)
        of_value = [(f"{attribute}|{value}", f"{name}: {value_named(attribute, value, lang)}") for value in some]
        told.append((name, [(f"{attribute}|", f"{name}: {entry('explore.search.any_value', lang)}"), *of_value]))
    return {
        "brands": brands,
        "sources": [(url, place_named(url, lang).split("://", 1)[-1]) for url in sources],
        "what": told,
        "chosen": f"{sought.attribute}|{sought.value}" if sought.attribute else "",
        "categories": [(code, choice_named("category", code, lang=lang)) for code in choices("category")],
    }
