"""Thread lists of forums that nobody wrote an engine for: which links of a page lead to threads, and which to boards.

Links of one kind have addresses of one shape (``/topic/#/*``). Among the shapes of a page, the threads' is the one whose
address speaks of threads and whose links carry the most words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final
from urllib.parse import unquote, urldefrag, urlsplit

from crawler.dates import Clock, looks_like_date
from crawler.engines.counts import counts_in, topics_in
from crawler.engines.document import Document
from crawler.engines.reading import clock_for, is_paging
from crawler.engines.standing import names_its_boards, standings
from crawler.engines.text import one_line
from crawler.prices import is_price
from data.records import ThreadLink, ThreadList

# Words count where they are a step of the address or the name of a script, never inside a thread's own title.
_BEFORE, _AFTER = r"(?:^|[/?&=])", r"(?:[/=.?&]|[-_]?\d|$)"
_THREAD = re.compile(
    rf"{_BEFORE}(?:topics?|threads?|viewtopic|showthread|showtopic|discussions?|questions?|chu-?de|hoi-?dap|thao-?luan|bai(?:-?viet)?|t|posts?|p|d)"
    rf"{_AFTER}",
    re.I,
)
_BOARD = re.compile(
    rf"{_BEFORE}(?:forums?|boards?|viewforum|forumdisplay|categor(?:y|ies)|c|f|box|chuyen-?muc|dien-?dan|section|groups?|tags?){_AFTER}",
    re.I,
)
_ELSEWHERE = re.compile(
    rf"{_BEFORE}(?:log-?in|log-?out|register|sign-?(?:in|up)|members?|memberlist|users?|u|profiles?|account|search|feeds?|rss|atom|help|faq|contact|"
    r"terms|privacy|policy|rules|report|reply|quote|edit|delete|vote|like|share|print|attachments?|download|static|media|unread|active|"
    rf"dang-?(?:nhap|ky)|whats-?new){_AFTER}|\.(?:jpe?g|png|gif|pdf|zip|css|js|xml)$",
    re.I,
)
_DOOR = re.compile(rf"{_BEFORE}(?:log-?in|register|sign-?(?:in|up)|dang-?(?:nhap|ky)){_AFTER}", re.I)
#: Behind the word for threads these lead to many of them, or to a form.
_OF_ALL = re.compile(
    r"^(?:new|create|add|latest|newest|recent|top|hot|popular|index|all|page-?\d*)(?:\.\w{2,5})?$", re.I
)
_TOO_MANY = 3_000
_MOST_BOARDS = 200
_STICKY = re.compile(r"sticky|pinned|ghim|announce|important", re.I)
_ANY_CLOCK: Final = Clock(now=datetime(2020, 6, 15, tzinfo=UTC), patience=0)
_TOPICS = re.compile(r"chủ đề|topics|threads|discussions|themen|sujets|temas", re.I)


@dataclass(slots=True)
class _Link:
    url: str
    words: str
    node: Any
    shape: str


def read_unknown_list(
    doc: Document,
    identify: Callable[[str], str],
    next_url: str | None,
    *,
    trusted: bool = False,
    title: str | None = None,
) -> ThreadList:
    """The threads and boards that a page of an unknown forum lists; both empty where it lists none.

    ``identify`` tells which addresses are pages of one thread. Counts are read where a word says which number is which.
    ``trusted``: it is certain that the page is a forum's, so that a few dated links are a list whatever their addresses.
    """
    links = list(_links(doc))
    shapes: dict[str, list[_Link]] = defaultdict(list)
    for link in links:
        shapes[link.shape].append(link)
    counted = _boards_by_counts(doc, shapes)
    threads_shape = _best(
        doc, {shape: group for shape, group in shapes.items() if shape not in counted}, trusted=trusted
    )
    if threads_shape and not trusted and _are_goods(shapes[threads_shape]):
        threads_shape = None
    threads = _threads(doc, shapes[threads_shape], identify) if threads_shape else {}
    boards: dict[str, str] = {}
    nodes: dict[str, list[Any]] = defaultdict(list)
    for link in (link for shape in counted for link in shapes[shape]):
        nodes[boards.setdefault(identify(link.url), link.url)].append(link.node)
    for link in links:
        if (
            link.shape != threads_shape
            and link.shape not in counted
            and _BOARD.search(_address(link.url))
            and not is_thread_address(link.url)
        ):
            nodes[boards.setdefault(identify(link.url), link.url)].append(link.node)
    own = boards.pop(identify(doc.url), None)
    nodes.pop(own or "", None)
    standing = standings(doc, nodes, clock_for(doc, ())) if nodes else {}
    return ThreadList(
        doc.url,
        "general",
        doc.title if title is None else title,
        tuple(found for found, _ in threads.values()),
        tuple(boards.values()),
        next_url,
        standing,
        _of_all(threads.values(), [node for group in nodes.values() for node in group]),
    )


def counts_threads(doc: Document) -> bool:
    """Whether a page has lines that count the threads of a board, as the front pages of forums do."""
    shapes: dict[str, list[_Link]] = defaultdict(list)
    for link in _links(doc):
        shapes[link.shape].append(link)
    return bool(_boards_by_counts(doc, shapes))


def _of_all(threads: Iterable[tuple[ThreadLink, Any]], links: list[Any]) -> bool:
    lines = [(row, line.last_post_at) for line, row in threads if row is not None]
    return bool(links) and names_its_boards([row for row, _ in lines], links, [at for _, at in lines])


def is_thread_address(url: str) -> bool:
    """Whether an address speaks of a thread."""
    return bool(_THREAD.search(_address(url)))


def _links(doc: Document) -> Iterator[_Link]:
    host, number = urlsplit(doc.url).netloc, 0
    for node in doc.tree.iter("a"):
        url = doc.link(node.get("href"))
        if url is None or number >= _TOO_MANY:
            continue
        number += 1
        url = urldefrag(url)[0]
        parts = urlsplit(url)
        if parts.netloc != host or _ELSEWHERE.search(_address(url)) or len(url) > 1000:
            continue
        yield _Link(url, one_line(node)[:300], node, _shape(parts.path, parts.query))


def _address(url: str) -> str:
    parts = urlsplit(url)
    return unquote(parts.path + ("?" + parts.query if parts.query else ""))


def shape_of(url: str) -> str:
    """An address with its numbers and own words left open, alike for the threads of one forum."""
    parts = urlsplit(url)
    return _shape(parts.path, parts.query)


def _shape(path: str, query: str) -> str:
    """The address with its numbers and words of one's own choosing left open: ``/topic/#/*``."""
    steps: list[str] = []
    speaks_of_threads = is_thread_address(path)
    for step in path.split("/"):
        if step.isdigit():
            steps.append("#")
        elif (
            (speaks_of_threads and steps and step and _is_own_words(step, steps[-1]))
            or re.search(r"\d", step)
            or "-" in step
            or "%" in step
            or len(step) > 20
        ):
            steps.append("*")
        else:
            steps.append(step)
    names = sorted({part.split("=")[0] for part in query.split("&") if part and not is_paging(part)})
    return "/".join(steps) + ("?" + "&".join(names) if names else "")


def _is_own_words(step: str, before: str) -> bool:
    """Whether a step of a thread's address is its title, be it one word: it stands behind its number or the word for threads."""
    return (before == "#" or bool(_THREAD.search(f"/{before}/"))) and not _OF_ALL.search(step)


def _boards_by_counts(doc: Document, shapes: dict[str, list[_Link]]) -> list[str]:
    """Shapes of links that lead to boards, whatever their addresses say: most of their lines count the threads in there."""
    if not _TOPICS.search(doc.text):
        return []
    found = []
    for shape, links in shapes.items():
        by_url: dict[str, list[_Link]] = defaultdict(list)
        for link in links[:_MOST_BOARDS]:
            by_url[link.url].append(link)
        if len(by_url) < 2 or len(links) > _MOST_BOARDS or is_thread_address(links[0].url):
            continue
        rows = [(_row(group, by_url), group[0].node) for group in by_url.values()]
        told = sum(row is not None and topics_in(row, node) is not None for row, node in rows)
        if told > 1 and told >= len(rows) * 0.6:
            found.append(shape)
    return found


def _best(doc: Document, shapes: dict[str, list[_Link]], *, trusted: bool) -> str | None:
    scores: dict[str, float] = {}
    for shape, links in shapes.items():
        different = {link.url: max(len(link.words), 0) for link in links if not link.words.isdigit()}
        says_thread = is_thread_address(links[0].url)
        says_board = bool(_BOARD.search(_address(links[0].url))) and not says_thread
        if says_board or ("#" not in shape and "*" not in shape and "?" not in shape):
            continue
        few = len(different) < 5 or sum(different.values()) < 20 * len(different)
        if not says_thread and few and not (trusted and len(different) > 1 and _are_dated(doc, links)):
            continue
        scores[shape] = sum(different.values()) * (4.0 if says_thread else 1.0)
    return max(scores, key=lambda shape: scores[shape], default=None)


def _are_goods(links: list[_Link]) -> bool:
    """Whether a price stands beside nearly each of the links: a shop's list, dated or not."""
    by_url: dict[str, list[_Link]] = defaultdict(list)
    for link in links[:_MOST_BOARDS]:
        by_url[link.url].append(link)
    rows = [row for group in by_url.values() if (row := _row(group, by_url)) is not None]
    return len(rows) > 1 and sum(shows_price(row) for row in rows) > len(rows) * 0.8


def shows_price(row: Any) -> bool:
    """Whether one of a line's elements holds a price and nothing else."""
    texts = (
        text.strip() for node in row.iter() if isinstance(node.tag, str) for text in (node.text, node.tail) if text
    )
    return any(len(text) < 32 and is_price(text) for text in texts)


def _are_dated(doc: Document, links: list[_Link]) -> bool:
    """Whether a date stands beside each of the links."""
    by_url: dict[str, list[_Link]] = defaultdict(list)
    for link in links[:_TOO_MANY]:
        by_url[link.url].append(link)
    clock = clock_for(doc, ())
    rows = [_row(group, by_url) for group in by_url.values()]
    return all(row is not None and _newest(row, clock) is not None for row in rows)


def _threads(doc: Document, links: list[_Link], identify: Callable[[str], str]) -> dict[str, tuple[ThreadLink, Any]]:
    by_thread: dict[str, list[_Link]] = defaultdict(list)
    for link in _without_frame(links):
        by_thread[identify(link.url)].append(link)
    clock = clock_for(doc, ())
    rows = {thread: _row(group, by_thread) for thread, group in by_thread.items()}
    found: dict[str, tuple[ThreadLink, Any]] = {}
    for thread, group in by_thread.items():
        named = max(group, key=lambda link: (not link.words.isdigit(), not is_date(link.words), len(link.words)))
        shortest = min((link.url for link in group), key=len)
        if len(named.words) < 2 or named.words.isdigit():
            continue
        row = rows[thread]
        last_post = _newest(row, clock) if row is not None else None
        replies, views = counts_in(row, named.node) if row is not None else (None, None)
        sticky = row is not None and _STICKY.search(row.get("class") or "") is not None
        found[thread] = ThreadLink(shortest, named.words, thread, replies, views, last_post, sticky), row
    return found


def is_date(words: str) -> bool:
    """Whether a link's words are the date of a thread's last post."""
    return len(words) < 40 and looks_like_date(words) and _ANY_CLOCK.read(words) is not None


def _without_frame(links: list[_Link]) -> list[_Link]:
    """Links without those of the page's frame, in its navigation or beside the way to log in, unless these are all there is."""
    framed: dict[Any, bool] = {}
    kept = []
    for link in links:
        above = link.node.getparent()
        if above not in framed:
            framed[above] = above is not None and _is_frame(above)
        if not framed[above]:
            kept.append(link)
    return kept if len(kept) * 2 > len(links) else links


def _is_frame(above: Any) -> bool:
    if any(one.tag in ("nav", "footer") for one in (above, *above.iterancestors())):
        return True
    menu = above.getparent() if above.tag == "li" else above
    return menu is not None and any(_DOOR.search(link.get("href") or "") for link in islice(menu.iter("a"), 30))


def _row(group: list[_Link], threads: dict[str, list[_Link]]) -> Any:
    """The largest element around a thread's link that holds no other thread's."""
    others = {link.node for thread, links in threads.items() for link in links if links is not group}
    row = None
    node = group[0].node
    for _ in range(8):
        if node is None or node.tag in ("body", "html") or any(one in others for one in node.iter("a")):
            break
        row = node
        node = node.getparent()
    return row


def _newest(row: Any, clock: Clock) -> datetime | None:
    dates: list[datetime] = []
    for node in row.iter():
        if not isinstance(node.tag, str):
            continue
        for text in (node.get("datetime"), node.get("title"), node.text, node.tail if node is not row else None):
            plain = (text or "").strip()
            if 3 <= len(plain) <= 60 and looks_like_date(plain) and (read := clock.read(plain)) is not None:
                dates.append(read)
    return max(dates, default=None)
