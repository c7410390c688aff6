"""An explanation for people: lines on the terminal, one JSON object, or a page of its own with displaCy's picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from html import escape
from typing import Any

from analysis.labels.naming import named, said_plainly
from analysis.text.blocked import Blocked
from analysis.text.explain import Answer, Explanation, Line, Marked
from data.records import Cue, Pain
from data.rows import shown
from data.words import entry, language, tell

#: The picture shows so many words of a text; the rest is told below it all the same.
LONGEST_PICTURE = 1500
_LONGEST_TERM = 60
_PAIN, _CUE, _BLOCKED = "#ffc9b8", "#bfe3d0", "#dcdcdc"
_STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, 'Segoe UI', Helvetica, Arial, sans-serif; color: #1d1d1b; background: #fff;
  max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.picture .spans span { white-space: nowrap; }
.picture { border: 1px solid #d9d9d4; border-radius: 8px; padding: .5rem 1rem 1.5rem; overflow-wrap: anywhere; }
.key span { display: inline-block; padding: 0 .5rem; border-radius: 3px; margin-right: .75rem; color: #000; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .35rem .6rem;
  border-bottom: 1px solid #e4e4df; overflow-wrap: anywhere; } th { font-weight: 600; white-space: nowrap; }
q { quotes: "“" "”"; font-weight: 600; } code { font-size: .9em; color: #555; } p.small { color: #555; }
@media (max-width: 40rem) { table, tbody, tr, td { display: block; } thead { display: none; } td { border: 0; }
  tr { border-bottom: 1px solid #e4e4df; padding: .4rem 0; } }
"""


def as_dict(told: Explanation) -> dict[str, Any]:
    """The explanation as plain values; an answer is written as the codebook has it."""
    return {
        "text": told.text,
        "lang": told.lang,
        "answers": [_answer_dict(one) for one in told.answers],
        "blocked": [asdict(one) for one in told.blocked],
        "taken_back": [_answer_dict(one) for one in told.taken_back],
        "clauses": [asdict(one) for one in told.clauses],
    }


def _answer_dict(one: Answer) -> dict[str, Any]:
    kind = "pain" if isinstance(one.found, Pain) else "cue"
    return {
        kind: asdict(one.found),
        "rules": list(one.rules),
        "lines": [asdict(line) for line in one.lines],
        "words": [list(pair) for pair in one.words],
    }


def _not_read(lang: str) -> str:
    return tell("explain.no_language") if lang == "und" else tell("explain.other_language", lang=lang)


def as_lines(told: Explanation) -> Iterator[str]:
    """The explanation line by line."""
    yield told.text
    yield ""
    if told.lang not in ("vi", "en"):
        yield _not_read(told.lang)
        return
    yield tell("explain.answers") if told.answers else tell("explain.no_answer")
    for one in told.answers:
        yield from _answer_lines(one)
    if told.taken_back:
        yield ""
        yield tell("explain.taken_back")
        for one in told.taken_back:
            yield from _answer_lines(one)
    if told.blocked:
        yield ""
        yield tell("explain.blocked")
        for block in told.blocked:
            code = f"{block.code}, " if block.code else ""
            yield f"  “{block.words}” ({code}{block.file}:{block.line}): {reason(block)}"
    yield ""
    yield tell("explain.clauses")
    for clause in told.clauses:
        marks = ", ".join(_marks(clause))
        yield f"  {' '.join(clause.text.split())}" + (f"  [{marks}]" if marks else "")


def _answer_lines(one: Answer) -> Iterator[str]:
    found = one.found
    yield f"  “{found.quote}” → {' · '.join(said_plainly(found))}  ({one.label})"
    yield f"      {found.source_component}: {_rules(one)}"
    for line in one.lines:
        yield f"      {_line(line)}"
    if one.words:
        words = ", ".join(f"{name} {weight:+.2f}" for name, weight in one.words)
        yield f"      {tell('explain.words')}: {words}"


def _rules(one: Answer) -> str:
    if not one.rules:
        return tell("explain.no_rule", component=one.found.source_component)
    said = entry("explain.rules", language())
    return "; ".join(f"{rule} ({said[rule]})" if rule in said else rule for rule in one.rules)


def _line(line: Line) -> str:
    weight = "" if line.weight == 1 else f" × {line.weight:g}"
    place = f"{line.file}:{line.line}" if line.line else tell("explain.brand_of_study")
    term = line.term if len(line.term) <= _LONGEST_TERM else f"{line.term[:_LONGEST_TERM]}…"
    return f"{place}  {line.area}: {term} → {line.code}{weight}" + (
        "" if line.words.lower() == line.term else f"  (“{line.words}”)"
    )


def reason(block: Blocked) -> str:
    """The sentence for what kept a word from being a pain."""
    said = tell(f"explain.reasons.{block.reason}")
    return f"{said}: “{block.by}”" if block.by else said


def _marks(clause: Marked) -> list[str]:
    links = entry("explain.links", language())
    marks = [tell("explain.link", link=links.get(clause.link, clause.link))] if clause.link else []
    marks += [tell(f"explain.marks.{mark}") for mark in clause.marks]
    return marks + [tell("explain.denied_by", words=words) for words in clause.negators if words]


def page(told: Explanation, title: str) -> str:
    """The explanation as one HTML page that needs nothing else."""
    parts = [
        f"<h1>{_safe(title)}</h1>",
        f'<p class="key"><span style="background:{_PAIN}">{_safe(tell("explain.key.pain"))}</span>'
        f'<span style="background:{_CUE}">{_safe(tell("explain.key.cue"))}</span>'
        f'<span style="background:{_BLOCKED}">{_safe(tell("explain.key.blocked"))}</span></p>',
        f'<div class="picture">{picture(told)}</div>',
    ]
    if told.lang not in ("vi", "en"):
        parts.append(f"<p>{_safe(_not_read(told.lang))}</p>")
    else:
        parts += [*_answers_html(told), *_blocked_html(told), *_clauses_html(told)]
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{_safe(title)}</title>'
    body = "\n".join(parts)
    return f'<!doctype html>\n<html lang="{language()}"><head>{head}<style>{_STYLE}</style></head>\n<body>{body}</body></html>\n'


def picture(told: Explanation) -> str:
    """displaCy's picture of the answers and of the words that were kept from being one, as HTML."""
    from spacy import displacy

    tokens = told.tokens[:LONGEST_PICTURE]
    words = [shown(told.text[start:end]) for start, end in tokens] or [shown(told.text[:10_000])]
    spans: list[dict[str, Any]] = []
    colors: dict[str, str] = {}
    marked = [
        (
            one.found.start,
            one.found.end,
            f"{number} {_short(one.found)}",
            _PAIN if isinstance(one.found, Pain) else _CUE,
        )
        for number, one in enumerate(told.answers, start=1)
    ]
    marked += [(one.start, one.end, f"✗ {tell(f'explain.short.{one.reason}')}", _BLOCKED) for one in told.blocked]
    for start, end, label, color in marked:
        inside = [i for i, (first, last) in enumerate(tokens) if first < end and start < last]
        if inside:
            safe = _safe(label)  # displaCy escapes the words and not the labels
            spans.append({"start_token": inside[0], "end_token": inside[-1] + 1, "label": safe})
            colors[safe.upper()] = color
    drawn = displacy.render(
        {"text": " ".join(words), "spans": spans, "tokens": words},
        style="span", manual=True, page=False, jupyter=False, options={"colors": colors},
    )  # fmt: skip
    cut = (
        f'<p class="small">{_safe(tell("explain.cut", n=LONGEST_PICTURE))}</p>'
        if len(told.tokens) > len(tokens)
        else ""
    )
    return str(drawn) + cut


def _safe(text: str) -> str:
    """``text`` for a page, without characters that would turn or hide what stands around them."""
    return escape(shown(text))


def _short(found: Pain | Cue) -> str:
    if isinstance(found, Pain):
        return named("categories", found.category)
    return named("attributes", found.attribute)


def _answers_html(told: Explanation) -> Iterator[str]:
    for key, answers in (("answers", told.answers), ("taken_back", told.taken_back)):
        if not answers:
            if key == "answers":
                yield f"<p>{_safe(tell('explain.no_answer'))}</p>"
            continue
        yield f"<h2>{_safe(tell(f'explain.{key}'))}</h2>"
        rows = []
        for number, one in enumerate(answers, start=1):
            lines = [_safe(_line(line)) for line in one.lines]
            lines += [_safe(f"{name} {weight:+.2f}") for name, weight in one.words]
            rows.append(
                [
                    f"{number}" if key == "answers" else "",
                    f"<q>{_safe(one.found.quote)}</q>",
                    f"{_safe(' · '.join(said_plainly(one.found)))}<br><code>{_safe(one.label)}</code>",
                    f"<code>{_safe(one.found.source_component)}</code><br>{_safe(_rules(one))}",
                    "<br>".join(lines),
                ]
            )
        yield _table(("number", "quote", "answer", "rule", "lines"), rows)


def _blocked_html(told: Explanation) -> Iterator[str]:
    if told.blocked:
        yield f"<h2>{_safe(tell('explain.blocked'))}</h2>"
        yield _table(
            ("quote", "lines", "reason"),
            [
                [f"<q>{_safe(one.words)}</q>", _safe(f"{one.file}:{one.line} → {one.code}"), _safe(reason(one))]
                for one in told.blocked
            ],
        )


def _clauses_html(told: Explanation) -> Iterator[str]:
    yield f"<h2>{_safe(tell('explain.clauses'))}</h2>"
    yield _table(
        ("clause", "marks"),
        [[_safe(one.text), _safe(", ".join(_marks(one)))] for one in told.clauses[:LONGEST_PICTURE]],
    )


def _table(columns: tuple[str, ...], rows: list[list[str]]) -> str:
    head = "".join(f"<th>{_safe(tell(f'explain.columns.{column}'))}</th>" for column in columns)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
