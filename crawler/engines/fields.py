"""Who, when, what in the repeated blocks of an unknown page: found where all blocks have them, not in each by itself."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from typing import Any, Final

from crawler.dates import Clock
from crawler.engines.attributed import Cited, cited_blocks
from crawler.engines.bare import bare_day, is_bare
from crawler.engines.buttons import are_buttons, likes_shown
from crawler.engines.document import Document
from crawler.engines.labels import Said, boilerplate_of, idle_elements, said_in
from crawler.engines.looks import Key
from crawler.engines.members import details
from crawler.engines.names import authors_of, filled_in, look, look_of, names_by_place
from crawler.engines.reading import moment
from crawler.engines.repeated import Anchor, Item
from crawler.engines.sorted_page import classes_of
from crawler.engines.text import Body, is_longer, listed, one_line, quotes, read_body, tidy

_SAYS = re.compile(r"^\s*(?:says?|wrote|said|schrieb|a écrit|dijo|viết|nói)\s*:?\s*$|^[\s:·|•»,#\-–—]+$", re.I)
_A_DAY: Final = 86_400
_A_WHILE: Final = timedelta(days=3)
_NUMBERED = re.compile(r"#?\d{1,6}|\[.?\]|#\d+ ?(?:erstellt|posted)?:?", re.I)
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:user-?info|user|author|profile|avatar|meta|header|footer|foot|head|buttons?|actions?|controls?|toolbar|share|social|vote|votes|"
    r"reactions?|likes?|rating|stats?|signature|sig|badges?|rank|options|menu|tools|permalink|report|reply-?link|edit(?:ed)?|byline|breadcrumb|"
    r"tags?|sidebar|side|info|postprofile|userdata|poster)(?:$|[\s_-]|\d)|signature|-actions|-meta\b|-footer|-header|-buttons|userinfo|authorpane",
    re.I,
)
#: Signs between a name and what follows it.
_AROUND_LINE: Final = " \t·•|,:–—-»@"
_AROUND_HEADING = re.compile(r"^(?:re|trả lời|aw|antw)\s*:\s*|\s*[¶#]\s*$", re.I)
#: Icon fonts that are written as words: "thumb_up", "link".
_ICON = re.compile(r"(?:^|\s)material-(?:icons?|symbols)\b")
_TEXTUAL: Final = listed(
    "p br span a b i em strong u li ul ol blockquote pre code img font h1 h2 h3 h4 h5 h6 sub sup table tr td tbody cite"
)


@dataclass(slots=True)
class Fields:
    """What was found in one block."""

    author: str | None
    posted_at: Any
    body: Body
    dated: bool
    likes: int | None = None
    #: Whether the time would be read alike on another day; «3 giờ trước» would not.
    lasting: bool = True


def read_fields(doc: Document, items: list[Item], clock: Clock, heading: str = "") -> list[Fields]:
    """Author, date and words of every block; ``heading`` is the page's, which many boards repeat above each post."""
    contents = [item.elements() for item in items]
    dates = _date_anchors(items)
    said = said_in(doc, contents)
    cited = cited_blocks(items, said, marked="uote" in doc.text)
    own_said = [quotes.without(block) for block, quotes in zip(said, cited, strict=True)]
    own_contents = [list(block) for block in own_said]
    about = details(own_said)
    boilerplate = boilerplate_of(own_said) | about
    bodies = _bodies(items, own_said, boilerplate)
    authors = authors_of(own_contents)
    if not any(name for name, _ in authors):
        authors = names_by_place(items, own_contents, bodies, dates)
    authors = filled_in(authors, items, own_contents, bodies, dates)
    found: list[Fields] = []
    earlier: list[str] = []
    shared = _shared(contents)
    later = replace(clock, now=clock.now and clock.now + _A_WHILE, _known={})
    for at, item in enumerate(items):
        author, author_node = authors[at]
        anchor = dates[at]
        alone = len(bodies[at]) == 1
        drop = {
            one.element
            for one in item.anchors
            if not (alone and _holds_body(one, bodies[at]))
            and not is_longer(one.element, 60)
            and not _speaks_on(one, boilerplate)
        }
        if author_node is not None:
            drop.add(author_node)
        nodes = bodies[at] or item.nodes
        own = alone and nodes[0] not in item.nodes
        idle = idle_elements(said[at], boilerplate) - set(item.nodes) - set(nodes) if boilerplate else set()
        body = _read_bodies(nodes, item, drop | idle, boilerplate, anchor, earlier, shared, cited[at])
        if own and not body.text and not body.quoted:
            # The same few words in many posts (“ok”, “+1”) are no label where nothing but words can stand.
            body = _read_bodies(nodes, item, drop, about, anchor, earlier, shared, cited[at])
        body = _each(body, lambda text, author=author: _nameless(_headless(text, heading), author))  # type: ignore[misc]
        earlier.append(_plain(body.text))
        posted_at = _when(anchor, clock)
        likes = likes_shown(contents[at], set(nodes[0].iter()) if own else set())
        lasting = anchor is None or anchor.words is None or _when(anchor, later) == posted_at
        found.append(Fields(author, posted_at, body, anchor is not None, likes, lasting))
    return _named_above(found)


def _named_above(found: list[Fields]) -> list[Fields]:
    """The blocks, those of nobody being by the person whose name stands alone above their words and who wrote others here."""
    names = {read.author.lower(): read.author for read in found if read.author}
    for read in found if len(names) else ():
        first, _, rest = read.body.text.partition("\n")
        name = names.get(first.strip(_AROUND_LINE).lower()) if read.author is None and rest.strip() else None
        if name is not None:
            read.author, read.body = name, _each(read.body, lambda text, name=name: _nameless(text, name))  # type: ignore[misc]
    return found


def _each(body: Body, change: Callable[[str], str]) -> Body:
    """A body with its own words changed, and so where they stand among the quotes."""
    return replace(body, text=change(body.text), shown=change(body.shown) if body.shown else body.shown)


def _nameless(text: str, author: str | None) -> str:
    """Words without the author's name above them, and without its first letter, which stands for a picture."""
    while author:
        first, _, rest = text.partition("\n")
        plain = first.strip(_AROUND_LINE).lower()
        if not plain or not rest.strip() or plain not in (author.lower(), author[0].lower()):
            break
        text = rest.strip()
    return text


def _when(anchor: Anchor | None, clock: Clock) -> Any:
    if anchor is None:
        return None
    if anchor.words is not None and is_bare(anchor.words):
        return bare_day(anchor.words, clock)
    if anchor.words is not None:
        read, whole = clock.read(anchor.words), one_line(anchor.element)
        timed = clock.read(whole) if ":" not in anchor.words and len(whole) <= 100 else None
        return timed if read is None or (timed is not None and abs((timed - read).total_seconds()) < _A_DAY) else read
    return moment(anchor.element, clock)


def _date_anchors(items: list[Item]) -> list[Anchor | None]:
    """The date of each block: the anchor whose look most blocks share, the earliest of that look."""
    shared: Counter[Key] = Counter()
    for item in items:
        shared.update({look(anchor.element) for anchor in item.anchors})
    return [max(item.anchors, key=lambda anchor: shared[look(anchor.element)], default=None) for item in items]


def _bodies(items: list[Item], said: list[Said], boilerplate: set[str]) -> list[list[Any]]:
    """The element with the words in each block: down from the block while one kind of child holds nearly all of them."""
    sizes = [_sizes(item, block, boilerplate) for item, block in zip(items, said, strict=True)]
    level: list[list[Any]] = [list(item.nodes) for item in items]
    for _ in range(25):
        groups: dict[Key, list[list[Any]]] = defaultdict(lambda: [[] for _ in items])
        totals: Counter[Key] = Counter()
        whole = direct = 0
        for at, nodes in enumerate(level):
            for node in nodes:
                whole += sizes[at].get(node, 0)
                children = [child for child in (node if len(nodes) == 1 else [node]) if child in sizes[at]]
                if len(nodes) == 1:
                    direct += sizes[at].get(node, 0) - sum(sizes[at][child] for child in children)
                for child in children:
                    key = look(child)
                    groups[key][at].append(child)
                    totals[key] += sizes[at][child]
        if not totals or direct > whole * 0.3:
            break
        body = [(key, size) for key, size in totals.items() if not _is_furniture(key[1])] or list(totals.items())
        key, size = max(body, key=lambda pair: pair[1])
        rest = sum(totals[other] for other, _ in body) + direct
        found = groups[key]
        several = sum(len(nodes) > 1 for nodes in found)
        if (
            size < rest * 0.7
            or (several > len(items) * 0.3 and key[0] in _TEXTUAL)
            or (
                key[0] in _TEXTUAL
                and not key[1]
                and key[0] not in ("td", "tr", "tbody", "table", "span")
                and not (key[0] == "blockquote" and all(len(nodes) == 1 for nodes in found))
            )
        ):
            break
        if sum(bool(nodes) for nodes in found) < len(items) * 0.6:
            break
        level = [nodes if nodes else level[at] if at < len(level) else [] for at, nodes in enumerate(found)]
    return level


def _sizes(item: Item, said: Said, boilerplate: set[str]) -> dict[Any, int]:
    size = {
        element: sum([len(text) for text in texts if text not in boilerplate]) if texts else 0
        for element, texts in said.items()
    }
    for anchor in item.anchors:
        if anchor.words and anchor.element in size and anchor.words not in boilerplate:
            size[anchor.element] = max(0, size[anchor.element] - len(anchor.words))
    for element in reversed(said):
        if own := size[element]:
            above = element.getparent()
            if above in size and element not in item.nodes:
                size[above] += own
    return size


@lru_cache(maxsize=10_000)
def _is_furniture(names: str) -> bool:
    return _FURNITURE.search(names) is not None


@lru_cache(maxsize=10_000)
def _is_icon(names: str) -> bool:
    return _ICON.search(names) is not None


def _holds_body(anchor: Anchor, nodes: list[Any]) -> bool:
    return any(node is anchor.element for node in nodes)


def _speaks_on(anchor: Anchor, boilerplate: set[str]) -> bool:
    """Whether words stand on a line of their own below a date, in the date's own element: however few, they are the post."""
    broken = below = False
    for child in anchor.element if anchor.words is not None else ():
        broken = broken or child.tag in ("br", "hr")
        words = " ".join((child.tail or "").split())
        below = below or (broken and sum(map(str.isalpha, words)) > 1 and words not in boilerplate)
    return below


def _shared(contents: list[list[Any]]) -> set[Key]:
    """The looks of elements that most blocks have: the frame of a post, never a quote in it."""
    seen: Counter[Key] = Counter()
    for elements in contents:
        seen.update({look_of(element.tag, names) for element in elements if (names := classes_of(element))})
    return {key for key, count in seen.items() if count > len(contents) * 0.6}


def _without_lines(body: Body, lines: set[str]) -> Body:
    """A post without the lines above its quotes, for those tell whose words follow."""

    def cut(text: str) -> str:
        return tidy("\n".join(line for line in text.split("\n") if " ".join(line.split()) not in lines))

    return _each(body, cut)


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def _read_bodies(
    nodes: list[Any],
    item: Item,
    drop: set[Any],
    boilerplate: set[str],
    anchor: Anchor | None,
    earlier: list[str],
    shared: set[Key],
    cited: Cited,
) -> Body:
    wide = {node for one in drop for node in _alone(one, nodes)}
    nodes = [node for node in nodes if node not in wide] or nodes

    def dropped(element: Any) -> bool:
        if element in wide or element in item.exclude:
            return True
        if (
            element.tag in ("a", "button", "small", "label")
            and " ".join((element.text or "").split()) in boilerplate
            and len(element) == 0
        ):
            return True
        names = classes_of(element)
        if not names:
            return False
        return _is_icon(names) or (
            element.tag not in ("p", "span", "a") and _is_furniture(names) and not is_longer(element, 299)
        )

    def said_before(words: str) -> bool:
        plain = _plain(words).rstrip(".… ")
        return any(plain in text for text in earlier)

    def quote(node: Any) -> Callable[[Any], bool]:
        return lambda element: (
            element in cited.quotes
            or ((element.get("class") is None or look(element) not in shared) and quotes(element, node, said_before))
        )

    read = [read_body(node, drop=dropped, quote=quote(node), whose=cited.quotes) for node in nodes]
    if cited.lines:
        read = [_without_lines(body, cited.lines) for body in read]
    text = tidy("\n\n".join(body.text for body in read if body.text))
    text = _trim(text, boilerplate, anchor)
    quoted = tidy("\n\n".join(body.quoted for body in read if body.quoted)) or None
    signature = tidy("\n\n".join(body.signature for body in read if body.signature)) or None
    author = next((body.quoted_author for body in read if body.quoted_author), None)
    shown = tidy("\n\n".join(words for body in read if (words := body.shown or body.text))) if quoted else None
    return Body(text, quoted, signature, author, None, _trim(shown, boilerplate, anchor) if shown else None)


def _alone(element: Any, nodes: list[Any]) -> list[Any]:
    """An element, and those around it that hold nothing else."""
    found = [element]
    text = one_line(element)
    for above in element.iterancestors():
        if above in nodes or len(above) > 8 or is_longer(above, len(text) + 12):
            break
        found.append(above)
    return found


def _headless(text: str, heading: str) -> str:
    first, _, rest = text.partition("\n")
    if not heading or not rest or rest.isspace():
        return text
    plain = _AROUND_HEADING.sub("", first.strip())
    return rest.strip() if plain.lower() == heading.lower() else text


def _trim(text: str, boilerplate: set[str], anchor: Anchor | None) -> str:
    lines = text.split("\n")
    date = " ".join((anchor.words or "").split()) if anchor is not None else ""

    def idle(line: str) -> bool:
        plain = " ".join(line.split())
        return (
            not plain
            or plain in boilerplate
            or plain == date
            or bool(_SAYS.match(plain))
            or bool(_NUMBERED.fullmatch(plain))
            or plain.lower() in ("reply", "quote", "like", "share", "report")
            or are_buttons(plain)
        )

    while lines and idle(lines[0]):
        lines.pop(0)
    while lines and idle(lines[-1]):
        lines.pop()
    return "\n".join(lines).strip()
