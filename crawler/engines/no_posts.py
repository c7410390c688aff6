"""What speaks against blocks being posts: they lead elsewhere, bear titles of their own, cost money, or are still to come.

Recipes, events, offers, episodes and lines of a list are built like posts: a heading, a day, a name, words. Each sign here is
asked of all blocks of a page and counts where most of them show it: one post may name a price, hardly every post does.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Final
from urllib.parse import unquote, urldefrag, urlsplit

from crawler.dates import Clock, looks_like_date
from crawler.engines.document import Document
from crawler.engines.fields import Fields
from crawler.engines.names import PROFILE
from crawler.engines.repeated import Item
from crawler.engines.text import one_line
from crawler.lexicons import either
from crawler.lexicons import words as listed
from crawler.prices import is_price

Read = tuple[Item, Fields]

_CLOCK = Clock(now=datetime.fromisoformat("2020-06-15T00:00:00+00:00"), patience=0)
_A_DAY: Final = timedelta(days=1)
_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5")
_LONGEST_NAME: Final = 48
_ANSWERS: Final = re.compile(r"(?:re|aw|antw|trả lời|tl)\s*:", re.I)
_HOUR = re.compile(r"\d[:hg]\d\d|\d\s?[ap]\.?m\b|trước|giờ|phút|\bago\b|hôm (?:nay|qua)|today|yesterday", re.I)


@cache
def _counted() -> re.Pattern[str]:
    """A line's counts: «10 chủ đề», "23 replies"."""
    things = either("no_posts", "counted", "pages")
    return re.compile(
        rf"\d[\d.,]{{0,9}}\s?[kmn]?\s(?:{things})|(?:{things})\s?:\s?\d[\d.,]{{0,9}}",
        re.I,
    )


@cache
def _section() -> re.Pattern[str]:
    """What sites call their sections, with a word or two around it: «Sự kiện sắp tới», "Past events", "Our people"."""
    said = {
        code: either("no_posts", code, "pages") for code in ("section", "section_open", "before", "after", "after_open")
    }
    return re.compile(
        rf"(?:(?:{said['before']}|\d+)\s){{0,2}}(?:\w{{2,14}}\s)?"
        rf"(?:{said['section']}|(?:{said['section_open']})(?:\s.{{1,24}})?)"
        rf"(?:\s(?:{said['after']}|(?:{said['after_open']})\s\w{{3,8}}|\w{{2,10}}))?",
        re.I,
    )


@lru_cache(maxsize=2_000)
def _leads_onward(words: str) -> bool:
    """Whether words are a button's that leads on: “Xem thêm”, "Buy now", "Read full story"."""
    plain = words.lower()
    return plain in listed("no_posts", "onward", "pages") or any(
        plain.startswith(f"{word} ") and len(plain) < len(word) + 14
        for word in listed("no_posts", "onward_open", "pages")
    )


def leads_on(doc: Document, kept: list[Read]) -> bool:
    """Whether most blocks cannot be posts whatever the page says of itself: headings that lead elsewhere, a price on each,
    days still to come, a button to buy or read on."""
    half = len(kept) * 0.5
    if sum(is_teaser(doc, item) for item, _ in kept) > half or _are_lines(doc, kept):
        return True
    if len(kept) < 2:
        return False
    shown = [item.short_words() for item, _ in kept]
    if sum(any(_is_price(words) for words in found) for found in shown) > half:
        return True
    if sum(any(_leads_onward(words) for words in found) for found in shown) > half:
        return True
    if _show_things(doc, kept):
        return True
    return doc.fetched_at is not None and sum(_is_to_come(read, doc.fetched_at) for _, read in kept) > half


def _show_things(doc: Document, kept: list[Read]) -> bool:
    """Whether the picture of most blocks leads to a page of its own, another one each time that the same person shows one:
    a gallery. The picture of a person leads to the same place each time."""
    here, by, shown = urlsplit(doc.url).path, dict[str, set[str]](), 0
    for item, read in kept:
        pictured = (one for one in item.elements() if one.tag == "a" and one.find(".//img") is not None)
        target = urlsplit(doc.link(next((one.get("href") or "" for one in pictured), "")) or "").path
        if target and target != here:
            shown += 1
            by.setdefault(read.author or "", set()).add(target)
    return shown > len(kept) * 0.8 and any(len(targets) > 1 for targets in by.values())


def are_titled(kept: list[Read], heading: str) -> bool:
    """Whether each of several blocks has a heading of its own, no two alike, that is no name and answers nothing."""
    titles: list[str] = []
    for item, read in kept:
        found = next((one_line(one) for one in item.elements() if one.tag in _HEADINGS), "")
        if not found or found == heading or _ANSWERS.match(found) or (read.author and read.author in found):
            continue
        # A number and the day above each post are no title.
        if (plain := re.sub(r"[\d\W]+", "", found)) and not _is_date(found):
            titles.append(plain.lower())
    return len(kept) > 2 and len(titles) > len(kept) * 0.6 and len(set(titles)) == len(titles)


def is_section(doc: Document, heading: str) -> bool:
    """Whether a page calls itself what sites call their sections («Sự kiện», "Our people", /changelog): nobody's question."""
    step = unquote(urlsplit(doc.url).path.rstrip("/").rsplit("/", 1)[-1]).rsplit(".", 1)[0]
    named = " ".join(re.sub(r"[-_+]", " ", step).split())
    return any(
        len(words) <= _LONGEST_NAME and _section().fullmatch(words) is not None for words in (named, heading.strip())
    )


def are_alike(doc: Document, kept: list[Read], *, fill: bool) -> bool:
    """Whether blocks are posts by their build alone: they fill the page, and each has words, a day of its own, and an author,
    of whom there are several."""
    names = [read.author for _, read in kept if read.author]
    days = [read.posted_at for _, read in kept if read.posted_at is not None]
    if len(kept) < 2 or len(names) < len(kept) or not all(read.dated for _, read in kept):
        return False
    if not fill or len(set(names)) < 2 or len(set(days)) < 2:
        return False
    if doc.fetched_at is not None and any(day > doc.fetched_at + _A_DAY for day in days):
        return False
    if sum(_leads_elsewhere(doc, item, read) for item, read in kept) * 2 > len(kept):
        return False
    # News and releases are told latest first, by the day, under titles that never come again; people come back and write at an hour.
    timed = sum(_has_hour(item) for item, _ in kept) * 2 > len(kept)
    return timed or (days == sorted(days) and (len(set(names)) < len(names) or len(names) < 4))


def is_teaser(doc: Document, item: Item) -> bool:
    """A block whose heading links to another page: a line of a list, not a post."""
    here = urlsplit(urldefrag(doc.url)[0])
    for node in item.nodes:
        for heading in node.iter("h1", "h2", "h3", "h4", "h5"):
            for link in heading.iter("a"):
                target = urlsplit(urldefrag(doc.link(link.get("href")) or "")[0])
                words = one_line(link)
                if target.path and target.path != here.path and len(words) > 15 and not _ANSWERS.match(words):
                    return True
    return False


def _are_lines(doc: Document, kept: list[Read]) -> bool:
    """Whether blocks are lines of a list: each begins with a title that leads to a page of its own, and only below it come
    who wrote last and when, or how much is written there."""
    here, titles = urlsplit(doc.url).path, set[str]()
    counted = sum(any(_counted().fullmatch(words) for words in item.short_words()) for item, _ in kept)
    for item, read in kept:
        link = next((one for one in item.elements() if one.tag == "a" and one_line(one)), None)
        words, address = one_line(link), "" if link is None else link.get("href") or ""
        target = urlsplit(doc.link(address) or "").path
        if target in ("", here) or PROFILE.search(address) or not any(map(str.isalpha, words)):
            continue
        before = 0
        for element in item.elements():
            if element is link:
                break
            before += len((element.text or "").strip())
        named = counted > len(kept) * 0.8 or (
            read.author is not None and read.author != words and read.author not in words
        )
        if named and before < 4 and _CLOCK.read(words) is None:
            titles.add(target)
    return len(kept) > 1 and len(titles) > len(kept) * 0.8


def _leads_elsewhere(doc: Document, item: Item, read: Fields) -> bool:
    """Whether a block has a link with a title's words to another page: what it tells is to be read there."""
    here = urlsplit(doc.url).path
    for element in item.elements():
        if element.tag == "a" and (words := one_line(element)) and len(words) > 12 and words != read.author:
            target = urlsplit(doc.link(element.get("href")) or "").path
            if target and target != here and not PROFILE.search(element.get("href") or "") and not _is_date(words):
                return True
    return False


def _is_date(words: str) -> bool:
    return len(words) < 60 and looks_like_date(words) and _CLOCK.read(words) is not None


def _has_hour(item: Item) -> bool:
    return any(
        anchor.words is None or _HOUR.search(anchor.words) or _HOUR.search(one_line(anchor.element)[:100])
        for anchor in item.anchors
    )


def _is_to_come(read: Fields, now: datetime) -> bool:
    return read.posted_at is not None and read.posted_at > now + _A_DAY


@lru_cache(maxsize=2_000)
def _is_price(words: str) -> bool:
    return len(words) < 32 and is_price(words)
