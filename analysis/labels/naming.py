"""Answers in words: what a person who labels reads of them, and what may be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from data import codebook
from data.labels import Answer
from data.records import Cue
from data.words import entry, language

#: The fields of an answer, in the order in which they are asked.
OF_CUE = ("attribute", "value", "who", "group", "quote")
OF_PAIN = ("kind", "category", "target", "severity", "quote")


def named(path: str, code: str, lang: str | None = None) -> str:
    """The name of a code under ``codes.<path>``; the code where it has none."""
    try:
        found = entry(f"codes.{path}", lang or language())
    except KeyError:
        return code
    name = found.get(code) if isinstance(found, dict) else None
    return name if isinstance(name, str) else code


def said_plainly(answer: Answer, lang: str | None = None) -> list[str]:
    """An answer as a few short words: what it is, then what it says."""
    lang = lang or language()
    if isinstance(answer, Cue):
        words = [named("attributes", answer.attribute, lang), value_named(answer.attribute, answer.value, lang)]
        if answer.who != "self":
            words.append(entry("label.who", lang)[answer.who])
        if answer.group:
            words.append(named("values.occupation", answer.group, lang))
        return words
    severity = entry("label.severity", lang)[str(answer.severity)]
    target = [answer.target] if answer.target else []
    return [named("kinds", answer.kind, lang), named("categories", answer.category, lang), *target, severity]


def value_named(attribute: str, value: str, lang: str | None = None) -> str:
    """A value in words where the codebook has a word for it; a free value as it is."""
    own = entry("label.values", lang or language()).get(attribute, {}).get(value)
    if own or attribute not in codebook.VALUES:
        return str(own or value)
    return named(f"values.{attribute}", value, lang)


def meaning(field: str, code: str, attribute: str = "", lang: str | None = None) -> str:
    """What a code of ``field`` means, in a line with an example; empty where its name says it all or it is a free value."""
    path = {"attribute": "attributes", "kind": "kinds", "category": "categories", "severity": "severity"}.get(field)
    if field == "value" and attribute in codebook.VALUES:
        path = f"values.{attribute}"
    return str(entry(f"codebook.{path}", lang or language()).get(code, "")) if path else ""


def meanings(answer: Answer, lang: str | None = None) -> dict[str, str]:
    """The codes of an answer in words, each with what it means."""
    if isinstance(answer, Cue):
        asked = [("attribute", answer.attribute, ""), ("value", answer.value, answer.attribute)]
    else:
        asked = [("kind", answer.kind, ""), ("category", answer.category, ""), ("severity", str(answer.severity), "")]
    told = {choice_named(*one, lang=lang): meaning(*one, lang=lang) for one in asked}
    return {name: means for name, means in told.items() if means}


def choices(field: str, attribute: str = "", *, sensitive: bool = False) -> Sequence[str]:
    """The codes that ``field`` may have; empty where it is written freely."""
    if field == "attribute":
        return tuple(name for name in codebook.ATTRIBUTES if sensitive or name not in codebook.SENSITIVE)
    if field == "value":
        return codebook.VALUES.get(attribute, ())
    if field == "group":
        return codebook.OCCUPATION_GROUPS if attribute == "occupation" else ()
    fixed = {
        "who": codebook.WHO,
        "kind": codebook.PAIN_KINDS,
        "category": codebook.PAIN_CATEGORIES,
        "severity": tuple(map(str, codebook.SEVERITIES)),
    }
    return fixed.get(field, ())


def choice_named(field: str, code: str, attribute: str = "", lang: str | None = None) -> str:
    """A code that may be chosen, in words."""
    lang = lang or language()
    if field in ("who", "severity"):
        return str(entry(f"label.{field}", lang)[code])
    if field == "value":
        return value_named(attribute, code, lang)
    paths = {"attribute": "attributes", "group": "values.occupation", "kind": "kinds", "category": "categories"}
    return named(paths[field], code, lang)


def segments(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[str, tuple[int, ...]]]:
    """``text`` cut where spans begin and end: each piece, and the places in ``spans`` that cover it."""
    cuts = sorted({0, len(text), *(place for span in spans for place in span if 0 <= place <= len(text))})
    pieces = []
    for start, end in pairwise(cuts):
        covering = tuple(n for n, (first, last) in enumerate(spans) if first <= start and end <= last)
        pieces.append((text[start:end], covering))
    return pieces
