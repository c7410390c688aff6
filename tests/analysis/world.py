"""A small invented market with a known truth, written straight into a store: every brand and person here is fiction.

Texts are not read by the pipeline; what each post tells is planted, so that only the findings are tested.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from data.records import Annotation, Cue, LandingPage, Offer, Page, Pain, Post, Thread
from data.store import FetchedPage, PostReading, Store, WriteBatch, open_store
from data.study import Study

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
MADE_AT = "2026-11-21T03:00:00+00:00"
OWN, MINI, BE = "An Nhiên", "MiniCare", "Bé Yêu"
STUDY = {
    "study": "ta-bim-hu-cau",
    "contact": "research@example.com",
    "note": "Hư cấu: mọi thương hiệu, người và lời nói ở đây đều do máy bịa ra.",
    "own": {
        "name": OWN,
        "sites": ["https://annhien.example/"],
        "target": [
            {
                "segment": "Mẹ bỉm thành thị",
                "share_of_revenue": 0.6,
                "assumptions": [
                    {"attribute": "gender", "expect": "female", "at_least": 0.7},
                    {"attribute": "age", "expect": "25-34", "at_least": 0.5},
                    {"attribute": "location", "expect": ["Hà Nội", "Hồ Chí Minh"], "at_least": 0.5},
                    {"pain": "safety_health", "expect": "top 3"},
                    {"attribute": "price_sensitivity", "expect": "low", "at_least": 0.4},
                ],
            }
        ],
    },
    "competitors": [
        {"name": MINI, "sites": ["https://minicare.example/"], "aliases": ["mini care"]},
        {"name": BE, "sites": ["https://beyeu.example/"], "aliases": ["be yeu"]},
    ],
    "sources": [
        {"url": "https://dien-dan.example/f/me-va-be/", "kind": "forum", "terms": "đọc 02/11/2026: công khai, cho phép"}
    ],
}


@dataclass
class Person:
    """Somebody who speaks of ``brand``: what they tell (attribute, value, group) and what hurts them."""

    name: str
    brand: str | None
    tells: Sequence[tuple[str, str, str | None]] = ()
    hurts: Sequence[tuple[str, str]] = ()
    posts: int = 1
    words: str = ""
    confidence: float = 0.9


@dataclass
class World:
    """A study and its store in a folder of its own."""

    folder: Path
    settings: Mapping[str, object] = field(default_factory=lambda: STUDY)

    def __post_init__(self) -> None:
        self.study = Study.model_validate(self.settings)
        self.study._path = self.folder / "study.yaml"

    def open(self) -> Store:
        store = open_store(self.study.database, create=True)
        store.author_key_secret = b"k" * 32
        store.sync_study(self.study)
        return store

    def fill(self, store: Store, people: Iterable[Person], *, version: str = "planted") -> None:
        """Write everybody's posts and what they tell; the posts of one person all tell the same."""
        posts, readings = [], {}
        for number, person in enumerate(people):
            for copy in range(person.posts):
                post_id = f"p{number}-{copy}"
                text, cues, pains = _told(person, copy)
                at = NOW - timedelta(days=(number * 7 + copy) % 300, minutes=number)
                posts.append(Post(post_id, text, person.name, at, url=f"https://dien-dan.example/t/1#{post_id}"))
                readings[text] = (cues, pains, person.brand)
        source = store.source_id("https://dien-dan.example/f/me-va-be/")
        for start in range(0, len(posts), 500):
            url = f"https://dien-dan.example/t/{start}"
            thread = Thread(str(start), url, "generic", f"Hỏi các mẹ về bỉm {start}", tuple(posts[start : start + 500]))
            store.write(WriteBatch(threads=[(source, thread)]))
        run = store.begin_run("read", {"text": version})
        for batch in store.posts_to_read(version):
            store.save_annotations(
                run, version, [_reading(post, *readings.get(post.text, ((), (), None))) for post in batch]
            )
        store.end_run(run, "done")

    def page(self, store: Store, brand_site: str, **says: object) -> None:
        """A brand's page with what it says."""
        blank: dict[str, object] = {"title": "Trang", "description": None, "language": "vi", "text": "…"}
        page = LandingPage(url=brand_site, **{**blank, **says})  # type: ignore[arg-type]
        source = store.source_id(brand_site)
        fetched = FetchedPage(Page(brand_site, b"<html></html>", fetched_at=NOW), source, "landing")
        store.write(WriteBatch(pages=[fetched], landings=[(source, page, str(hash(str(says))))]))


def _told(person: Person, copy: int) -> tuple[str, tuple[Cue, ...], tuple[Pain, ...]]:
    text = person.words or f"Mình là {person.name}, kể chuyện nhà mình{' thêm' * copy}."
    cues, pains = [], []
    for attribute, value, group in person.tells:
        quote = f" ({attribute} của mình: {value})"
        cues.append(
            Cue(attribute, value, "self", len(text), len(text + quote), quote, person.confidence, "planted", group)
        )
        text += quote
    for kind, category in person.hurts:
        quote = f" Khổ nhất là chuyện {category}."
        pains.append(Pain(kind, category, "", 2, len(text), len(text + quote), quote, person.confidence, "planted"))
        text += quote
    return text, tuple(cues), tuple(pains)


def _reading(post: object, cues: tuple[Cue, ...], pains: tuple[Pain, ...], brand: str | None) -> PostReading:
    annotation = Annotation("x", "vi", cues, pains)
    mentions = ((brand, "text"),) if brand else ()
    return PostReading(post, annotation, mentions, (brand,) * len(pains))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Kind:
    """How the customers of one brand are: chances of each attribute's values, and of each pain."""

    tells: Mapping[str, Mapping[str, float]]
    pains: Mapping[str, float]
    silent: float = 0.4


def letters(number: int) -> str:
    """A number in letters: copies are told by their words, digits aside, so that everybody needs a name of their own."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


def crowd(brand: str | None, kind: Kind, size: int, seed: int) -> list[Person]:
    """``size`` people of one kind; everybody leaves out a share ``silent`` of what there is to tell."""
    rng = random.Random(seed)
    people = []
    for number in range(size):
        tells = []
        for attribute, chances in kind.tells.items():
            if rng.random() >= kind.silent:
                value = rng.choices(list(chances), list(chances.values()))[0]
                tells.append((attribute, value, value if attribute == "occupation" else None))
        hurts = [("complaint", category) for category, chance in kind.pains.items() if rng.random() < chance]
        people.append(
            Person(f"{brand or 'chợ'} {letters(number)}", brand, tells, hurts, posts=rng.choice([1, 1, 1, 2, 3]))
        )
    return people


LIKE_OURS = Kind(
    {
        "gender": {"female": 0.88, "male": 0.12},
        "age": {"22": 0.1, "27": 0.3, "30": 0.25, "28-29": 0.1, "37": 0.15, "30-39": 0.1},
        "location": {"Hà Nội": 0.4, "Hồ Chí Minh": 0.35, "Đà Nẵng": 0.15, "Nghệ An": 0.1},
        "occupation": {"office": 0.5, "teacher": 0.2, "homemaker": 0.2, "online_seller": 0.1},
        "price_sensitivity": {"low": 0.6, "high": 0.4},
        "income": {"18000000 VND": 0.6, "9000000 VND": 0.3, "40000000 VND": 0.1},
        "channel": {"tiktok": 0.3, "facebook_group": 0.4, "shopee": 0.3},
        "child_age": {"4m": 0.3, "9m": 0.4, "18m": 0.3},
        "value": {"safety": 0.6, "price": 0.2, "natural": 0.2},
    },
    {"safety_health": 0.3, "performance": 0.2, "price": 0.15, "delivery": 0.08},
)
UNLIKE_OURS = Kind(
    {
        "gender": {"female": 0.55, "male": 0.45},
        "age": {"19": 0.3, "23": 0.3, "30": 0.2, "45": 0.2},
        "location": {"Nghệ An": 0.5, "Bình Dương": 0.3, "Hà Nội": 0.2},
        "occupation": {"factory_worker": 0.6, "homemaker": 0.3, "farmer": 0.1},
        "price_sensitivity": {"low": 0.1, "high": 0.9},
        "income": {"6000000 VND": 0.7, "9000000 VND": 0.3},
        "channel": {"facebook": 0.5, "store": 0.5},
        "child_age": {"4m": 0.3, "9m": 0.4, "18m": 0.3},
        "value": {"safety": 0.2, "price": 0.8},
    },
    {"price": 0.3, "performance": 0.25, "delivery": 0.2, "service": 0.1},
)
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> =HYPERLINK(1) {{ 7*7 }} "
    "[link](javascript:alert(3)) | cột | `mã` \u202e gọi 0912 345 678"
)


def market(folder: Path, *, size: int = 160, settings: Mapping[str, object] = STUDY) -> World:
    """Two competitors, one like us and one not, with pages that promise and a post full of markup."""
    world = World(folder, settings)
    with world.open() as store:
        people = [
            *crowd(OWN, LIKE_OURS, size, 1),
            *crowd(MINI, LIKE_OURS, size, 2),
            *crowd(BE, UNLIKE_OURS, size, 3),
            *crowd(None, LIKE_OURS, size // 2, 4),
            Person(
                "kẻ phá",
                MINI,
                [("gender", "female", None)],
                [("complaint", "safety_health")],
                words=HOSTILE,
                confidence=0.99,
            ),
        ]
        world.fill(store, people)
        world.page(
            store,
            "https://minicare.example/",
            promises=("Chống tràn 12 tiếng, bé ngủ ngon", "An toàn cho da nhạy cảm"),
            audiences=("dành cho mẹ bỉm bận rộn",),
            offers=(
                Offer("MiniCare M 64 miếng", 259000.0, "VND", "259.000đ", was=310000.0),
                Offer("Combo 3", 699000.0, "VND", "699k"),
            ),
            proofs=("Hơn 10.000 mẹ tin dùng",),
        )
        world.page(
            store,
            "https://beyeu.example/",
            promises=("Giá rẻ nhất thị trường",),
            offers=(Offer("Bé Yêu L", 189000.0, "VND", "189k"),),
        )
    return world
