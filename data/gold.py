"""Coded posts: the gold sets and training posts that come with Chandung, and files of people's labels in the same form.

One JSON object a line: ``id``, ``language``, ``text``, ``cues`` and ``pains``, and where known ``domain``, ``posted_at``,
``hard`` (what makes it hard to read) and ``brands`` (name → spellings). A cue or pain is told as in the codebook, its place
by ``quote``, and by ``nth`` where the quote stands more than once. Labels also have ``coder`` (in files of old
``labelled_by``) and ``labelled_at``.
What they are and who coded them: ``docs/reference/gold.md``.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from data import codebook
from data.errors import InputError
from data.records import Cue, Pain
from data.words import tell

LANGUAGES: Final = ("vi", "en")
DEVELOPMENT, TEST = "development", "test"
HALVES: Final = (DEVELOPMENT, TEST)
#: Kept unseen by everybody who writes rules: what is reached there is what to expect of a domain of one's own.
UNSEEN_DOMAIN: Final = "pets"
#: What makes a post hard to read.
HARD: Final = (
    "teencode", "no_diacritics", "mixed_language", "irony", "negation", "absence", "dark_praise", "hypothetical", "question",
    "quoted", "comparison", "wish", "someone_else", "numbers", "long", "dialect", "implicit", "advert", "emoji",
    "regional_place", "product_age",
)  # fmt: skip
#: How a value is written where the codebook has no list of them.
FORMATS: Final[dict[str, str]] = {
    "age": r"\d{1,3}(-\d{1,3})?",
    "income": r"low|middle|high|\d+(-\d+)? [A-Z]{3}",
    "budget": r"\d+(-\d+)? [A-Z]{3}",
    "children": r"\d+|expecting|yes",
    "child_age": r"\d+(-\d+)?[my]",
    "height_cm": r"\d+(\.\d+)?",
    "weight_kg": r"\d+(\.\d+)?",
}
_FOLDER = Path(__file__).parent / "languages"
_CODER = "coder"


@dataclass(frozen=True, slots=True)
class CodedPost:
    """A post and what people read out of it. ``cues`` and ``pains`` have ``confidence`` 1."""

    id: str
    language: str
    text: str
    cues: tuple[Cue, ...]
    pains: tuple[Pain, ...]
    domain: str = ""
    posted_at: str | None = None
    hard: tuple[str, ...] = ()
    brands: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    labelled_by: str = ""
    labelled_at: str = ""


class CodingError(ValueError):
    """A coded post that cannot be used; its text is the sentence for the user, without file and line."""


def half(post_id: str) -> str:
    """``development`` or ``test``, by the parity of the id's SHA-256: nobody chooses, and it never changes."""
    return HALVES[int(hashlib.sha256(post_id.encode()).hexdigest(), 16) % 2]


def gold(language: str | None = None, *, part: str = "all", domain: str | None = None) -> list[CodedPost]:
    """The gold posts of one language (else both), of one half (``part``) and one domain (else all).

    The development half is without :data:`UNSEEN_DOMAIN`, of which nobody looks at anything.
    """
    found = _shipped("gold", language, domain)
    return [
        post
        for post in found
        if part == "all" or (part == half(post.id) and not (part == DEVELOPMENT and unseen(post)))
    ]


def unseen(post: CodedPost) -> bool:
    """Whether nobody who works on rules may look at a gold post."""
    return post.domain == UNSEEN_DOMAIN or half(post.id) != DEVELOPMENT


def training(language: str | None = None, *, domain: str | None = None) -> list[CodedPost]:
    """The posts to learn from, coded by one person each; none is near a gold post."""
    return _shipped("training", language, domain)


def domains(language: str | None = None, *, kind: str = "gold") -> list[str]:
    """The domains of the ``gold`` or ``training`` posts."""
    return sorted({path.stem for path in _files(kind, language)})


def agreement(language: str) -> dict[str, Any]:
    """How far the two coders of the gold posts agreed before settling: measures as in :mod:`analysis.text.evaluate`, and tables
    ``kappa`` and ``attributes``.
    """
    return tomllib.loads((_FOLDER / language / "gold" / "agreement.toml").read_text(encoding="utf-8"))


def _files(kind: str, language: str | None) -> list[Path]:
    folders = [_FOLDER / lang / kind for lang in LANGUAGES if language in (None, lang)]
    return [path for folder in folders for path in sorted(folder.glob("*.jsonl"))]


def _shipped(kind: str, language: str | None, domain: str | None) -> list[CodedPost]:
    return [post for path in _files(kind, language) if domain in (None, path.stem) for post in read_coded(path)]


def read_coded(path: Path) -> list[CodedPost]:
    """All posts of a file. Raises :class:`InputError` that names the line of the first one that cannot be used."""
    return list(iter_coded(path))


def iter_coded(path: Path) -> Iterator[CodedPost]:
    """The posts of a file one by one; errors as in :func:`read_coded`."""
    try:
        with path.open("rb") as lines:
            for number, raw in enumerate(lines, 1):
                if raw.strip():
                    try:
                        yield coded(_parsed(raw))
                    except CodingError as error:
                        raise InputError("coded_line", path=path, line=number, why=error) from None
    except OSError as error:
        raise InputError("unreadable_file", path=path, why=error.strerror or error) from None


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _wrong("not_json", why=getattr(error, "msg", None) or type(error).__name__) from None


def coded(line: Any) -> CodedPost:
    """A line as a post, every code checked against the codebook and every quote found. Raises :class:`CodingError`."""
    if not isinstance(line, dict):
        raise _wrong("not_json", why=type(line).__name__)
    for name in ("id", "text"):
        if not isinstance(line.get(name), str) or not line[name]:
            raise _wrong("no_field", name=name)
    text = unicodedata.normalize("NFC", line["text"])
    hard, brands = line.get("hard") or [], line.get("brands") or {}
    if not isinstance(hard, list):
        raise _wrong("no_list", name="hard")
    if not isinstance(brands, dict) or not all(isinstance(spellings, list | None) for spellings in brands.values()):
        raise _wrong("no_brands")
    return CodedPost(
        id=line["id"],
        language=_one_of("language", line.get("language"), LANGUAGES),
        text=text,
        cues=tuple(_cue(entry, text) for entry in _entries(line, "cues")),
        pains=tuple(_pain(entry, text) for entry in _entries(line, "pains")),
        domain=str(line.get("domain") or ""),
        posted_at=str(line["posted_at"]) if line.get("posted_at") else None,
        hard=tuple(_one_of("hard", kind, HARD) for kind in hard),
        brands={str(name): tuple(map(str, spellings or ())) for name, spellings in brands.items()},
        labelled_by=str(line.get("coder") or line.get("labelled_by") or ""),
        labelled_at=str(line.get("labelled_at") or ""),
    )


def faults(line: Any) -> list[tuple[str, int, CodingError]]:
    """Everything that keeps a line from being a post: in ``cues`` or ``pains`` with the place there, else as ``("", 0)``."""
    found: list[tuple[str, int, CodingError]] = []
    try:
        coded(line)
        return found
    except CodingError as error:
        whole = ("", 0, error)
    text = line.get("text") if isinstance(line, dict) else None
    if not isinstance(text, str):
        return [whole]
    text = unicodedata.normalize("NFC", text)
    readers: tuple[tuple[str, Callable[[Mapping[str, Any], str], Cue | Pain]], ...] = (("cues", _cue), ("pains", _pain))
    for name, reader in readers:
        entries = line.get(name)
        for place, entry in enumerate(entries if isinstance(entries, list) else ()):
            try:
                reader(entry if isinstance(entry, dict) else {}, text)
            except CodingError as error:
                found.append((name, place, error))
    try:
        coded({**line, "cues": [], "pains": []})
    except CodingError as error:
        found.insert(0, ("", 0, error))
    return found or [whole]


def _entries(line: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    entries = line.get(name, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise _wrong("no_list", name=name)
    return entries


def _cue(entry: Mapping[str, Any], text: str) -> Cue:
    attribute = _one_of("attribute", entry.get("attribute"), tuple(codebook.ATTRIBUTES))
    value = " ".join(str(entry.get("value", "")).split())
    if attribute in codebook.VALUES:
        _one_of(attribute, value, codebook.VALUES[attribute])
    elif not value or not re.fullmatch(FORMATS.get(attribute, ".+"), value):
        raise _wrong("no_value", attribute=attribute, value=value)
    group = entry.get("group")
    if attribute == "occupation":
        group = _one_of("group", group, codebook.OCCUPATION_GROUPS)
    who = _one_of("who", entry.get("who"), codebook.WHO)
    start, end = located(entry, text)
    return Cue(attribute, value, who, start, end, text[start:end], 1.0, _CODER, group)


def _pain(entry: Mapping[str, Any], text: str) -> Pain:
    severity = entry.get("severity")
    if severity is None:
        raise _wrong("missing", name="severity")
    if severity not in codebook.SEVERITIES or isinstance(severity, bool):
        raise _wrong("no_code", name="severity", got=severity, known=", ".join(map(str, codebook.SEVERITIES)))
    start, end = located(entry, text)
    return Pain(
        kind=_one_of("kind", entry.get("kind"), codebook.PAIN_KINDS),
        category=_one_of("category", entry.get("category"), codebook.PAIN_CATEGORIES),
        target=str(entry.get("target") or ""),
        severity=severity,
        start=start,
        end=end,
        quote=text[start:end],
        confidence=1.0,
        source_component=_CODER,
    )


def located(entry: Mapping[str, Any], text: str) -> tuple[int, int]:
    """Where the ``nth`` (else the first) occurrence of an entry's quote stands. Raises :class:`CodingError` where it does not."""
    quote = unicodedata.normalize("NFC", str(entry.get("quote") or ""))
    nth, start = entry.get("nth", 1), -1
    if not quote or not isinstance(nth, int) or nth < 1:
        raise _wrong("no_quote", quote=quote)
    for _ in range(nth):
        start = text.find(quote, start + 1)
        if start < 0:
            raise _wrong("no_quote", quote=quote)
    return start, start + len(quote)


def _one_of(name: str, got: object, known: Sequence[str]) -> str:
    if got is None or got == "":
        raise _wrong("missing", name=name)
    if not isinstance(got, str) or got not in known:
        near = get_close_matches(str(got).lower().replace(" ", "_"), known, n=1, cutoff=0.6)
        key, more = ("no_code_near", {"near": near[0]}) if near else ("no_code", {})
        raise _wrong(key, name=name, got=got, known=", ".join(known), **more)
    return got


def _wrong(key: str, **values: object) -> CodingError:
    return CodingError(tell(f"eval.line.{key}", **values))
