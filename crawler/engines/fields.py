"""Who, when, what in the repeated blocks of an unknown page: found where all blocks have them, not in each by itself."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from crawler.dates import Clock, looks_like_date
from crawler.engines.document import Document
from crawler.engines.reading import moment
from crawler.engines.repeated import Anchor, Item, Key
from crawler.engines.text import Body, listed, one_line, read_body, tidy

_AUTHOR_CLASS = re.compile(
    r"(?:^|[\s_-])(?:author|username|user-?name|nick(?:name)?|poster|member-?name|postauthor|screen-?name|creator|byline|"
    r"user-?link|commenter|tacgia|nguoidang|autor|benutzer|PostUser|bigusername)(?:$|[\s_-])|author|username|nickname|postuser",
    re.I,
)
_WEAK_CLASS = re.compile(r"user|member|profile|name|poster", re.I)
_NO_AUTHOR = re.compile(
    r"title|rank|stat|avatar|count|group|date|time|location|signature|badge|role|level|info-?extra|online|karma|point|menu|quote|reply|"
    r"button|action|score|in-?reply|mention|photo|edit",
    re.I,
)
PROFILE = re.compile(
    r"/(?:u|users?|members?|profiles?|profil|people|author|nguoi-dung|thanh-vien|benutzer|usuario|membre|user-dashboard|"
    r"community/profile|@)[/.?=-]|/~|/@|member\.php|memberlist|profile\.php|user_info|userinfo|viewprofile|showuser|[?&](?:u|uid|user|userid|member)=|user\.php",
    re.I,
)
_BY = re.compile(
    r"(?:^|[\s(·|•-])(?:posted by|written by|by|von|por|par|bởi|đăng bởi|gửi bởi|người gửi|người đăng|tác giả|autor|author|"
    r"enviado por|verfasst von|"
    r"geschrieben von|from)\s*:?\s+(?P<name>[^\s:»|·•,].{0,38}?)\s*(?:$|[»|·•,(]|\s(?:on|at|am|le|el|vào|lúc|says?|wrote)\b|\s-\s|:)",
    re.I,
)
_PREPOSITION = re.compile(
    r"(?:posted|written|published|on|at|am|um|le|el|vào|lúc|ngày|đăng|date|datum|time|created|asked|answered|replied|commented|edited|updated|"
    r"submitted|sent|added|enviado|veröffentlicht)\b.*|[^\w]*|.*:",
    re.I,
)
_SAYS = re.compile(r"^\s*(?:says?|wrote|said|schrieb|a écrit|dijo|viết|nói)\s*:?\s*$|^[\s:·|•»,#\-–—]+$", re.I)
_A_DAY: Final = 86_400
_NUMBERED = re.compile(r"#?\d{1,6}|\[.?\]|#\d+ ?(?:erstellt|posted)?:?", re.I)
_NO_NAME = re.compile(
    r"^(?:reply|quote|report|share|like|edit|permalink|link|"
    r"profile|view profile|send|pm|guest posts?|posts?|message|messages|offline|online|"
    r"trả lời|trích dẫn|báo cáo|thích|chia sẻ|antworten|zitieren|melden|responder|citar|#?\d+|admin(?:istrator)? only|op|top|home|"
    r"moderator|member|senior member|junior member|thành viên)$",
    re.I,
)
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:user-?info|user|author|profile|avatar|meta|header|footer|foot|head|buttons?|actions?|controls?|toolbar|share|social|vote|votes|"
    r"reactions?|likes?|rating|stats?|signature|sig|badges?|rank|options|menu|tools|permalink|report|reply-?link|edit(?:ed)?|byline|breadcrumb|"
    r"tags?|sidebar|side|info|postprofile|userdata|poster)(?:$|[\s_-]|\d)|signature|-actions|-meta\b|-footer|-header|-buttons|userinfo|authorpane",
    re.I,
)
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


def look(element: Any) -> Key:
    """How an element looks, for comparing one block's with another's."""
    names = sorted(re.sub(r"\d+", "", name) for name in (element.get("class") or "").split()[:6])
    return (element.tag, " ".join(name for name in names if len(name) > 1))


def read_fields(doc: Document, items: list[Item], clock: Clock, heading: str = "") -> list[Fields]:
    """Author, date and words of every block; ``heading`` is the page's, which many boards repeat above each post."""
    contents = [list(item.elements()) for item in items]
    dates = _date_anchors(items)
    authors = _authors(contents, dates)
    boilerplate = _boilerplate(items, contents)
    bodies = _bodies(items, contents, boilerplate, authors)
    found = []
    for at, item in enumerate(items):
        author, author_node = authors[at]
        anchor = dates[at]
        drop = {
            one.element for one in item.anchors if not _holds_body(one, bodies[at]) and len(one_line(one.element)) <= 60
        }
        if author_node is not None:
            drop.add(author_node)
        body = _read_bodies(bodies[at] or item.nodes, item, drop, boilerplate, anchor)
        body = replace(body, text=_headless(body.text, heading))
        posted_at = _when(anchor, clock)
        if author is None:
            author = _named_in_words(contents[at], anchor)
        found.append(Fields(author, posted_at, body, anchor is not None))
    return found


def _when(anchor: Anchor | None, clock: Clock) -> Any:
    if anchor is None:
        return None
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


def _authors(contents: list[list[Any]], dates: list[Anchor | None]) -> list[tuple[str | None, Any]]:
    """The author of each block: the kind of element that most blocks have and that most looks like a name."""
    kinds: dict[Key, dict[int, tuple[str, Any]]] = defaultdict(dict)
    weight: dict[Key, float] = {}
    for at, elements in enumerate(contents):
        for element in elements:
            strength = _author_strength(element)
            if not strength:
                continue
            name = _as_name(element)
            if not name:
                continue
            key = look(element)
            kinds[key].setdefault(at, (name, element))
            weight[key] = max(weight.get(key, 0.0), strength)
    order = sorted(
        kinds, key=lambda key: -weight[key] * (len(kinds[key]) / len(contents)) * _variety(kinds[key], len(contents))
    )
    nobody: tuple[str | None, Any] = (None, None)
    order = [key for key in order if weight[key] >= 1.5]
    result = [next((kinds[key][at] for key in order if at in kinds[key]), nobody) for at in range(len(contents))]
    return result if any(name for name, _ in result) else _first_names(contents, dates)


def _variety(found: dict[int, tuple[str, Any]], size: int) -> float:
    names = {name for name, _ in found.values()}
    return 0.4 if len(names) == 1 and len(found) > 3 else 1.0


def _author_strength(element: Any) -> float:
    tag = element.tag
    if tag in ("p", "time", "img", "ul", "article", "section", "table", "form", "main"):
        return 0.0
    marked = element.get("itemprop") or element.get("rel") or ""
    if marked and re.search(r"\bauthor\b", marked):
        return 5.0
    names = element.get("class")
    strength = _class_strength(names) if names else 0.0
    if strength < 0:
        return 0.0
    if tag == "a" and (href := element.get("href")):
        strength += 3.0 if PROFILE.search(href) else 0.0
        strength += 0.5 if strength else 0.0
    return strength


@lru_cache(maxsize=10_000)
def _class_strength(names: str) -> float:
    """How much a class looks like an author's; below zero where it is certainly something else's."""
    if _NO_AUTHOR.search(names) and not re.search(r"author-?name|username", names, re.I):
        return -1.0
    return 4.0 if _AUTHOR_CLASS.search(names) else 1.0 if _WEAK_CLASS.search(names) else 0.0


def _as_name(element: Any) -> str | None:
    if len(element) > 6:
        return None
    link = next(
        (
            one
            for one in element.iter("a")
            if one is not element and PROFILE.search(one.get("href") or "") and one_line(one)
        ),
        None,
    )
    text = one_line(element if link is None else link)
    text = re.sub(
        r"^(?:by|von|por|posted by|bởi|author|autor)\s*:?\s+|\s*(?:says?|wrote|said)?\s*[:,]$", "", text, flags=re.I
    ).strip("@ :,")
    if not 1 < len(text) <= 60 or len(text.split()) > 5 or _NO_NAME.match(text) or not re.search(r"[^\W_]", text):
        return None
    return (
        None
        if looks_like_date(text)
        and re.search(r"\d", text)
        and len(text) > 8
        and re.search(r"\d{4}|ago|trước|:\d\d", text)
        else text
    )


def _first_names(contents: list[list[Any]], dates: list[Anchor | None]) -> list[tuple[str | None, Any]]:
    """Without any mark of an author: the first bold or linked short text of each block, where most have one alike."""
    kinds: dict[str, dict[int, tuple[str, Any]]] = defaultdict(dict)
    for at, elements in enumerate(contents):
        for element in elements[:60]:
            if element.tag in ("b", "strong", "h3", "h4", "h5", "h6", "dt", "cite") and (name := _as_name(element)):
                kinds[element.tag].setdefault(at, (name, element))
    best = max(kinds.values(), key=lambda found: len(found) * _variety(found, len(contents)), default={})
    if len(best) < len(contents) * 0.6:
        return [(None, None)] * len(contents)
    return [best.get(at, (None, None)) for at in range(len(contents))]


def _named_in_words(elements: list[Any], anchor: Anchor | None) -> str | None:
    """«Posted by lee on …» in plain words near the date."""
    near = []
    if anchor is not None:
        near.append(anchor.words or "")
        around = (one_line(above) for above in (anchor.element, anchor.element.getparent()) if above is not None)
        near += [text for text in around if len(text) < 160]
        before = anchor.element.getprevious()
        above = anchor.element.getparent()
        lead = (above.text if before is None and above is not None else before.tail if before is not None else "") or ""
        name = " ".join(lead.split()).strip(" ·•|,:–-@")
        if (
            1 < len(name) <= 30
            and len(name.split()) <= 3
            and not _NO_NAME.match(name)
            and not _PREPOSITION.fullmatch(name)
        ):
            return name
    for text in near:
        if found := _BY.search(text):
            name = found["name"].strip()
            if name and not _NO_NAME.match(name) and not re.fullmatch(r"[\d\W]+", name):
                return name
    return None


def _strings(element: Any) -> list[str]:
    found = [element.text or ""]
    found += [child.tail or "" for child in element]
    return [plain for text in found if (plain := " ".join(text.split()))]


def _boilerplate(items: list[Item], contents: list[list[Any]]) -> set[str]:
    """Words that stand in many blocks alike: labels and buttons, nobody's words."""
    if len(items) < 3:
        return set()
    seen: Counter[str] = Counter()
    for elements in contents:
        seen.update({text for element in elements for text in _strings(element) if len(text) < 60})
    return {text for text, count in seen.items() if count >= max(3, len(items) * 0.5)}


def _bodies(
    items: list[Item], contents: list[list[Any]], boilerplate: set[str], authors: list[tuple[str | None, Any]]
) -> list[list[Any]]:
    """The element with the words in each block: down from the block while one kind of child holds nearly all of them."""
    sizes = [_sizes(item, elements, boilerplate) for item, elements in zip(items, contents, strict=True)]
    level: list[list[Any]] = [list(item.nodes) for item in items]
    for _ in range(25):
        groups: dict[Key, list[list[Any]]] = defaultdict(lambda: [[] for _ in items])
        totals: Counter[Key] = Counter()
        whole = direct = 0
        for at, nodes in enumerate(level):
            for node in nodes:
                whole += sizes[at].get(node, 0)
                children = [child for child in node if child in sizes[at]] if len(nodes) == 1 else [node]
                if len(nodes) == 1:
                    direct += sizes[at].get(node, 0) - sum(sizes[at][child] for child in children)
                for child in children:
                    key = look(child)
                    groups[key][at].append(child)
                    totals[key] += sizes[at][child]
        if not totals or direct > whole * 0.3:
            break
        body = [(key, size) for key, size in totals.items() if not _FURNITURE.search(f"{key[1]}")] or list(
            totals.items()
        )
        key, size = max(body, key=lambda pair: pair[1])
        rest = sum(totals[other] for other, _ in body) + direct
        found = groups[key]
        several = sum(len(nodes) > 1 for nodes in found)
        if (
            size < rest * 0.7
            or (several > len(items) * 0.3 and key[0] in _TEXTUAL)
            or (key[0] in _TEXTUAL and not key[1] and key[0] not in ("td", "tr", "tbody", "table", "span"))
        ):
            break
        if sum(bool(nodes) for nodes in found) < len(items) * 0.6:
            break
        level = [nodes if nodes else level[at] if at < len(level) else [] for at, nodes in enumerate(found)]
    return level


def _sizes(item: Item, elements: list[Any], boilerplate: set[str]) -> dict[Any, int]:
    size: dict[Any, int] = {}
    for element in elements:
        size[element] = sum(len(text) for text in _strings(element) if text not in boilerplate)
    for element in reversed(elements):
        above = element.getparent()
        if above in size and element not in item.nodes:
            size[above] += size[element]
    return size


def _holds_body(anchor: Anchor, nodes: list[Any]) -> bool:
    return any(node is anchor.element for node in nodes)


def _read_bodies(nodes: list[Any], item: Item, drop: set[Any], boilerplate: set[str], anchor: Anchor | None) -> Body:
    wide = {node for one in drop for node in _alone(one, nodes)}

    def dropped(element: Any) -> bool:
        if element in wide or element in item.exclude:
            return True
        if (
            element.tag in ("a", "button", "small", "label")
            and " ".join((element.text or "").split()) in boilerplate
            and len(element) == 0
        ):
            return True
        names = element.get("class")
        return (
            bool(names)
            and element.tag not in ("p", "span", "a")
            and bool(_FURNITURE.search(names))
            and len(one_line(element)) < 300
        )

    read = [read_body(node, drop=dropped) for node in nodes]
    text = tidy("\n\n".join(body.text for body in read if body.text))
    text = _trim(text, boilerplate, anchor)
    quoted = tidy("\n\n".join(body.quoted for body in read if body.quoted)) or None
    signature = tidy("\n\n".join(body.signature for body in read if body.signature)) or None
    return Body(text, quoted, signature, next((body.quoted_author for body in read if body.quoted_author), None), None)


def _alone(element: Any, nodes: list[Any]) -> list[Any]:
    """An element, and those around it that hold nothing else."""
    found = [element]
    text = one_line(element)
    for above in element.iterancestors():
        if above in nodes or len(above) > 8 or len(one_line(above)) > len(text) + 12:
            break
        found.append(above)
    return found


def _headless(text: str, heading: str) -> str:
    first, _, rest = text.partition("\n")
    plain = re.sub(r"^(?:re|trả lời|aw|antw)\s*:\s*|\s*[¶#]\s*$", "", first.strip(), flags=re.I)
    return rest.strip() if heading and rest.strip() and plain.lower() == heading.lower() else text


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
        )

    while lines and idle(lines[0]):
        lines.pop(0)
    while lines and idle(lines[-1]):
        lines.pop()
    return "\n".join(lines).strip()
