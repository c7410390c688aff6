"""What the spiders gather, and how it is masked before anything of it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from typing import TypeVar

from data.privacy import mask, mask_page
from data.records import LandingPage, Post, Thread
from data.store.base import FetchedPage, WriteBatch

_Record = TypeVar("_Record")


@dataclass(slots=True)
class Gathered:
    """A fetched page and what was read out of it."""

    page: FetchedPage
    threads: tuple[Thread, ...] = ()
    landing: LandingPage | None = None


@dataclass(slots=True)
class Unchanged:
    """A page that is as it was when last read."""

    url: str
    at: datetime


def masked_post(post: Post) -> Post:
    """The post without personal numbers in what the author, those quoted and the signature say."""
    text, quoted, signature = mask(post.text), post.quoted, post.signature
    quoted = mask(quoted) if quoted else quoted
    signature = mask(signature) if signature else signature
    if text is post.text and quoted is post.quoted and signature is post.signature:
        return post
    return replace(post, text=text, quoted=quoted, signature=signature)


def masked_thread(thread: Thread) -> Thread:
    """The thread's page with its title and every post masked."""
    return replace(thread, title=mask(thread.title), posts=tuple([masked_post(post) for post in thread.posts]))


def masked(value: _Record) -> _Record:
    """Any record with every text in it masked; addresses stay as they are."""
    if isinstance(value, str):
        return mask(value) if not value.startswith(("http://", "https://")) else value  # type: ignore[return-value]
    if isinstance(value, tuple | list):
        return type(value)(masked(item) for item in value)
    if isinstance(value, Mapping):
        return {key: masked(item) for key, item in value.items()}  # type: ignore[return-value]
    if is_dataclass(value) and not isinstance(value, type):
        changes = {field.name: masked(getattr(value, field.name)) for field in fields(value)}
        return replace(value, **changes)
    return value


def masked_batch(source_id: int, gathered: list[Gathered], unchanged: list[tuple[str, datetime]]) -> WriteBatch:
    """What a source's gathered pages come to in the store, every text of it masked."""
    batch = WriteBatch(unchanged=unchanged)
    for item in gathered:
        page = item.page.page
        batch.pages.append(replace(item.page, page=replace(page, body=mask_page(page.body) if page.body else b"")))
        batch.threads.extend((source_id, masked_thread(thread)) for thread in item.threads)
        if item.landing is not None:
            # Loaded on use: a crawl of forums needs nothing of it.
            from crawler.landing.snapshot import content_hash

            landing = masked(item.landing)
            batch.landings.append((source_id, landing, content_hash(landing)))
    return batch
