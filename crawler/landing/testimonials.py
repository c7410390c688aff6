"""What a page lets its customers say: quotes, with what the speaker is (a role, never a bare name)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from crawler.blocks import Block, hint
from crawler.landing.metadata import every, one
from crawler.landing.quoting import clean, distinct

MOST: Final = 30
_LONGEST: Final = 600
_LEAST_WORDS: Final = 6
_QUOTED = re.compile(r'^[“"«„](.{20,})[”"»“]\W*$')
_ASIDE = re.compile(r"\s*[,–—|•·/(-]\s*")
_MARKS: Final = "“”\"«»„ '"
_SAYS = re.compile(
    r"khách hàng nói|cảm nhận|nói (?:gì )?về|chia sẻ (?:của|từ)|ý kiến khách|mẹ nói|phản hồi (?:của|từ) khách"
    r"|what (?:our |people|customers|clients)|customers? (?:say|love|stor)|testimonial|hear from|happy (?:customers|clients)"
)


def testimonials(found: list[Block], data: Iterable[Mapping[str, object]]) -> tuple[str, ...]:
    """The page's testimonials as ``quote — role``, from its markup, then from its structured reviews."""
    return distinct([*_shown(found), *_stated(data)], MOST)


def _stated(data: Iterable[Mapping[str, object]]) -> Iterator[str]:
    for review in every(list(data), "Review"):
        said = clean(one(review.get("reviewBody") or review.get("description")), _LONGEST)
        if len(said.split()) >= _LEAST_WORDS:
            yield said


def _shown(found: list[Block]) -> Iterator[str]:
    marked, titles = hint("testimonial", "quote"), hint("heading", "subheading")
    never = hint("nav", "footer", "cookie", "formish", "legal")
    under = 0
    for i, block in enumerate(found):
        if block.hints & never:
            continue
        if block.near & titles and block.words <= 15:
            under = 12 if _SAYS.search(block.text.lower()) else 0
            continue
        under -= 1
        quoted = _QUOTED.match(block.text) is not None
        inside = bool(block.hints & marked) or under > 0
        if (quoted or (inside and (block.hints & marked or _is_speech(block.text)))) and block.words >= _LEAST_WORDS:
            role = _role(found[i + 1 : i + 4])
            said = clean(block.text.strip(_MARKS), _LONGEST)
            yield f"{said} — {role}" if role else said


def _is_speech(text: str) -> bool:
    """Whether someone speaks of themselves or to the shop."""
    return re.search(r"(?<!\w)(?:mình|em|tôi|chị|bé nhà|shop|i|we|my|our|i'm|i've)(?!\w)", text.lower()) is not None


def _role(after: list[Block]) -> str | None:
    """What the speaker is, from the short lines below a quote: ``mẹ bé Bo, 8 tháng``, ``clinic owner``."""
    for block in after:
        if block.words > 14 or block.text.endswith((".", "!", "?")):
            return None
        if block.text[0] in '“"«' or block.near & hint("heading"):
            continue
        parts = [part.strip(_MARKS) for part in _ASIDE.split(block.text)]
        said = [part for part in parts if part and not _is_name(part)]
        if said:
            return clean(", ".join(said), 100)
    return None


def _is_name(text: str) -> bool:
    words = [word for word in text.strip(")").split() if word]
    return (
        len(words) <= 5
        and all(not word[0].islower() for word in words)
        and not re.search(r"\d|CEO|CTO|COO|CMO|Founder|Director|Manager", text)
    )
