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
_ASIDE = re.compile(r"\s*[,–—|•·/(]\s*|\s+-\s+")
_TITLES = (
    "Head|CEO|CTO|COO|CMO|CFO|Co-?founder|Founder|Director|Manager|Owner|VP|Vice|Chief|Lead|President|Senior|Engineer"
    "|Product|Marketing"
)
#: A name written before a title without a mark between them.
_NAMED = re.compile(rf"^(?:[^\W\d_a-z]\S{{0,30}}\s?){{1,4}}?(?=(?:{_TITLES})(?:\s|$|,))")
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
    under, spoken_for = 0, -1
    for i, block in enumerate(found):
        if block.hints & never and not block.hints & marked:
            continue
        if block.near & titles and block.words <= 15:
            under = 12 if _SAYS.search(block.text.lower()) else 0
            continue
        under -= 1
        if block.words < _LEAST_WORDS or i <= spoken_for:
            continue
        inside = block.hints & marked or (under > 0 and _is_speech(block.text))
        if inside or _QUOTED.match(block.text[:2_000]):
            at, role = _role(found, i)
            spoken_for = at
            said = clean(block.text.strip(_MARKS), _LONGEST)
            yield f"{said} — {role}" if role else said


def _is_speech(text: str) -> bool:
    """Whether someone speaks of themselves or to the shop."""
    return re.search(r"(?<!\w)(?:mình|em|tôi|chị|bé nhà|shop|i|we|my|our|i'm|i've)(?!\w)", text.lower()) is not None


def _role(found: list[Block], i: int) -> tuple[int, str | None]:
    """What the speaker of ``found[i]`` is, from the short lines below: ``mẹ bé Bo, 8 tháng``, ``clinic owner``; and where."""
    quote = found[i]
    for j in range(i + 1, min(i + 3, len(found))):
        block = found[j]
        if (
            block.words > 12
            or block.text.endswith((".", "!", "?", "”", '"'))
            or not set(block.around) & set(quote.around)
        ):
            break
        if block.text[0] in '“"«' or block.near & hint("heading", "subheading"):
            break
        parts = [_NAMED.sub("", part.strip(_MARKS)) for part in _ASIDE.split(block.text)]
        said = [part for part in parts if part and not _is_name(part)]
        if said:
            return j, clean(", ".join(said), 100)
    return -1, None


def _is_name(text: str) -> bool:
    words = [word for word in text.strip(")").split() if word]
    return (
        len(words) <= 5
        and all(not word[0].islower() for word in words)
        and not re.search(r"\d|CEO|CTO|COO|CMO|Founder|Director|Manager", text)
    )
