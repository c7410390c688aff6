"""The small frozen types that travel between the stages.

Times are aware UTC datetimes; texts are Unicode NFC; a count that a page does not show is ``None``, never 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Post:
    """One post, comment or review as its page shows it.

    ``text`` holds the author's own words: quoted blocks stand in ``quoted``, a signature in ``signature``. ``shown`` is the
    text with the quotes where they stand, their lines after ``> ``; ``None`` where nothing is quoted. It is not stored.
    ``post_id`` is the page's own id where it has one, else a digest that stays the same from crawl to crawl.
    ``reply_to`` is the ``post_id`` that this one answers or quotes. ``reactions`` maps a reaction's name
    (``like``, ``helpful``, …) to its count; ``None`` where the page shows none. ``rating`` runs from 0 to 5 stars.
    ``author_id`` is the site's own id of the author where several people may show one name.

    A review also tells, where its page does: whether the site vouches that its author bought the thing (``verified``),
    which ``variant`` (size, colour), and how many ``pictures`` of their own they show. Stars without a word are a review
    with an empty ``text``.
    """

    post_id: str
    text: str
    author: str | None = None
    posted_at: datetime | None = None
    quoted: str | None = None
    signature: str | None = None
    reply_to: str | None = None
    url: str | None = None
    reactions: Mapping[str, int] | None = None
    rating: float | None = None
    edited_at: datetime | None = None
    shown: str | None = None
    verified: bool | None = None
    variant: str | None = None
    pictures: int | None = None
    author_id: str | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """One page of a thread, its posts in the page's order.

    ``thread_id`` is the same on every page of the thread. ``page`` counts from 1; ``next_url`` is ``None`` on the last page.
    ``left_out`` counts posts with an author and a date and no words that could be read.
    """

    thread_id: str
    url: str
    engine: str
    title: str
    posts: tuple[Post, ...]
    page: int = 1
    next_url: str | None = None
    views: int | None = None
    replies: int | None = None
    tags: tuple[str, ...] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class ThreadLink:
    """One line of a thread list. ``last_post_at`` and ``replies`` tell whether the thread has moved since it was read."""

    url: str
    title: str
    thread_id: str | None = None
    replies: int | None = None
    views: int | None = None
    last_post_at: datetime | None = None
    sticky: bool = False


@dataclass(frozen=True, slots=True)
class ThreadList:
    """One page of a board: its threads in the page's order, the boards below it, and the next page.

    ``standing`` says of boards (address → digest) how they stand by this page; while it is the same, nothing new is in them.
    ``of_all_boards``: the threads of all boards named stand here together, what moved last first.
    """

    url: str
    engine: str
    title: str
    threads: tuple[ThreadLink, ...]
    boards: tuple[str, ...] = ()
    next_url: str | None = None
    standing: Mapping[str, str] = field(default_factory=dict)
    of_all_boards: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A fetched page: the bytes as they came, decoded where they are read."""

    url: str
    body: bytes
    status: int = 200
    content_type: str = "text/html"
    encoding: str | None = None
    fetched_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """Something a page sells. ``price`` is in units of ``currency`` (ISO 4217), of a range its low end and ``high`` the other;
    ``per`` is the billing period or unit.
    """

    name: str | None
    price: float | None
    currency: str | None
    price_text: str
    per: str | None = None
    was: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that a page promises, names or proves: ``text`` is quoted, the other fields say what it comes to.

    ``area`` is ``guarantee``, ``delivery``, ``payment``, ``discount``, ``benefit``, ``pain`` or ``proof``; ``kind`` its kind
    (``returns``, ``free``, ``cod``, …; for a benefit or pain a pain category of the codebook). ``amount`` counts ``unit``:
    days of a guarantee, the least order of free delivery in its currency, per cent of a discount, customers of a proof.
    ``until`` is the last day that the page names, in ISO 8601 where it names the year, else as written.
    """

    area: str
    kind: str
    text: str
    amount: float | None = None
    unit: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Testimonial:
    """What a customer is quoted with, what the page says they are, and a place named with it."""

    text: str
    role: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a page says otherwise than it did.

    ``area`` is ``price``, ``offer``, ``audience`` or one of a :class:`Claim`; ``how`` is ``added``, ``removed`` or ``changed``.
    ``before`` and ``after`` are the page's words; for a price ``subject`` names the offer, amounts are in ``currency``
    and ``per`` is the billing period or unit.
    """

    area: str
    how: str
    before: str | None = None
    after: str | None = None
    subject: str | None = None
    before_amount: float | None = None
    after_amount: float | None = None
    currency: str | None = None
    per: str | None = None


@dataclass(frozen=True, slots=True)
class LandingPage:
    """What a competitor's page says of itself. Texts are quoted from the page, never reworded.

    ``promise_categories[i]`` is the pain category (codebook) that ``promises[i]`` answers, so that promises and complaints
    can be set side by side. ``claims`` types what the page promises and proves, ``voices`` its testimonials, ``tools`` sorts
    its trackers. ``passing`` are the quotes that stand in banners, slides and pop-ups alone, which show others next time.
    ``reader`` is the version of the reading: pages read by different ones are not compared.
    """

    url: str
    title: str | None
    description: str | None
    language: str | None
    text: str
    headings: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    promises: tuple[str, ...] = ()
    proofs: tuple[str, ...] = ()
    testimonials: tuple[str, ...] = ()
    calls_to_action: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    faqs: tuple[tuple[str, str], ...] = ()
    social_links: tuple[str, ...] = ()
    trackers: tuple[str, ...] = ()
    open_graph: Mapping[str, str] = field(default_factory=dict)
    structured: tuple[Mapping[str, object], ...] = ()
    promise_categories: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    voices: tuple[Testimonial, ...] = ()
    tools: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    passing: tuple[str, ...] = ()
    reader: int = 0


@dataclass(frozen=True, slots=True)
class Cue:
    """One audience cue: an attribute of the author, or of someone whom the author speaks of (CODEBOOK, section 1).

    ``text[start:end] == quote``; offsets are characters of the text as stored.
    """

    attribute: str
    value: str
    who: str
    start: int
    end: int
    quote: str
    confidence: float
    source_component: str
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Pain:
    """One pain point: a clause that says what hurts or what is missing (CODEBOOK, section 2).

    ``severity`` is 1 (mild), 2 (plain) or 3 (strong); ``target`` is empty where nothing is blamed.
    """

    kind: str
    category: str
    target: str
    severity: int
    start: int
    end: int
    quote: str
    confidence: float
    source_component: str


@dataclass(frozen=True, slots=True)
class Annotation:
    """All that was read out of one text. ``lang`` is ``vi``, ``en``, another ISO 639-1 code, or ``und``."""

    id: str
    lang: str
    cues: tuple[Cue, ...] = ()
    pains: tuple[Pain, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a number rests on: how many posts, authors and sources, when first and last seen, and some of the posts."""

    posts: int
    authors: int
    sources: int
    first_seen: datetime | None
    last_seen: datetime | None
    post_ids: tuple[str, ...] = ()
