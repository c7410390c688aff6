"""The pages of the named queries: what may be filled in, the answer as a picture and as a table in words, and the way to its file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from analysis.labels.naming import choice_named, choices
from analysis.serve_answers import Answers
from analysis.serve_charts import Bar, bars
from data.numbers import number_in
from data.store import Store, open_store
from data.store.queries import FOLDER, query_names
from data.words import LANGUAGES, entry

PATH = "/-/questions"
#: Questions of the first page.
OFTEN = (
    "pains_this_month",
    "who_they_are",
    "how_they_differ",
    "what_changed",
    "pain_quotes",
    "strengths_and_weaknesses",
)
_BARS = 20
_GROUPS = ("people", "pains", "brands", "offers", "checks")


@cache
def shown() -> dict[str, dict[str, Any]]:
    """How each named query is shown (``data/queries/shown.toml``)."""
    return tomllib.loads((FOLDER / "shown.toml").read_text(encoding="utf-8"))


def routes() -> list[tuple[str, Callable[..., Any]]]:
    """What Datasette's hook ``register_routes`` wants."""
    return [(rf"^{PATH}$", listing)]


def grouped(lang: str) -> list[dict[str, Any]]:
    """All questions, group by group: address's name, title, what they answer."""
    titles, about = entry("tables.query", lang), entry("explore.about", lang)
    order = [*shown(), *(name for name in query_names() if name not in shown())]
    return [
        {
            "name": group,
            "title": entry("explore.groups", lang)[group],
            "questions": [
                {"name": name, "title": titles[name], "about": about.get(name, "")}
                for name in order
                if name in titles and shown().get(name, {}).get("group", "checks") == group
            ],
        }
        for group in _GROUPS
    ]


async def listing(datasette: Any, request: Any) -> Any:
    """All questions on a page."""
    from datasette import Response

    ours = datasette.metadata("chandung")
    say = entry("explore.questions", ours["lang"])
    given = {
        "groups": grouped(ours["lang"]),
        "say": {**say, "lead": say["lead"].format(n=ours["minimum"])},
        "database": ours["database"],
    }
    return Response.html(await datasette.render_template("questions.html", given, request=request))


def options(store: Store, parameters: Sequence[str], lang: str) -> dict[str, list[tuple[str, str]]]:
    """Parameter → what can be chosen for it (value, in words); of those that are written freely there is nothing."""

    def column(sql: str) -> list[tuple[str, str]]:
        return [(str(row["name"]), str(row["name"])) for row in store.query(sql)]

    listed: dict[str, Callable[[], list[tuple[str, str]]]] = {
        "brand": lambda: column("select name from brands where active order by brand_id"),
        "month": lambda: column(
            "select month as name from brand_counts where brand = 'market' and source = '' and month <> '' order by month desc"
        ),
        "segment": lambda: column("select distinct segment as name from personas order by 1"),
        "assumption": lambda: column("select distinct id as name from assumptions order by 1"),
        "category": lambda: [(code, choice_named("category", code, lang=lang)) for code in choices("category")],
        "kinds": lambda: [(code, choice_named("kind", code, lang=lang)) for code in choices("kind")],
        "attribute": lambda: [(code, choice_named("attribute", code, lang=lang)) for code in choices("attribute")],
        "role": lambda: [(code, name) for code, name in entry("explore.roles", lang).items()],
        "stars": lambda: [(str(n), "★" * n) for n in (1, 2, 3, 4)],
    }
    return {name: listed[name]() for name in parameters if name in listed}


def fill(datasette: Any, parameters: Sequence[str]) -> list[dict[str, Any]]:
    """The fields of a question: name, in words, and what can be chosen."""
    ours = datasette.metadata("chandung")
    names = entry("explore.parameters", ours["lang"])
    with open_store(Path(datasette.databases[ours["database"]].path), read_only=True) as store:
        offered = options(store, parameters, ours["lang"])
    return [{"name": name, "title": names.get(name, name), "options": offered.get(name)} for name in parameters]


def empty_choice(name: str | None, parameter: str, lang: str) -> str:
    """What an empty choice of a question's parameter means, in words."""
    say = entry("explore.questions", lang)
    return str(say[shown().get(name or "", {}).get("empty", {}).get(parameter, "all")])


#: Parameters that take several of their choices, with commas between them.
_SEVERAL = {"kinds"}


def together(field: Mapping[str, Any], value: str) -> str:
    """Several choices of a field at once in words; empty where the field takes one only, or ``value`` names something else."""
    names = dict(field["options"] or ())
    chosen = value.split(",")
    several = field["name"] in _SEVERAL and len(chosen) > 1 and all(code in names for code in chosen)
    return ", ".join(names[code] for code in chosen) if several else ""


def unknown(fields: Sequence[Mapping[str, Any]], values: Mapping[str, Any], lang: str) -> list[str]:
    """A sentence for each value that was asked for and is none of those that can be chosen."""
    say = entry("explore.questions", lang)["unknown"]
    given = [(field, str(values.get(field["name"]) or "").strip()) for field in fields if field["options"] is not None]
    return [
        say.format(what=field["title"].lower(), value=value[:80])
        for field, value in given
        if value and value not in {code for code, _ in field["options"]} and not together(field, value)
    ]


def nothing(datasette: Any, name: str | None, query: Mapping[str, Any], lang: str) -> str:
    """What it means that a question has no rows for an answer: whether all that fits is of groups too small to be told."""
    say = entry("explore.questions", lang)
    ours, own = datasette.metadata("chandung"), say["no_rows_of"].get(name or "")
    if own:
        return str(own).format(n=ours["minimum"])
    if not _LEAST.search(query["sql"]):
        return str(say["no_rows"])
    with open_store(Path(datasette.databases[ours["database"]].path), read_only=True) as store:
        hidden = next(store.query(_LEAST.sub("1", query["sql"]), dict(query["params"])), None)
    return str(say["no_rows_small" if hidden else "no_rows_fit"]).format(n=ours["minimum"])


#: How questions name the smallest group of which is told.
_LEAST = re.compile(
    r"coalesce\(\(select cast\(s\.value as integer\) from study_settings s where s\.name = 'minimum_group'\), 5\)"
)


#: What of a post is read first.
_FIRST = ("posted_at", "brand", "category", "kind", "attribute", "value", "product", "rating", "quote", "text")


def in_reading_order(cells: Sequence[Any], name: Callable[[Any], str]) -> list[Any]:
    """Columns, or the cells of a row, of a table with texts: day, brand and text first, keys and addresses after them."""
    names = [name(cell) for cell in cells]
    if "post_id" not in names or not {"text", "quote"} & set(names):
        return list(cells)
    places = {one: place for place, one in enumerate(_FIRST)}
    return [
        cell for _, cell in sorted(enumerate(cells), key=lambda one: (places.get(names[one[0]], len(_FIRST)), one[0]))
    ]


def heading(column: str, lang: str) -> str:
    """A column in words, where it has some."""
    return str(entry("explore.columns", lang).get(column, column.replace("_", " ")))


def hidden(name: str, lang: str) -> set[str]:
    """Columns of a question that its page leaves out: what only its files need, and what is told in another language."""
    other = {f"said_{code}" for code in LANGUAGES if code != lang}
    return {*shown().get(name, {}).get("hidden", ()), *other}


def answer(name: str, columns: Sequence[str], rows: Sequence[Any], answers: Answers) -> dict[str, Any]:
    """The table of an answer: its ``columns`` (name, in words, whether they are numbers) and its ``rows`` of cells in words.
    A column in which nothing stands is left out.
    """
    left_out, forms = hidden(name, answers.lang), shown().get(name, {}).get("forms")
    told = [dict(zip(columns, row, strict=True)) for row in rows]
    kept = [one for one in columns if one not in left_out and any(row[one] not in (None, "") for row in told)]
    cells = [[answers.cell(column, row, forms) for column in kept] for row in told]
    numbers = [any(row[place].number for row in cells) for place in range(len(kept))]
    return {
        "columns": [
            (column, heading(column, answers.lang), is_number) for column, is_number in zip(kept, numbers, strict=True)
        ],
        "rows": cells,
    }


def picture(name: str, columns: Sequence[str], rows: Sequence[Any], answers: Answers) -> Any:
    """The answer as bars with their bounds, drawn here; ``None`` where the question has no picture or nothing to draw."""
    spec = shown().get(name, {})
    if "value" not in spec or not rows:
        return None
    told = [dict(zip(columns, row, strict=True)) for row in rows]
    told = [
        row for row in told if all(str(row[column]).startswith(begin) for column, begin in spec.get("only", {}).items())
    ][:_BARS]
    drawn = [_bar(row, spec, answers) for row in told if isinstance(row.get(spec["value"]), int | float)]
    share, points = bool(spec.get("share")), bool(spec.get("points"))
    title = heading(spec["value"], answers.lang)
    caption = entry("explore.questions", answers.lang)["captions"].get(name, title[:1].upper() + title[1:])
    return bars(drawn, answers.lang, caption, share=share, points=points) if drawn else None


def _bar(row: Mapping[str, Any], spec: Mapping[str, Any], answers: Answers) -> Bar:
    low, high = (row.get(spec[end]) if end in spec else None for end in ("low", "high"))
    called = " · ".join(answers.cell(column, row, spec.get("forms")).words for column in spec["label"])
    if spec.get("points"):  # what the caption says of every bar
        called = called.removesuffix(str(entry("answers.measures", answers.lang)["difference"]).format(value=""))
    of = next((round(row[name]) for name in ("n", "told", "audience") if row.get(name) is not None), None)
    note = "" if of is None else f"n = {number_in(answers.lang, of)}"
    return Bar(
        called,
        float(row[spec["value"]]),
        None if low is None else float(low),
        None if high is None else float(high),
        note,
    )
