"""What the spiders gather, and how it is masked before anything of it is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from typing import Final, TypeVar

from crawler.numbered_links import without_number
from data.guests import nobody_in_particular
from data.names import hide_mentions, hide_names, named_in_page
from data.privacy import author_key, mask, mask_page
from data.records import LandingPage, Page, Post, Thread
from data.store.base import FetchedPage, WriteBatch
from data.store.keys import site_of
from data.store.polite import Asked

_Record = TypeVar("_Record")
#: From so many signs on an author's id is hidden in raw pages.
_LONG_ID = 6
#: Engines whose threads are one row of posts in time's order. In trees, by votes or behind "load more" a post that is not seen
#: may stand elsewhere; and a reader of unknown pages may have missed it.
_IN_ORDER: Final = frozenset(
    ("fluxbb", "invision", "ipboard", "machina", "misago", "mybb", "phpbb", "phpbb2", "punbb", "smf", "spirit", "vanilla",
     "vbulletin", "woltlab", "xenforo", "xenforo1")
)  # fmt: skip


@dataclass(slots=True)
class Gathered:
    """A fetched page and what was read out of it; ``is_masked`` where nothing personal is left in either."""

    page: FetchedPage
    threads: tuple[Thread, ...] = ()
    landing: LandingPage | None = None
    is_masked: bool = False


@dataclass(slots=True)
class Unchanged:
    """A page that is as it was when last read."""

    url: str
    at: datetime


def masked_post(post: Post, names: Collection[str] = ()) -> Post:
    """The post without personal numbers, and without ``names`` where it addresses or quotes one."""
    text, quoted, signature = hide_mentions(mask(post.text), names), post.quoted, post.signature
    quoted = hide_mentions(mask(quoted), names) if quoted else quoted
    signature = mask(signature) if signature else signature
    if text is post.text and quoted is post.quoted and signature is post.signature:
        return post
    return replace(post, text=text, quoted=quoted, signature=signature)


def masked_thread(thread: Thread) -> Thread:
    """The thread's page with its title and every post masked."""
    names = _authors((thread,))
    return replace(thread, title=mask(thread.title), posts=tuple([masked_post(post, names) for post in thread.posts]))


def _authors(threads: Iterable[Thread]) -> set[str]:
    return _people(post.author for thread in threads for post in thread.posts if post.author)


def _people(names: Iterable[str]) -> set[str]:
    """``names`` without what stands for nobody in particular, which is mostly a plain word (“khách”: a customer)."""
    return {name for name in names if not nobody_in_particular(name)}


def _masked_body(page: Page, threads: tuple[Thread, ...], key: bytes) -> bytes:
    """A page's bytes without personal numbers, and with what stands for its authors in place of their names."""
    site = site_of(page.url)

    def hide(text: str) -> str:
        names = _authors(threads) | _people(named_in_page(text))
        hidden = {name: author_key(key, site, name) if key else "[name]" for name in names}
        # A short number may be anything else on the page.
        ids = {post.author_id for thread in threads for post in thread.posts if len(post.author_id or "") >= _LONG_ID}
        hidden |= {own: author_key(key, site, f"id {own}") if key else "[id]" for own in ids if own}
        return hide_names(text, hidden)

    return mask_page(page.body, hide) if page.body else b""


def masked(value: _Record) -> _Record:
    """Any record with every text in it masked; addresses stay as they are, save those that are telephone numbers."""
    if isinstance(value, str):
        is_link = value.startswith(("http://", "https://")) and len(value.split(None, 1)) == 1
        return without_number(value) if is_link else mask(value)  # type: ignore[return-value]
    if isinstance(value, tuple | list):
        return type(value)(masked(item) for item in value)
    if isinstance(value, Mapping):
        return {key: masked(item) for key, item in value.items()}  # type: ignore[return-value]
    if is_dataclass(value) and not isinstance(value, type):
        changes = {field.name: masked(getattr(value, field.name)) for field in fields(value)}
        return replace(value, **changes)
    return value


def masked_item(item: Gathered, key: bytes = b"") -> Gathered:
    """The page and what was read out of it, every text masked; ``key`` makes authors' names in the page hashes."""
    if item.is_masked:
        return item
    page = item.page.page
    return Gathered(
        replace(item.page, page=replace(page, body=_masked_body(page, item.threads, key))),
        tuple([masked_thread(thread) for thread in item.threads]),
        masked(item.landing) if item.landing is not None else None,
        is_masked=True,
    )


def masked_batch(
    source_id: int,
    gathered: list[Gathered],
    unchanged: list[tuple[str, datetime]],
    asked: Sequence[Asked] = (),
    key: bytes = b"",
) -> WriteBatch:
    """What a source's gathered pages come to in the store, every text of it masked; ``key`` makes authors' names hashes."""
    batch = WriteBatch(unchanged=unchanged, asked=asked, in_order=_IN_ORDER)
    for given in gathered:
        item = masked_item(given, key)
        batch.pages.append(item.page)
        batch.threads.extend((source_id, thread) for thread in item.threads)
        if item.landing is not None:
            # Loaded on use: a crawl of forums needs nothing of it.
            from crawler.landing.changes import since
            from crawler.landing.snapshot import content_hash

            batch.compare = since
            batch.landings.append((source_id, item.landing, content_hash(item.landing)))
    return batch
