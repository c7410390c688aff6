"""The starter study file: a whole, commented ``study.yaml`` out of a few answers."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from textwrap import wrap
from typing import Any
from urllib.parse import urlsplit

from data import by_itself, codebook
from data.addresses import ONLY_DIGITS, as_address, is_address
from data.errors import InputError
from data.folding import fold
from data.surroundings import Place
from data.words import tell

_PLAIN = re.compile(r"[A-Za-zÀ-ỹ_][\wÀ-ỹ ./@+\-]{0,200}")
#: Hosts that are a platform of many brands, without ``www.``; its pages are called by their path.
_PLATFORMS = re.compile(
    r"(?:m\.)?(?:facebook|fb|youtube|tiktok|instagram|zalo|shopee|lazada|linkedin)\.[a-z.]+|(?:x|twitter)\.com|[mt]\.me"
)
_NO_NAMES = {"groups", "pages", "pg", "people", "channel", "c", "user", "shop", "company", "in", "s", "profile.php"}
_YAML_WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n", "~"}


@dataclass(slots=True)
class Answers:
    """What the user told of the study. Empty parts become examples that the file marks as such.

    ``failed``: the addresses at which nothing could be seen, each with the reason in every language.
    ``schedule``: how often it works by itself, one of :data:`data.by_itself.OFTEN`. ``alerts``: where it tells what is new, as
    :func:`data.by_itself.channel` writes it. ``take``: places that were chosen before, should they be found again.
    ``said``: what was answered so far, as options and values of ``chandung init``.
    """

    study: str
    brand: str = ""
    contact: str = ""
    language: str = "vi"
    sites: list[str] = field(default_factory=list)
    competitors: list[tuple[str, str]] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    failed: dict[str, dict[str, str]] = field(default_factory=dict)
    schedule: str = ""
    alerts: str = ""
    take: frozenset[str] = frozenset()
    said: list[tuple[str, str]] = field(default_factory=list)


def short_name(text: str) -> str:
    """``text`` as a study's short name: ``Tã bỉm 2026`` → ``ta-bim-2026``; may be empty."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:80]


def competitor_of(text: str) -> tuple[str, str]:
    """A competitor's name and site out of ``NAME=URL``, ``NAME``, or an address alone, which gives its host's name.

    Raises ``InputError`` where no name is to be had.
    """
    if is_address(site := as_address(text)):
        name = name_of(site)
    else:
        name, _, site = text.partition("=")
        name, site = name.strip(), as_address(site)
    if not name:
        raise InputError("competitor_unnamed", got=text, site=site or "https://minicare.vn")
    return name, site


def name_of(address: str) -> str:
    """What a site is probably called: ``https://www.mini-care.example/vn`` → ``mini-care``, ``https://facebook.com/mini.vn`` → ``mini``."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    host = (parts.hostname or "").removeprefix("www.")
    if not host or ONLY_DIGITS.fullmatch(host):
        return ""
    if not _PLATFORMS.fullmatch(host):
        return host.split(".")[0]
    pages = [page.lstrip("@") for page in parts.path.split("/") if page and page.lower() not in _NO_NAMES]
    if not pages or ONLY_DIGITS.fullmatch(pages[0]):
        return ""
    return pages[0].rpartition(".")[0] if is_address(as_address(pages[0])) else pages[0]


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
        *_sites(answers, today),
        *_target(today),
        "",
        *say("competitors"),
        *_competitors(answers, today),
        "",
        *say("sources"),
        *_sources(answers, today),
        "",
        *say("imports"),
        *_imported(answers.places),
        *_by_itself(answers),
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


def _why(answers: Answers, site: str, today: date, margin: str) -> list[str]:
    """Why nothing could be seen at ``site``, and when: the check after this will say it again."""
    said = answers.failed.get(site)
    if said is None:
        return []
    text = tell("init.file.failed", date=today.isoformat(), why=said.get(answers.language) or next(iter(said.values())))
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    lines = wrap(plain, width=110, break_long_words=False, break_on_hyphens=False)
    return [f"{margin}# {line}" for line in lines]


def _sites(answers: Answers, today: date) -> list[str]:
    if not answers.sites:
        return ["  # sites: [https://www.example.com/]"]
    lines = ["  sites:"]
    for site in answers.sites:
        lines += [*_why(answers, site, today, "    "), f"    - {scalar(site)}"]
    return lines


def _competitors(answers: Answers, today: date) -> list[str]:
    if not answers.competitors:
        return [
            "# competitors:",
            "#   - {name: MiniCare, sites: [https://minicare.example/], aliases: [mini care, MNC]}",
        ]
    lines = ["competitors:"]
    for name, site in answers.competitors:
        lines += [f"  - name: {scalar(name)}"]
        lines += [*_why(answers, site, today, "    "), f"    sites: [{scalar(site)}]"] if site else []
        lines += ["    # aliases: [...]"]
    return lines


def _sources(answers: Answers, today: date) -> list[str]:
    read = list({place.url: place for place in answers.places if place.how == "read"}.values())
    keyed = [place for place in answers.places if place.how == "token"]
    unread = [place for place in answers.places if place.how == "none"]
    known = answers.sites or any(s for _, s in answers.competitors)
    given = [url for url in answers.sources if url not in {place.url for place in read}]
    given = given or ([] if known or read else [""])
    if not given and not read:
        found = [
            "# sources:",
            "#   - {url: https://forum.example/f/hoi-dap/, keywords: [giao hàng, bảo hành], delay: 2}",
        ]
        return [*found, *_remarks("keyed", keyed, "#"), *_remarks("unread", unread, "#")]
    lines = ["sources:", *(f"  {place.line}" for place in read)]
    lines += [*_remarks("keyed", keyed, " "), *_remarks("unread", unread, " ")]
    for url in given:
        lines += _why(answers, url, today, "  ")
        lines += [f"  - url: {scalar(url or 'https://forum.example/')}{_example(url)}", "    about: market"]
        lines += [f"    # {line}" for line in tell("init.file.source_options").strip().splitlines()]
    return lines


def _remarks(name: str, places: list[Place], margin: str) -> list[str]:
    """Places that are read with a key (``keyed``: a study without the key would not load) or not at all (``unread``)."""
    if not places:
        return []
    return [
        *(f"{margin} # {line}" for line in tell(f"init.file.{name}").splitlines()),
        *(f"{margin} # {line}" for line in dict.fromkeys(p.line for p in places)),
    ]


def _imported(places: list[Place]) -> Iterable[str]:
    """Places whose posts come by a file that people export."""
    lines = [place.line for place in places if place.how == "import"]
    return [f"#   {line}" for line in dict.fromkeys(lines)]


def _by_itself(answers: Answers) -> Iterable[str]:
    """What is done by the clock and who is told, under the comments that explain them; examples where nobody was asked."""
    way = "file" if by_itself.is_file(answers.alerts) else "url"
    parts = {
        "schedule": by_itself.schedule(answers.schedule, telling=bool(answers.alerts)),
        "alerts": ["alerts:", "  to:", f"    - {{{way}: {scalar(answers.alerts)}}}"] if answers.alerts else [],
    }
    for name, lines in parts.items():
        yield from _comments(name)
        yield from (lines or (f"# {line}" for line in tell(f"init.file.{name}_example").strip().splitlines()))
    if named := by_itself.variables(answers.alerts):
        yield from _comments("variables")
        yield from (f"#   {line}" for line in variables_told(named))


def variables_told(names: Iterable[str]) -> list[str]:
    """Environment variables, each with what belongs in it where we made its name up."""
    known = by_itself.MADE_UP
    return [f"{name}: {tell(f'init.variables.{name}')}" if name in known else name for name in names]


def what_remains(answers: Answers) -> list[str]:
    """What is still to be done before the study works by itself and tells: variables that are to be set, and how it is started."""
    named = by_itself.variables(answers.alerts)
    said = [tell("init.to_set"), *(f"  {line}" for line in variables_told(named))] if named else []
    said += [tell("init.to_try")] if answers.alerts else []
    return [*said, *([tell("init.to_start")] if by_itself.schedule(answers.schedule, telling=False) else [])]


def alerts_of(text: str) -> str:
    """Where alerts are told, of an option. Raises :class:`InputError` for what is no such address."""
    channel = by_itself.channel(text)
    if channel is None:
        raise InputError("study_wrong", problems=f"--alerts: {tell('init.wrong.alerts')}")
    return channel


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
    ("alerts",): "--alerts",
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


def said(answers: Answers, given: Mapping[str, Any], language: str | None) -> list[tuple[str, str]]:
    """What was said by options, as :attr:`Answers.said` keeps it; of the alerts without what is secret."""
    one = {"study": given["study"], "name": answers.brand, "contact": answers.contact, "language": language}
    found = [(option, value) for option, value in one.items() if value]
    found += [("site", site) for site in answers.sites]
    found += [("competitor", named(*competitor)) for competitor in answers.competitors]
    found += [("source", source) for source in answers.sources]
    found += [("take", url) for url in given["take"]]
    return [*found, *((o, v) for o, v in (("schedule", answers.schedule), ("alerts", answers.alerts)) if v)]


def named(name: str, site: str) -> str:
    """A competitor as ``--competitor`` takes it."""
    return f"{name}={site}" if site else name


def again(folder: Path, answers: Answers, spoken: str | None, look: bool | None) -> str:
    """The command that asks on from ``answers``: what was answered stands in its options, and is not asked again."""
    words = ["chandung", *(["--language", spoken] if spoken else []), "init"]
    words += [] if folder == Path() else [str(folder)]
    words += [word for option, value in answers.said for word in (f"--{option}", value)]
    words += ["--no-look"] if look is False else []
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def write_new(path: Path, text: str) -> None:
    """Write a new file whole or not at all. Raises ``InputError`` where the file is there already."""
    if path.exists():
        raise InputError("study_exists", path=path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise InputError("study_folder_is_file", path=path.parent) from None
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
