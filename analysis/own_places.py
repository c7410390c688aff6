"""Who speaks for a brand in its own places: the channel, the Page, the account or the blog that the study says is about it.

A source with ``about:`` a brand that is one account's (a channel, a profile, a Page, a feed) is that brand's own voice, whatever
the account is called: who begins at least half of its threads is no customer. What is said below stays everybody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from data.privacy import author_key
from data.store import Store

#: Engine → the addresses of one account. A search, a hashtag, a playlist or a single post belongs to nobody in particular.
_ONE_ACCOUNT: Final = {
    "facebook": re.compile(r".*"),
    "youtube": re.compile(r"https?://[^/]+/(?!watch|playlist|shorts|embed|live).+"),
    "mastodon": re.compile(r"https?://[^/]+/@[^/?#]+/?"),
    "bluesky": re.compile(r"https?://[^/]+/profile/[^/?#]+/?"),
    "telegram": re.compile(r".*"),
    "feed": re.compile(r".*"),
}
#: A channel's preview holds nobody's words but the channel's.
_SPEAKS_ALONE: Final = "telegram"
#: A feed may be a forum's, whose first entries are customers': one thread proves nothing.
_LEAST_THREADS: Final = 2
#: Under these names a site itself writes.
_HOUSE: Final = (
    "admin", "administrator", "webmaster", "editor", "editors", "ban biên tập", "bbt", "quản trị", "quản trị viên",
    "biên tập viên", "team", "staff",
)  # fmt: skip
#: Who wrote the first post of each thread that is no answer.
_STARTERS: Final = """
select source_id, url, engine, site, brand_id, author_id, shown, count(*) as threads,
    sum(count(*)) over (partition by source_id, engine) as all_threads
from (
    select t.source_id, s.url, t.engine, t.site, s.brand_id, p.author_id, p.reply_to, coalesce(a.name_key, a.author_key) as shown,
        row_number() over (partition by t.thread_id order by p.posted_at is null, p.posted_at, p.id) as place
    from threads t join sources s using (source_id) join posts p using (thread_id) left join authors a using (author_id)
    where s.active and t.engine in ('facebook', 'youtube', 'mastodon', 'bluesky', 'feed')
)
where place = 1 and reply_to is null
group by source_id, engine, author_id
"""
_CHANNELS: Final = """
select distinct s.url, p.author_id
from posts p join threads t using (thread_id) join sources s on s.source_id = t.source_id
where s.active and s.brand_id is not null and t.engine = 'telegram' and p.author_id is not null
"""


def speakers(store: Store, key: bytes) -> frozenset[int]:
    """The authors who speak for a brand in a source about it; and those of feeds who are the site itself (``admin``)."""
    found = {int(row["author_id"]) for row in store.query(_CHANNELS) if _is_one_accounts(_SPEAKS_ALONE, row["url"])}
    for row in store.query(_STARTERS):
        if row["author_id"] is None:
            continue
        is_feed = row["engine"] == "feed"
        is_house = is_feed and row["shown"] in {author_key(key, row["site"], name) for name in _HOUSE}
        enough = row["threads"] >= _LEAST_THREADS or not is_feed
        most = row["brand_id"] is not None and enough and row["threads"] * 2 >= row["all_threads"]
        if is_house or (most and _is_one_accounts(row["engine"], row["url"])):
            found.add(int(row["author_id"]))
    return frozenset(found)


def _is_one_accounts(engine: str, url: str) -> bool:
    return _ONE_ACCOUNT[engine].fullmatch(url) is not None


def own_pages(sources: Iterable[Mapping[str, Any]]) -> list[int]:
    """The sources (rows with source_id, url, kind, engine, brand_id) that are a brand's own page: who writes there follows it."""
    return [
        int(row["source_id"])
        for row in sources
        if row["brand_id"] is not None
        and (
            row["kind"] == "fanpage"
            or (
                row["engine"] in _ONE_ACCOUNT
                and row["engine"] != "feed"
                and _is_one_accounts(row["engine"], row["url"])
            )
        )
    ]
