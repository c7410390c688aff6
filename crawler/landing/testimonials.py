"""What a page lets its customers say: quotes, with what the speaker is (a role, never a bare name)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from crawler.blocks import Block, hint
from crawler.landing.metadata import every, kinds, one
from crawler.landing.quoting import clean, distinct
from crawler.landing.social import network_names
from crawler.lexicons import asks, finder, place_names, tokens
from data.records import Testimonial

MOST: Final = 30
_LONGEST: Final = 600
_LEAST_WORDS: Final = 6
_QUOTED = re.compile(r'^[“"«„](.{20,})[”"»“]\W*$')
#: A quote with its speaker behind it.
_SIGNED = re.compile(r'^[“"«„]([^“”"«»„]{20,1500})[”"»“]\s{0,3}[—–-]\s{0,3}([^“”"«»„.!?]{2,100})$')
#: The same without marks around the words, where it is known that somebody speaks.
_ENDED = re.compile(r"^([^—–]{20,1500}[.!?…])\s{0,3}[—–]\s{0,3}([^.!?—–]{2,60})$")
#: The shop's own voice.
_HOUSE = re.compile(r"(?<!gia đình )(?<!\w)chúng tôi(?!\w)|(?<!\w)(?:shop|cửa hàng) mở cửa(?!\w)")
_OPENING: Final = '“"«„'
_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
#: What stands in a page's foot and in no byline.
_CONTACT = re.compile(r"hotline|e-?mail|liên hệ|contact|@|https?:|\d[\d .]{6,40}|\d:\d\d|\[(?:phone|email)\]", re.I)
_ASIDE = re.compile(r"\s*[,–—|•·/(]\s*|\s+-\s+")
_TITLES = (
    "Head|CEO|CTO|COO|CMO|CFO|Co-?founder|Founder|Director|Manager|Owner|VP|Vice|Chief|Lead|President|Senior|Engineer"
    "|Product|Marketing"
)
#: A name written before a title without a mark between them.
_NAMED = re.compile(rf"^(?!(?:{_TITLES})\b)(?:[^\W\d_a-z]\S{{0,30}}\s?){{1,4}}?(?=(?:{_TITLES})(?:\s|$|,))")
#: Parts of a byline behind the name that say what somebody is, though they are written like names: “Owner”, “Head of Sales”.
_ROLE = re.compile(
    rf"(?<!\w)(?:{_TITLES}|Accountant|Analyst|Architect|Assistant|Baker|Buyer|Chef|Coach|Consultant|Customer|Dad|Designer|Developer"
    r"|Doctor|Father|Freelancer|Head|Marketer|Mom|Mother|Mum|Nurse|Officer|Operations|Parent|Partner|Photographer|Principal|Sales"
    r"|Shopkeeper|Student|Teacher|Trainer|User|Writer)(?!\w)"
)
_MARKS: Final = "“”\"«»„ '"
_DISTRICT = re.compile(r"(?:q|quận|h|huyện|p|phường|tp|thành phố|tx|thị xã|tỉnh|xã)(?:\.\s{0,2}|\s)\S|q\d{1,2}$")
_SAYS = re.compile(
    r"khách hàng nói|cảm nhận|nói (?:gì )?về|chia sẻ (?:của|từ)|ý kiến khách|mẹ nói|phản hồi (?:của|từ) khách"
    r"|what (?:our |people|customers|clients)|customers? (?:say|love|stor)|testimonial|hear from|happy (?:customers|clients)"
)


def testimonials(found: list[Block], data: Iterable[Mapping[str, object]]) -> tuple[str, ...]:
    """The page's testimonials as ``quote — role``, from its markup, then from its structured reviews."""
    return distinct([*_shown(found), *_stated(found, data)], MOST)


def voices(said: Iterable[str]) -> tuple[Testimonial, ...]:
    """The testimonials with role and place apart: ``quote — mẹ hai bé, Hà Nội``."""
    return tuple(_voice(text) for text in said)


def _voice(text: str) -> Testimonial:
    quote, dash, role = text.rpartition(" — ")
    if not dash:
        return Testimonial(text)
    parts = [part.strip(" )") for part in re.split(r"\s*[,|•·/(]\s*|\s[–-]\s", role) if part.strip(" )")]
    places = [part for part in parts if _is_place(part)]
    kept = [part for part in parts if part not in places]
    return Testimonial(quote, ", ".join(kept) or None, ", ".join(places) or None)


def _is_place(text: str) -> bool:
    """Whether a part of a byline is a place: one of the lexicon's, or a district by its kind (``Q.7``, ``quận Tân Bình``)."""
    plain = text.strip(" ().").casefold()
    return plain in place_names() or _DISTRICT.match(plain) is not None


def _stated(found: Iterable[Block], data: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """The reviews of the brand in its structured data that the page shows too, among its own words. Those of a product are
    what its buyers say of one thing they bought: the reader of shops keeps them.
    """
    items, products = list(data), ("Product", "ProductGroup", "IndividualProduct")
    bought = {id(review) for thing in every(items, *products) for review in every(thing, "Review")}
    own = ""
    for review in every(items, "Review"):
        of = review.get("itemReviewed")
        if id(review) in bought or (isinstance(of, Mapping) and kinds(of) & set(products)):
            continue
        own = own or "\n".join(block.text for block in found if not block.hints & hint("reviews"))
        said = clean(one(review.get("reviewBody") or review.get("description")), _LONGEST)
        if len(said.split()) >= _LEAST_WORDS and said.rstrip("…") in own:
            yield said


class _Section:
    """Where a section headed "Khách hàng nói gì" is being read: its heading, how far it goes, what its quotes are made of."""

    def __init__(self) -> None:
        self.heading, self.left = "", 0
        self.makes: set[int] = set()

    def heads(self, block: Block) -> bool:
        """Take a heading; false for one inside the section, which names a speaker."""
        inner = block.tag in _HEADINGS and self.heading in _HEADINGS and block.tag > self.heading
        if self.left > 0 and inner and _is_titled(block.text):
            self.left -= 1
            return False
        self.heading, self.left = block.tag, 12 if _SAYS.search(block.text.lower()) else 0
        self.makes.clear()
        return True

    def holds(self, block: Block) -> bool:
        """Whether somebody speaks in ``block``, of the section's next one: in the first person, or where another did."""
        self.left -= 1
        if self.left < 0 or _HOUSE.search(block.text.lower()):
            return False
        return block.make in self.makes or _is_speech(block.text)


def _shown(found: list[Block]) -> Iterator[str]:
    marked, titles = hint("testimonial", "quote"), hint("heading", "subheading")
    section, spoken_for = _Section(), -1
    for i, block in enumerate(found):
        if _elsewhere(block):
            continue
        if block.near & titles and block.words <= 15:
            section.heads(block)
            continue
        inside = section.holds(block) or block.hints & marked or (section.left >= 0 and _byline_above(found, i))
        if block.words < _least(block) or i <= spoken_for or (block.words <= 12 and _is_titled(block.text)):
            continue
        if inside or _QUOTED.match(block.text[:2_000]) or _SIGNED.match(block.text[:2_000]):
            said, role = _signed(block)
            if role is None:
                spoken_for, role = _role(found, i)
            section.makes.add(block.make)
            said = clean(said.strip(_MARKS), _LONGEST)
            yield f"{said} — {role}" if role else said


def _least(block: Block) -> int:
    """A whole sentence that the page quotes in a figure, with its speaker below, may be shorter."""
    if block.words < 3 or not block.hints & hint("quote") or not block.text.endswith((".", "!", "…", "”", '"')):
        return _LEAST_WORDS
    return 3 if any(above.tag == "figure" for above in [*block.element.iterancestors()][:3]) else _LEAST_WORDS


def _elsewhere(block: Block) -> bool:
    """Whether ``block`` stands in the page's frame; a ``<footer>`` inside a quote is the quote's own."""
    frame = hint("nav", "footer", "cookie", "formish", "legal")
    return bool(block.hints & frame) and not block.hints & hint("testimonial", "quote")


def _is_speech(text: str) -> bool:
    """Whether someone speaks of themselves or to the shop."""
    return re.search(r"(?<!\w)(?:mình|em|tôi|chị|bé nhà|shop|i|we|my|our|i'm|i've)(?!\w)", text.lower()) is not None


def _signed(block: Block) -> tuple[str, str | None]:
    """A quote and its speaker's role, where both stand in one block: ``"…" — mẹ bé Bo``, or a ``<cite>``."""
    text = block.text
    for cite in list(block.element.iter("cite", "footer"))[:3]:
        signature = " ".join(cite.text_content().split())
        if 0 < len(signature) <= 120 and text.endswith(signature) and len(text) > len(signature) + 20:
            return text[: -len(signature)].rstrip(" –—-"), _role_in(signature)
    match = _SIGNED.match(text[:2_000]) or _ENDED.match(text[:2_000])
    return (match[1], _role_in(match[2])) if match else (text, None)


def _role(found: list[Block], i: int) -> tuple[int, str | None]:
    """What the speaker of ``found[i]`` is, from the short lines around: ``mẹ bé Bo, 8 tháng``, ``clinic owner``; and where."""
    quote = found[i]
    if above := _byline_above(found, i):
        return -1, above
    past_button = False
    for j in range(i + 1, min(i + 4, len(found))):
        block = found[j]
        if block.linked == block.words or asks().match(block.text.lower()):
            # A button between the words and the one who said them.
            past_button = True
            continue
        if not _is_byline(block, quote):
            break
        if past_button and block.element.getparent() is not quote.element.getparent():
            break
        if role := _role_in(block.text):
            return j, role
    return -1, None


def _byline_above(found: list[Block], i: int) -> str | None:
    """The role in a small heading right above: ``Lan, mẹ bé Bo``. A heading of one part titles the section."""
    above = found[i - 1] if i else None
    if (
        above is None
        or above.tag not in _HEADINGS
        or len(_ASIDE.split(above.text)) < 2
        or not _is_byline(above, found[i])
    ):
        return None
    return None if _SAYS.search(above.text.lower()) else _role_in(above.text)


def _is_byline(block: Block, quote: Block) -> bool:
    """Whether a short line belongs to ``quote``: of its own card, no other quote, no footer, no address."""
    if block.words > 12 or block.text[0] in _OPENING or block.text.endswith((".", "!", "?", "”", '"')):
        return False
    if block.make == quote.make and block.words >= _LEAST_WORDS and not _is_titled(block.text):
        # The next quote, without marks around it.
        return False
    if _elsewhere(block) or _CONTACT.search(block.text) or _furniture(block):
        return False
    if block.near & hint("heading", "subheading"):
        # A heading of one part is the next section's, whatever it says.
        named = len(_ASIDE.split(block.text)) > 1 or _NAMED.match(block.text) is not None
        return named and block.element.getparent() is quote.element.getparent()
    return _one_card(block, quote)


def _is_titled(text: str) -> bool:
    """Whether a line is a name or a title and no sentence: it begins with a name, or few of its words are in lower case."""
    if text[0] in _OPENING:
        return False
    words = text.split()
    lower = sum(word[0].islower() for word in words)
    return _is_name(_ASIDE.split(text)[0]) or lower * 2 < len(words)


def _one_card(block: Block, quote: Block) -> bool:
    """Whether an element smaller than the page's own frame holds both."""
    home = quote.element.getparent()
    if block.element in (quote.element, home) or block.element.getparent() is home:
        return True
    above = set(quote.element.iterancestors())
    around = next((node for node in block.element.iterancestors() if node in above), None)
    return around is not None and around.tag not in ("body", "html", "main", "article")


def _furniture(block: Block) -> bool:
    words = tokens(block.text.lower())
    counts = any(word[0].isdigit() for word in words) and "people" in finder("proofs").codes(words)
    return counts or bool(finder("furniture").codes(words)) or len(network_names() & set(words)) > 0


def _role_in(text: str) -> str | None:
    """The role in a byline, without the name: ``Lan, mẹ bé Bo`` → ``mẹ bé Bo``."""
    parts = [_NAMED.sub("", part.strip(_MARKS)) for part in _ASIDE.split(text)]
    said = [
        part
        for n, part in enumerate(parts)
        if part and (_is_place(part) or not _is_name(part) or (n > 0 and _ROLE.search(part)))
    ]
    return clean(", ".join(said), 100) if said else None


def _is_name(text: str) -> bool:
    words = [word for word in text.strip(")").split() if word]
    return (
        len(words) <= 5
        and all(not word[0].islower() for word in words)
        and not re.search(r"\d|CEO|CTO|COO|CMO|Founder|Director|Manager", text)
    )
