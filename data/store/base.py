"""The store's interface and the small types that pass through it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from data.labels import Label
from data.records import Annotation, Change, LandingPage, Page, Thread
from data.store.evidence import Evidence
from data.store.found import Found, Parameters
from data.store.imported import ImportedFile, ImportedRow
from data.store.polite import Asked, Refusal, RobotsFile
from data.store.versions import Versions

if TYPE_CHECKING:
    from data.study import Study

Row = dict[str, Any]
#: What a landing page says otherwise than its newest snapshot; snapshots are given as they were stored, the newest first.
Compare = Callable[[Sequence[Mapping[str, Any]], LandingPage], Sequence[Change]]


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A page as fetched, with what a conditional request needs next time. ``error`` says why it gave nothing; ``standing`` how a
    board stood by the index that led to it."""

    page: Page
    source_id: int
    kind: str
    etag: str | None = None
    last_modified: str | None = None
    error: str | None = None
    standing: str | None = None


@dataclass(frozen=True, slots=True)
class PageState:
    """What is known of an address from an earlier fetch. ``next_url`` is the thread page that followed it."""

    etag: str | None
    last_modified: str | None
    content_hash: str | None
    fetched_at: datetime | None
    status: int | None


@dataclass(frozen=True, slots=True)
class ThreadState:
    """How far a thread has been read. ``last_url`` is the last page read, where new posts will appear.

    ``complete`` is true once its last page was read; ``next_url`` is the page to go on with where it was not.
    """

    thread_id: str
    complete: bool
    last_url: str | None
    next_url: str | None
    replies: int | None
    last_post_at: datetime | None
    posts: int


@dataclass(frozen=True, slots=True)
class SavedPosts:
    """How many posts of a write were new, changed (an earlier version was kept) and already known, and what the landing
    pages in it say otherwise than before."""

    new: int = 0
    changed: int = 0
    known: int = 0
    page_changes: tuple[Change, ...] = ()

    def __add__(self, other: SavedPosts) -> SavedPosts:
        return SavedPosts(
            self.new + other.new,
            self.changed + other.changed,
            self.known + other.known,
            self.page_changes + other.page_changes,
        )


@dataclass(slots=True)
class CrawlCounts:
    """What one source's crawl came to. ``skipped`` maps a reason to a count; ``page_changes`` counts what landing pages say
    otherwise than before; ``bytes`` are as sent. ``posts_read`` and what follows say how well pages were read, for later crawls
    to compare with: posts ``with_author`` and ``with_time``, and the posts on ``full_pages``, which are those with a next page."""

    pages: int = 0
    not_modified: int = 0
    failed: int = 0
    threads: int = 0
    posts_new: int = 0
    posts_changed: int = 0
    posts_known: int = 0
    snapshots: int = 0
    page_changes: int = 0
    requests: int = 0
    bytes: int = 0
    refused: int = 0
    near_copies: int = 0
    seconds: float = 0.0
    thread_pages: int = 0
    posts_read: int = 0
    with_author: int = 0
    with_time: int = 0
    full_pages: int = 0
    full_posts: int = 0
    skipped: dict[str, int] = field(default_factory=dict)

    def read(self, kind: str, threads: Sequence[Thread]) -> None:
        """Count what was read out of a page of a ``kind``."""
        for thread in threads:
            self.posts_read += len(thread.posts)
            for post in thread.posts:
                self.with_author += post.author is not None
                self.with_time += post.posted_at is not None
        if kind == "thread" and len(threads) == 1:
            self.thread_pages += 1
            if threads[0].next_url is not None:
                self.full_pages += 1
                self.full_posts += len(threads[0].posts)


@dataclass(slots=True)
class WriteBatch:
    """What a crawl writes in one transaction: the pages, and what was read out of each. ``compare`` says what a landing page
    says otherwise than the snapshot before it, given as it was stored. ``in_order``: engines whose pages show all posts between the
    page's first and its last, in time's order."""

    pages: list[FetchedPage] = field(default_factory=list)
    threads: list[tuple[int, Thread]] = field(default_factory=list)
    landings: list[tuple[int, LandingPage, str]] = field(default_factory=list)
    unchanged: list[tuple[str, datetime]] = field(default_factory=list)
    asked: Sequence[Asked] = ()
    compare: Compare | None = None
    in_order: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Screened:
    """How many posts were screened, found to be near copies of another text, and marked; ``newest`` is the highest row's id."""

    posts: int = 0
    near_copies: int = 0
    marked: int = 0
    newest: int = 0

    def __add__(self, other: Screened) -> Screened:
        return Screened(
            self.posts + other.posts,
            self.near_copies + other.near_copies,
            self.marked + other.marked,
            max(self.newest, other.newest),
        )


@dataclass(frozen=True, slots=True)
class PostToRead:
    """A post whose text has not been read by the present version of the text pipeline. ``key`` is the row's id."""

    key: int
    text: str
    posted_at: datetime | None
    thread_title: str | None
    source_brand: str | None


@dataclass(frozen=True, slots=True)
class PostReading:
    """What was read out of one post.

    ``mentions`` are (brand, how) with ``how`` one of ``text``, ``source``, ``thread``, the brand that the post is most
    about first; the store keeps no ``thread`` of a title that names several brands. ``pain_brands`` holds, for each pain
    of ``annotation`` in order, the brand it blames or ``None``. ``relations`` are (brand, relation): what the words around a
    brand's name say that the author has to do with it.
    """

    post: PostToRead
    annotation: Annotation
    mentions: tuple[tuple[str, str], ...] = ()
    pain_brands: tuple[str | None, ...] = ()
    relations: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One post that a search found, its text cut around the words found.

    ``found_in`` is ``text``, or ``title`` where the words stand in its thread's title: then the post is the thread's first,
    ``excerpt`` the title and ``url`` the thread's.
    """

    post_id: str
    url: str | None
    posted_at: str | None
    brand: str | None
    excerpt: str
    found_in: str = "text"


class Store(Found, Evidence):
    """A study's database. One process writes at a time; many may read. Use it as a context manager.

    ``author_key_secret`` (:func:`data.privacy.study_key`) must be set before posts with authors are written.
    """

    author_key_secret: bytes = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None: ...

    # Reading

    @abstractmethod
    def query(self, sql: str, parameters: Parameters = ()) -> Iterator[Row]:
        """Rows of a read-only statement as dictionaries. Raises ``InputError`` for a statement that is wrong or writes."""

    @abstractmethod
    def named(self, name: str, **parameters: object) -> Iterator[Row]:
        """Rows of ``data/queries/<name>.sql``."""

    @abstractmethod
    def search(self, words: str, *, limit: int = 20) -> list[SearchHit]:
        """Posts that contain all ``words``, best first, then threads whose titles do; tone marks, diacritics and đ may lack.

        What has every word with the marks that were typed comes before the others.
        """

    # Runs and sources

    @abstractmethod
    def sync_study(self, study: Study) -> None:
        """Write the study's brands and sources; those it no longer names stay, marked inactive."""

    @abstractmethod
    def begin_run(self, what: str, versions: Mapping[str, str] | None = None) -> int: ...

    @abstractmethod
    def end_run(self, run_id: int, state: str, counts: Mapping[str, object] | None = None) -> None:
        """``state`` is ``done``, ``partial``, ``failed`` or ``interrupted``."""

    @abstractmethod
    def source_id(self, url: str) -> int: ...

    @abstractmethod
    def begin_crawl(self, run_id: int, source_id: int) -> int: ...

    @abstractmethod
    def end_crawl(
        self,
        crawl_id: int,
        state: str,
        counts: CrawlCounts,
        *,
        reason: str | None = None,
        walked_whole: bool = False,
        stopped: str | None = None,
        reason_key: str | None = None,
    ) -> None:
        """``walked_whole``: the lists were walked to their end or to what was known, so the next crawl may stop early;
        ``stopped``: the key of the reason for which it was broken off; ``reason_key``: that of the sentence in ``reason``."""

    @abstractmethod
    def source_walked(self, source_id: int) -> bool:
        """Whether an earlier crawl walked the source's lists whole."""

    @abstractmethod
    def set_source(self, source_id: int, *, engine: str | None = None, robots: str | None = None) -> None:
        """Note what a source turned out to be."""

    # Manners

    @abstractmethod
    def robots_files(self, since: datetime) -> list[RobotsFile]:
        """Every robots.txt that was read later than ``since``."""

    @abstractmethod
    def save_robots_file(self, file: RobotsFile) -> None:
        """Note how a site's robots.txt was last read."""

    @abstractmethod
    def asked_on(self, day: str) -> list[Asked]:
        """How much was asked of each host on a day."""

    @abstractmethod
    def note_asked(self, asked: Sequence[Asked]) -> None:
        """Add requests to what a host was asked for before."""

    @abstractmethod
    def save_refusals(self, crawl_id: int, refusals: Iterable[Refusal]) -> None:
        """Note what a crawl refused or was refused."""

    @abstractmethod
    def count_near_copies(self, run_id: int) -> dict[str, int]:
        """Note with each crawl of a run how many of its new posts are copies of another; source → how many."""

    # Writing what was crawled

    @abstractmethod
    def write(self, batch: WriteBatch) -> SavedPosts:
        """Write a batch in one transaction: all of it, or nothing."""

    # Writing what was imported

    @abstractmethod
    def one_transaction(self) -> AbstractContextManager[None]:
        """Everything written within is written together at its end, or not at all."""

    @abstractmethod
    def begin_import(self, run_id: int, file: ImportedFile) -> tuple[int, int]:
        """Note a file and its source; the ids of both (import, source)."""

    @abstractmethod
    def take_back(self, source: str) -> int:
        """Delete every post that the file ``source`` brought, with all that was read out of it; how many there were."""

    @abstractmethod
    def save_imported(
        self, import_id: int, source_id: int, threads: Iterable[Thread], rows: Iterable[ImportedRow]
    ) -> SavedPosts:
        """Write posts and what their rows had beside them. A row that is known is written only where it has changed."""

    @abstractmethod
    def end_import(self, import_id: int, counts: Mapping[str, int]) -> None:
        """Note what a file came to: ``rows``, ``posts_new``, ``posts_changed``, ``posts_known``, ``unplaced``."""

    @abstractmethod
    def title_of_thread(self, url: str, thread_id: str) -> str | None:
        """The title under which a thread is stored."""

    # What an earlier crawl left

    @abstractmethod
    def page_state(self, url: str) -> PageState | None: ...

    @abstractmethod
    def thread_states(self, source_id: int) -> dict[str, ThreadState]:
        """Thread id → how far it has been read."""

    @abstractmethod
    def screen_posts(self, *, beyond: int = 0) -> Screened:
        """Link near copies among posts that are new or changed to the earliest of them, and mark what looks like seeding.

        ``beyond`` leaves out rows up to this id: those that were there when a crawl began are looked at when it ends.
        """

    # Writing what was read out of texts

    @abstractmethod
    def posts_to_read(self, version: Versions, *, batch_size: int = 1000) -> Iterator[list[PostToRead]]:
        """Posts not yet read by ``version`` of the text pipeline, or changed since, in batches."""

    @abstractmethod
    def save_annotations(self, run_id: int, version: Versions, readings: Iterable[PostReading]) -> None:
        """Replace language, cues, pains and brand mentions of these posts in one transaction."""

    # What people said of it

    @abstractmethod
    def save_labels(self, labels: Iterable[Label]) -> list[int]:
        """Keep labels, all of them or none, and have their posts read again; their ids. Those of unknown posts are left out."""

    @abstractmethod
    def forget_labels(self, ids: Sequence[int]) -> int:
        """Take labels back, and have their posts read again; how many there were."""

    @abstractmethod
    def labels_of(self, posts: Iterable[int]) -> dict[int, list[Label]]:
        """Post (its row's id) → its labels in the order in which they were made; posts without any are left out."""

    # Keeping

    @abstractmethod
    def purge(self, *, texts_before: datetime | None, pages_before: datetime | None) -> None:
        """Forget texts gathered, and raw pages last seen, before these times; counts and codes stay."""
