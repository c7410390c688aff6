"""Ids that are not one post's alone: rows numbered anew in each file, or below each product. Whoever comes second gets another."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

from crawler.importers.placing import Placed
from data.guests import nobody_in_particular
from data.privacy import author_key
from data.store import Store
from data.store.keys import global_id, site_of

_STANDING = """
select p.post_id, a.author_key, p.text from posts p left join authors a using (author_id)
where p.post_id in (select value from json_each(?))
"""


def apart(batch: Sequence[Placed], database: Store, key: bytes) -> Iterator[Placed]:
    """The rows, those with another id whose own belongs to other words of another author. The same words are the same post,
    whatever its author is called by now, and an author's own words may change.
    """
    ids = [global_id(site_of(one.thread_url), one.post.post_id) for one in batch if one.post]
    known = {
        str(row["post_id"]): (row["author_key"], row["text"]) for row in database.query(_STANDING, (json.dumps(ids),))
    }
    for placed in batch:
        post = placed.post
        if post is None or not post.author or nobody_in_particular(post.author):
            yield placed
            continue
        site = site_of(placed.thread_url)
        author = author_key(key, site, post.author)
        theirs, words = known.setdefault(global_id(site, post.post_id), (author, post.text))
        if theirs in (None, author) or words == post.text:
            yield placed
            continue
        own = hmac.new(key, f"{post.post_id}\0{author}".encode(), hashlib.sha256).hexdigest()[:24]
        thread = own if placed.thread == post.post_id else placed.thread
        yield replace(placed, post=replace(post, post_id=own), thread=thread)
