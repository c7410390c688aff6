"""The starter study file: a whole, commented ``study.yaml`` out of a few answers."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from textwrap import wrap
from urllib.parse import urlsplit

from data import codebook
from data.errors import InputError
from data.folding import fold
from data.words import tell

_PLAIN = re.compile(r"[A-Za-zÀ-ỹ_][\wÀ-ỹ ./@+\-]{0,200}")
_YAML_WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n", "~"}


@dataclass(slots=True)
class Answers:
    """What the user told of the study. Empty parts become examples that the file marks as such."""

    study: str
    brand: str = ""
    contact: str = ""
    language: str = "vi"
    sites: list[str] = field(default_factory=list)
    competitors: list[tuple[str, str]] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)


def short_name(text: str) -> str:
    """``text`` as a study's short name: ``Tã bỉm 2026`` → ``ta-bim-2026``; may be empty."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:80]


def competitor_of(text: str) -> tuple[str, str]:
    """A competitor's name and site out of ``NAME=URL``, ``NAME``, or an address alone, which gives its host's name."""
    if is_address(text.strip()):
        return name_of(text.strip()), text.strip()
    name, _, site = text.partition("=")
    return name.strip(), site.strip()


def is_address(text: str) -> bool:
    """Whether ``text`` is a web address."""
    return bool(re.match(r"https?://[^\s/]+", text))


def name_of(address: str) -> str:
    """What a site is probably called: ``https://www.mini-care.example/vn`` → ``mini-care``."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.").split(".")[0]


def starter(answers: Answers, today: date) -> str:
    """The text of the study file."""
    say = _comments
    lines = [
        *say("head"),
        f"study: {scalar(answers.study)}",
        *say("language"),
        f"language: {answers.language}",
        *say("contact"),
        f"contact: {scalar(answers.contact or 'you@example.com')}{_example(answers.contact)}",
        "",
        *say("own"),
        "own:",
        f"  name: {scalar(answers.brand or tell('init.file.brand'))}{_example(answers.brand)}",
        *_sites(answers.sites, "  "),
        *_target(today),
        "",
        *say("competitors"),
        *_competitors(answers.competitors),
        "",
        *say("sources"),
        *_sources(answers),
        "",
        *say("imports"),
        *say("schedule"),
        *say("privacy"),
        "# privacy: {keep_texts_for: 365d, minimum_group: 5}",
    ]
    return "\n".join(lines) + "\n"


def _target(today: date) -> list[str]:
    """How assumptions are written: all of it an example, for nobody was asked what he assumes."""
    lines = [
        *tell("init.file.target").strip().splitlines(),
        "target:",
        f"  - segment: {scalar(tell('init.file.segment'))}",
        "    assumptions:",
        f"      - {{attribute: gender, expect: female, at_least: 0.6, since: {today:%Y-%m-%d}}}",
        f"      - {{attribute: age, expect: 25-34, at_least: 0.5, since: {today:%Y-%m-%d}}}",
        f"      - {{pain: price, expect: top 3, since: {today:%Y-%m-%d}}}",
        *_listed("attribute", codebook.ATTRIBUTES),
        *_listed("pain", codebook.PAIN_CATEGORIES),
    ]
    return [f"  # {line}" for line in lines]


def _listed(field: str, options: Iterable[str]) -> list[str]:
    lines = wrap(f"{field}: {', '.join(options)}", width=100, subsequent_indent=" " * (len(field) + 2))
    return [f"# {line}" for line in lines]


def _comments(name: str, indent: str = "") -> Iterable[str]:
    text = tell(f"init.file.{name}")
    return [f"{indent}# {line}".rstrip() for line in text.strip().splitlines()]


def _example(answer: str) -> str:
    return "" if answer else f"  # {tell('init.file.change')}"


def _sites(sites: list[str], indent: str) -> list[str]:
    if not sites:
        return [f"{indent}# sites: [https://www.example.com/]"]
    return [f"{indent}sites:", *(f"{indent}  - {scalar(site)}" for site in sites)]


def _competitors(competitors: list[tuple[str, str]]) -> list[str]:
    if not competitors:
        return [
            "# competitors:",
            "#   - {name: MiniCare, sites: [https://minicare.example/], aliases: [mini care, MNC]}",
        ]
    lines = ["competitors:"]
    for name, site in competitors:
        lines += [f"  - name: {scalar(name)}"]
        lines += [f"    sites: [{scalar(site)}]"] if site else []
        lines += ["    # aliases: [...]"]
    return lines


def _sources(answers: Answers) -> list[str]:
    given = answers.sources or ([] if answers.sites or any(s for _, s in answers.competitors) else [""])
    if not given:
        return ["# sources:", "#   - {url: https://forum.example/f/me-va-be/, keywords: [bỉm, tã], delay: 2}"]
    lines = ["sources:"]
    for url in given:
        lines += [f"  - url: {scalar(url or 'https://forum.example/')}{_example(url)}", "    about: market"]
        lines += [f"    # {line}" for line in tell("init.file.source_options").strip().splitlines()]
    return lines


def scalar(text: str) -> str:
    """``text`` as one YAML scalar on one line, without what cannot be seen; a JSON string is also a YAML string."""
    text = "".join(sign for sign in text if sign.isprintable())
    plain = _PLAIN.fullmatch(text) and text.lower() not in _YAML_WORDS and not text.endswith(" ")
    return (
        text if plain or re.fullmatch(r"https?://[\w\-./%?=&~+]{1,500}", text) else json.dumps(text, ensure_ascii=False)
    )


_OPTIONS = {
    ("study",): "--study",
    ("contact",): "--contact",
    ("own", "name"): "--name",
    ("own", "sites"): "--site",
    ("competitors",): "--competitor",
    ("sources",): "--source",
}


def of_the_options(error: InputError) -> InputError:
    """``error`` of a file that was never written, told of the options it was made from."""
    found = error.values.get("found")
    if not isinstance(found, tuple):
        return error
    lines = []
    for place, sentence in found:
        option = next((name for start, name in _OPTIONS.items() if place[: len(start)] == start), None)
        lines.append(f"{option}: {sentence}" if option else sentence)
    return InputError("study_wrong", problems="\n".join(dict.fromkeys(lines)))


def write_new(path: Path, text: str) -> None:
    """Write a new file whole or not at all. Raises ``InputError`` where the file is there already."""
    if path.exists():
        raise InputError("study_exists", path=path)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
