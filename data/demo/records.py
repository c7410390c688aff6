"""What the little world is made of: boards, threads, posts, and what was planted in each post."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from data.demo.people import Person


@dataclass(slots=True)
class PlantedCue:
    """A cue in a post; ``quote`` is the sentence that gives it away, as typed."""

    attribute: str
    value: str
    who: str
    quote: str
    group: str | None = None


@dataclass(slots=True)
class PlantedPain:
    """A pain in a post. ``target`` is the brand blamed or empty; ``accept`` are other fair categories."""

    kind: str
    category: str
    severity: int
    target: str
    quote: str
    accept: tuple[str, ...] = ()
    irony: bool = False
    whose: str = "self"


@dataclass(slots=True)
class DemoPost:
    """A post of the forum or a comment of a fanpage. ``kind``: talk, short, chatter, advert, seeding or odd.

    ``fair``: categories of pain that may be coded or not, and rightly so.
    """

    author: Person
    at: datetime
    text: str = ""
    post_id: int = 0
    lang: str = "vi"
    kind: str = "talk"
    likes: int = 0
    likers: list[str] = field(default_factory=list)
    quotes: DemoPost | None = None
    quoted: str | None = None
    edited_at: datetime | None = None
    copy_of: DemoPost | None = None
    mentions: list[str] = field(default_factory=list)
    cues: list[PlantedCue] = field(default_factory=list)
    pains: list[PlantedPain] = field(default_factory=list)
    fair: list[str] = field(default_factory=list)


@dataclass(slots=True)
class DemoThread:
    """A thread of the forum. ``kind``: review, trouble:<category>, compare, advice, life, chatter or market."""

    board: str
    kind: str
    lang: str
    title: str
    thread_id: int = 0
    brand: str | None = None
    other: str | None = None
    topic: int = -1
    sticky: bool = False
    views: int = 0
    posts: list[DemoPost] = field(default_factory=list)


@dataclass(slots=True)
class FanPost:
    """What a brand wrote on its fanpage, with the comments below it."""

    item_id: int
    brand: str
    at: datetime
    title: str
    text: str
    comments: list[DemoPost] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Board:
    """A board of the forum: its key, number, name and what stands below the name."""

    key: str
    node: int
    name: str
    about: str


BOARDS = (
    Board("ta", 2, "Tã bỉm – chăm da cho bé", "Hỏi đáp, review, than thở chuyện tã bỉm"),
    Board("tamsu", 3, "Tâm sự gia đình", "Chuyện vợ chồng, con cái, tiền nong"),
    Board("bep", 4, "Bếp nhà mình", "Ăn dặm, món ngon, bánh trái"),
    Board("truonglop", 5, "Trường lớp", "Chọn trường, học hành, nghỉ hè"),
    Board("bongda", 6, "Góc các bố", "Bóng đá, xe cộ, đồ công nghệ"),
    Board("hienche", 7, "Hiên chè", "Nắng mưa, phim ảnh, tám chuyện"),
    Board("cho", 8, "Chợ mẹ và bé", "Mua bán, thanh lý, rao vặt"),
    Board("expat", 9, "Expat parents corner", "For parents who write in English"),
)
