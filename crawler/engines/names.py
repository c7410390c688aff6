"""Whose words a block of an unknown page holds: by the marks of an author, by bold words, by their place beside the date."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import Any, Final

from crawler.dates import looks_like_date
from crawler.engines.actions import is_action, stands_among_actions
from crawler.engines.looks import Key
from crawler.engines.repeated import Anchor, Item
from crawler.engines.sorted_page import classes_of
from crawler.engines.text import listed, one_line
from crawler.lists import is_thread_address

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
    r"(?:^|[\s(·|•-])(?:posted by|written by|by|von|por|par|bởi|đăng bởi|gửi bởi|người gửi|người đăng|"
    r"người hỏi|người viết|người mở|người trả lời|tác giả|started by|asked by|answered by|submitted by|autor|author|"
    r"enviado por|verfasst von|"
    r"geschrieben von|from)\s*:?\s+(?P<name>[^\s:»|·•,].{0,38}?)\s*(?:$|[»|·•,(]|\s(?:on|at|am|le|el|vào|lúc|says?|wrote)\b|\s-\s|:)",
    re.I,
)
#: «Lan · 12/3/2025», «— Lan, 12/3/2025», «Lan (12/3/2025)» in one piece of text; a weekday stands before a comma, too.
_BEFORE_DATE = re.compile(
    r"[\s–—-]*(?P<name>[^\W\d_][^·•|–—:,()]{1,29}?)\s*[·•|–—,(]"
    r"(?=.{0,20}\d|\s?(?:vừa|mới|hôm|just|yesterday|today))",
    re.I,
)
#: «Lan hỏi lúc …», "Jane wrote on …": before a date.
_DID = re.compile(
    r"(?P<name>[^\W\d_][^·•|:,()?!]{1,29}?)\s(?:(?:đã|vừa)\s)?(?:hỏi|trả lời|viết|gửi|đăng|bình luận|phản hồi|"
    r"wrote|asked|answered|replied|posted|commented|said)"
    r"\s?(?:(?:bài|câu hỏi|a comment)\s)?(?:lúc|vào|ngày|hôm|on|at|:|,)?\s?(?=.{0,20}\d|hôm|yesterday|today|just|vừa)",
    re.I,
)
_DAY_NAME = re.compile(
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?|thứ .{1,5}|chủ nhật|cn|t[2-7]|\w*tag|"
    r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec",
    re.I,
)
_PREPOSITION = re.compile(
    r"(?:posted|written|published|on|at|am|um|le|el|vào|lúc|ngày|đăng|date|datum|time|created|asked|answered|replied|commented|edited|updated|"
    r"submitted|sent|added|enviado|veröffentlicht)\b.*|[^\w]*|.*:",
    re.I,
)
_NO_NAME = re.compile(
    r"^(?:reply|quote|report|share|like|edit|permalink|link|"
    r"profile|view profile|send|pm|guest posts?|posts?|message|messages|offline|online|"
    r"trả lời|trích dẫn|báo cáo|thích|chia sẻ|antworten|zitieren|melden|responder|citar|#?\d+|admin(?:istrator)? only|op|top|home|"
    r"moderator|member|senior member|junior member|thành viên)$",
    re.I,
)
_AROUND_NAME = re.compile(
    r"^(?:by|von|por|posted by|bởi|author|autor)\s*:?\s+|(?:\s(?:đã viết|viết|đã nói))?\s*(?:says?|wrote|said)?\s*[:,]$|"
    r"\s(?:đã viết|wrote)$",
    re.I,
)
#: Words for a person whose name follows, or does not.
_SOMEBODY = re.compile(
    r"(?:người|bạn|khách|ai|was|has|have|being|first|last|originally|he|she|they|i|we|you|someone|somebody)(?:\s.*)?",
    re.I,
)
_LETTER = re.compile(r"[^\W_]")
_DIGIT = re.compile(r"\d")
_NUMBERS = re.compile(r"\d+")
_SURELY_DATED = re.compile(r"\d{4}|ago|trước|:\d\d")
_MARKED_AUTHOR = re.compile(r"\bauthor\b")
_AUTHOR_AFTER_ALL = re.compile(r"author-?name|username", re.I)
#: More characters than these are no name, no date and no rank.
_LONG_WORDS: Final = 60
#: So many elements from a block's beginning a name stands.
_NEAR: Final = 60
_NOBODY: Final = listed("p time img ul article section table form main")
_NAMING: Final = listed("a b strong span div td th dt dd li p em i cite small font h3 h4 h5 h6 label")

Named = tuple[str | None, Any]


def look(element: Any) -> Key:
    """How an element looks, for comparing one block's with another's."""
    return look_of(element.tag, classes_of(element))


@lru_cache(maxsize=10_000)
def look_of(tag: str, names: str) -> Key:
    """How an element of that tag and with those classes looks."""
    plain = sorted(_NUMBERS.sub("", name) for name in names.split()[:6])
    return (tag, " ".join(name for name in plain if len(name) > 1))


def authors_of(contents: list[list[Any]]) -> list[Named]:
    """The author of each block: the kind of element that most blocks have and that most looks like a name."""
    kinds: dict[Key, dict[int, tuple[str, Any]]] = defaultdict(dict)
    weight: dict[Key, float] = {}
    for at, elements in enumerate(contents):
        for element in elements:
            if not (borne := element.keys()) or not (strength := _author_strength(element, borne)):
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
    nobody: Named = (None, None)
    order = [key for key in order if weight[key] >= 1.5]
    result = [next((kinds[key][at] for key in order if at in kinds[key]), nobody) for at in range(len(contents))]
    return result if any(name for name, _ in result) else _first_names(contents)


def _variety(found: dict[int, tuple[str, Any]], size: int) -> float:
    names = {name for name, _ in found.values()}
    return 0.4 if len(names) == 1 and len(found) > 3 else 1.0


def _author_strength(element: Any, borne: list[str]) -> float:
    tag = element.tag
    if tag in _NOBODY:
        return 0.0
    if "itemprop" in borne or "rel" in borne:
        marked = element.get("itemprop") or element.get("rel") or ""
        if marked and _MARKED_AUTHOR.search(marked):
            return 5.0
    names = classes_of(element) if "class" in borne else None
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
    if _NO_AUTHOR.search(names) and not _AUTHOR_AFTER_ALL.search(names):
        return -1.0
    return 4.0 if _AUTHOR_CLASS.search(names) else 1.0 if _WEAK_CLASS.search(names) else 0.0


def _as_name(element: Any) -> str | None:
    if len(element) > 6:
        return None
    link = None
    if len(element):
        links = (one for one in element.iter("a") if one is not element)
        link = next((one for one in links if PROFILE.search(one.get("href") or "") and one_line(one)), None)
    text = one_line(element if link is None else link)
    text = _AROUND_NAME.sub("", text).strip("@ :,")
    if not 1 < len(text) <= 60 or len(text.split()) > 5 or text[-1] == "?":
        return None
    if _is_no_name(text) or not _LETTER.search(text) or _is_further_button(element):
        return None
    dated = len(text) > 8 and looks_like_date(text) and _DIGIT.search(text) and _SURELY_DATED.search(text)
    return None if dated else text


@lru_cache(maxsize=10_000)
def _is_no_name(text: str) -> bool:
    return _NO_NAME.match(text) is not None or is_action(text)


def _is_further_button(element: Any) -> bool:
    """Whether an element is one of the links below a post that tell what can be done with it."""
    return element.tag == "a" and not PROFILE.search(element.get("href") or "") and stands_among_actions(element)


def _first_names(contents: list[list[Any]]) -> list[Named]:
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


def names_by_place(
    items: list[Item], contents: list[list[Any]], bodies: list[list[Any]], dates: list[Anchor | None]
) -> list[Named]:
    """Without any mark or bold text: the short words that stand beside the date of most blocks alike and differ from
    person to person. Where they are links, one name leads to one address."""
    kinds: dict[Key, dict[int, tuple[str, Any]]] = defaultdict(dict)
    for at, elements in enumerate(contents):
        several = len(bodies[at]) > 1
        body = max(bodies[at], key=lambda node: len(one_line(node))) if several else next(iter(bodies[at]), None)
        inside = set() if body is None or body in items[at].nodes else {id(one) for one in body.iter()}
        date = dates[at]
        whole = date is not None and date.words is None
        dated = set() if date is None else {id(one) for one in (date.element.iter() if whole else (date.element,))}
        for element in elements[:_NEAR]:
            if id(element) in inside or id(element) in dated or element.tag not in _NAMING or len(element):
                continue
            if (name := _as_name(element)) and _is_placed_name(name):
                kinds[look(element)].setdefault(at, (name, element))
    best: dict[int, tuple[str, Any]] = {}
    for found in kinds.values():
        if len(found) >= len(contents) * 0.8 and len(found) > len(best) and _are_people(found):
            best = found
    return [best.get(at, (None, None)) for at in range(len(contents))]


def _is_placed_name(name: str) -> bool:
    return (
        len(name) <= 40 and len(name.split()) <= 4 and (name[0].isalpha() or name[0] in "@_") and name[-1] not in "?!."
    )


def _are_people(found: dict[int, tuple[str, Any]]) -> bool:
    """Whether short words of one kind are names: several of them, more than numbers counted on, none leading to two places."""
    names = {re.sub(r"[\d\W]+", "", name) for name, _ in found.values()}
    if len(names) < min(2, len(found)) and not _is_one_person(found):
        return False
    places: dict[str, set[str]] = defaultdict(set)
    told = 0
    for name, element in found.values():
        if href := element.get("href"):
            places[name].add(href)
            told += is_thread_address(href)
    if told and len(places) == sum(1 for _, element in found.values() if element.get("href")):
        return False
    return all(len(addresses) == 1 for addresses in places.values())


def _is_one_person(found: dict[int, tuple[str, Any]]) -> bool:
    """Whether two posts are by the same person: the same short words lead to the same place."""
    places = {element.get("href") for _, element in found.values()}
    return len(found) == 2 and len({name for name, _ in found.values()}) == 1 and len(places) == 1 and places != {None}


def filled_in(
    authors: list[Named],
    items: list[Item],
    contents: list[list[Any]],
    bodies: list[list[Any]],
    dates: list[Anchor | None],
) -> list[Named]:
    """The authors, with those that the words beside a date name; the blocks left are looked at by themselves, for an opening
    post is often built unlike its answers."""
    found = [
        (name, node) if name else (named_in_words(contents[at], dates[at]), None)
        for at, (name, node) in enumerate(authors)
    ]
    left = [at for at, (name, _) in enumerate(found) if name is None]
    if not 0 < len(left) < len(items):
        return found
    heads = [_above_words(contents[at]) for at in left]
    placed = names_by_place([items[at] for at in left], heads, [bodies[at] for at in left], [dates[at] for at in left])
    for at, named in zip(left, placed, strict=True):
        found[at] = named
    return found


def _above_words(elements: list[Any]) -> list[Any]:
    """The elements of a block that stand above its first long words."""
    for at, element in enumerate(elements):
        if len(element.text or "") > _LONG_WORDS:
            return elements[:at]
    return elements


def named_in_words(elements: list[Any], anchor: Anchor | None) -> str | None:
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
            and len(name.split()) <= 5
            and not _is_no_name(name)
            and not _PREPOSITION.fullmatch(name)
        ):
            return name
    if anchor is not None and (found := _BEFORE_DATE.match(anchor.words or "")):
        name = found["name"].strip()
        joined = (anchor.words or "")[found.end("name") :].lstrip()[:1] in (",", "(")
        doubtful = joined and (_DAY_NAME.fullmatch(name) or len(name.split()) > 4 or re.search(r"\d", name))
        if not (
            doubtful or _is_no_name(name) or _PREPOSITION.fullmatch(name) or _BY.match(name) or looks_like_date(name)
        ):
            return name
    for text in near:
        if found := _BY.search(text):
            name = found["name"].strip()
            if name and not _is_no_name(name) and not re.fullmatch(r"[\d\W]+", name):
                return name
        elif (found := _DID.match(text)) and _is_placed_name(name := found["name"].strip()):  # noqa: SIM102
            if not _is_no_name(name) and not _PREPOSITION.fullmatch(name) and not _SOMEBODY.fullmatch(name):
                return name
    return None
