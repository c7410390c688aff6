"""The page ``docs/reference/gold.md``: what the gold posts are, how many, and how far their coders agreed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache

from data import codebook, gold
from data.gold import CodedPost
from data.numbers import number
from data.words import tell

LANGS = gold.LANGUAGES
EXAMPLE = {
    "id": "en-home-000",
    "language": "en",
    "domain": "home",
    "posted_at": "2026-03-14",
    "text": "28, first flat, and the Brumble kettle leaks after a week lol",
    "hard": ["product_age"],
    "brands": {"Brumble": ["brumble"]},
    "cues": [{"attribute": "age", "value": "28", "who": "self", "quote": "28"}],
    "pains": [
        {"kind": "complaint", "category": "durability", "target": "Brumble", "severity": 2, "quote": "leaks after a week"}
    ],
}  # fmt: skip
_AGREED = ("cues", "who", "pain_posts", "pains", "category", "kind", "severity")


def page() -> str:
    """The page in this process's language."""
    parts = [
        ["", _t("about")],
        ["who_title", _t("who")],
        ["split_title", _t("split")],
        ["training_title", _t("training")],
        ["form_title", _t("form"), "", "```json", json.dumps(EXAMPLE, ensure_ascii=False), "```"],
        ["counts_title", _t("counts"), "", *_counts()],
        ["hard_title", _t("hard_about"), "", *_hard()],
        ["agreement_title", _t("agreement"), "", *_agreement()],
        ["licence_title", _t("licence")],
    ]
    lines = [f"# {_t('title')}", "", tell("reference.generated")]
    for title, *text in parts:
        lines += ["", *([f"## {_t(title)}", ""] if title else []), *text]
    return "\n".join(lines) + "\n"


def _t(key: str) -> str:
    return tell(f"reference.gold.{key}")


def _columns(*names: str) -> list[str]:
    return [_row(_t(f"columns.{name}") for name in names), _row("---" for _ in names)]


def _row(cells: Iterable[object]) -> str:
    return f"| {' | '.join(map(str, cells))} |"


@cache
def _posts(kind: str, lang: str, domain: str = "") -> Sequence[CodedPost]:
    return (gold.gold if kind == "gold" else gold.training)(lang, domain=domain or None)


def _counts() -> list[str]:
    lines = _columns("domain", "vi", "en", "hard", "neither", "training_vi", "training_en")
    for domain in [*sorted({*gold.domains(), *gold.domains(kind="training")}), ""]:
        sets = {(kind, lang): _posts(kind, lang, domain) for kind in ("gold", "training") for lang in LANGS}
        posts = [*sets["gold", "vi"], *sets["gold", "en"]]
        name = f"`{domain}`" if domain else f"**{_t('columns.all')}**"
        shares = (
            _share(sum(bool(post.hard) for post in posts), len(posts)),
            _share(sum(not post.cues and not post.pains for post in posts), len(posts)),
        )
        n = {which: number(len(found)) for which, found in sets.items()}
        lines.append(_row((name, n["gold", "vi"], n["gold", "en"], *shares, n["training", "vi"], n["training", "en"])))
    return lines


def _share(part: int, whole: int) -> str:
    return f"{number(100 * part / whole)}%" if whole else "–"


def _hard() -> list[str]:
    lines = _columns("difficulty", "what", "vi", "en")
    for kind in gold.HARD:
        shares = [
            _share(sum(kind in p.hard for p in _posts("gold", lang)), len(_posts("gold", lang))) for lang in LANGS
        ]
        lines.append(_row((f"`{kind}`", _t(f"difficulties.{kind}"), *shares)))
    return lines


def _agreement() -> list[str]:
    told = {lang: gold.agreement(lang) for lang in LANGS}
    lines = _columns("what", "vi", "en", "kappa_vi", "kappa_en")
    for name in _AGREED:
        figures = [number(told[lang][name], 2) for lang in LANGS]
        kappas = [number(told[lang]["kappa"][name], 2) if name in told[lang]["kappa"] else "" for lang in LANGS]
        lines.append(_row((tell(f"eval.measures.{name}"), *figures, *kappas)))
    lines += ["", _t("agreement_attributes"), "", *_columns("attribute", "vi", "en")]
    for name in codebook.ATTRIBUTES:
        figures = [number(told[lang]["attributes"][name], 2) for lang in LANGS]
        lines.append(_row((f"`{name}`", *figures)))
    return lines
