"""What a review shows beside its words, in whatever markup: stars, a vouched purchase, what was bought, votes, pictures."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any, Final

from crawler.engines.reading import every, number_in
from crawler.engines.text import one_line

_NUMBER: Final = r"(\d{1,3}(?:[.,]\d{1,2})?)"
_STAR: Final = r"(?:stars?|sao|★|⭐)"
#: «4 out of 5», «4/5», «4 trên 5 sao», «Rated 4 of 5 stars», «4,5/5».
_OUT_OF = re.compile(
    rf"(?<![\d.,/]){_NUMBER}\s{{0,3}}(?:(?:{_STAR}|điểm|points?)\s{{0,3}})?"
    r"(?:out of|of|/|trên|trong (?:tổng )?số|von|sur|de)\s{0,3}(?:tổng (?:số|điểm) |thang (?:điểm )?)?"
    r"(\d{1,3})(?![\d/]|[.,]\d)",
    re.I,
)
#: «Được xếp hạng 2.00 5 sao»: the scale stands right behind the rating, as some translations of shops have it.
_PAIR = re.compile(rf"(?<![\d.,/]){_NUMBER}\s{{1,3}}(5|10)(?:[.,]0{{1,2}})?\s{{0,3}}{_STAR}(?![^\W\d_])", re.I)
#: «Thang 5 sao: 4», «trên thang điểm 10, được 8».
_SCALE_FIRST = re.compile(
    rf"(?:thang(?: điểm)?|tối đa|trên tổng(?: số)?|out of|max(?:imum)?)\s{{0,3}}(5|10)\s{{0,3}}(?:{_STAR}|điểm|points?)?"
    rf"\s{{0,3}}[:,–-]\s{{0,3}}(?:được |rated )?{_NUMBER}(?![\d/])",
    re.I,
)
#: «4 stars», «5 sao», «4-star review».
_STARS = re.compile(rf"(?<![\d.,/]){_NUMBER}[\s-]{{0,3}}{_STAR}(?![^\W\d_])", re.I)
_DRAWN = re.compile(r"[★⭐][★⭐☆✩✰️\s]{0,30}")
#: Words without any of these tell no stars.
_TELLING = re.compile(r"[\d★⭐]")
_WORDS: Final = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_STAR_CLASS = re.compile(r"star|rating|rate|sao\b|danh-?gia", re.I)
#: «stars-4», «rating_4-5».
_NAMED_STARS = re.compile(r"(?:star|rating|rate|sao)s?[_-]{1,2}(\d)[._-]?([05])?(?=$|\s)", re.I)
_FULL = re.compile(r"(?:^|[\s_-])(?:on|full|filled|active|fill|checked|selected|yellow|gold|solid)(?:$|[\s_-])", re.I)
_HALF = re.compile(r"half", re.I)
_HOLLOW = re.compile(
    r"(?:^|[\s_-])(?:empty|off|outline|o|gray|grey|muted|inactive|unfilled|hollow|none)(?:$|[\s_-])", re.I
)
_WIDTH = re.compile(r"(?:^|[;\s])width\s{0,3}:\s{0,3}(\d{1,3}(?:\.\d{1,6})?)\s{0,3}%")
_VERIFIED = re.compile(
    r"\bverified[\s-](?:owner|buyer|purchase|customer|reviewer|user|order)|đã mua (?:hàng|tại|sản phẩm|ở)|đã xác (?:nhận|thực) mua|"
    r"chứng nhận đã mua|mua hàng đã xác|người mua đã xác",
    re.I,
)
_NOT_VERIFIED = re.compile(r"\b(?:not|un)[\s-]?verified|chưa mua|chưa xác", re.I)
_VARIANT = re.compile(
    r"(?:^|[\s(|·•])(?:phân loại(?: hàng)?|loại hàng|phiên bản|màu sắc|màu|kích (?:cỡ|thước)|cỡ|"
    r"size|variant|variation|colou?r|style|item type|purchased|option)\s{0,3}:\s{0,3}(?P<what>[^\n|·•]{1,80})",
    re.I,
)
_PEOPLE: Final = r"(?:people|persons?|customers?|others?|users?|buyers?|người|khách(?: hàng)?|bạn)"
_HELPFUL = re.compile(
    rf"(\d[\d.,]{{0,8}})\s{{0,3}}(?:of\s{{1,3}}\d[\d.,]{{0,8}}\s{{1,3}})?{_PEOPLE}?\s{{0,3}}(?:đã\s|have\s)?"
    r"(?:found (?:this|it)(?: review)? (?:helpful|useful)|thấy (?:đánh giá )?(?:này )?(?:hữu|có) ích|cho là hữu ích)|"
    r"(?:helpful|useful|hữu ích)\s{0,3}[?:]?\s{0,3}\(?\s{0,3}(\d[\d.,]{0,8})\s{0,3}\)?|"
    r"(?<![\d/.:-])(\d[\d.,]{0,8})\s{0,3}(?:hữu ích|helpful votes?)(?!\s{0,3}[?:]?\s{0,3}\(?\s{0,3}\d)",
    re.I,
)
_NO_PICTURE = re.compile(
    r"avatar|gravatar|star|icon|emoji|smil|flag|logo|badge|profile|user|verified|sprite|blank|pixel", re.I
)
_LONGEST: Final = 400
_SHORT: Final = 60
_VERDICTS: Final = {
    word: float(stars)
    for stars, words in enumerate(
        (
            "rất tệ|rất không hài lòng|rất kém|terrible|very bad",
            "tệ|không hài lòng|kém|poor|bad",
            "bình thường|tạm ổn|tạm được|trung bình|average|okay",
            "tốt|hài lòng|good",
            "rất tốt|cực kì hài lòng|cực kỳ hài lòng|rất hài lòng|tuyệt vời|xuất sắc|excellent|very good",
        ),
        1,
    )
    for word in words.split("|")
}
_LONGEST_LABEL: Final = 120


def stars_of(node: Any) -> float | None:
    """The stars that a piece of a page shows, 0 to 5: as an attribute says, as its words say, or as they are drawn."""
    for element in node.iter():
        if not isinstance(element.tag, str):
            continue
        if (found := _stated(element)) is not None:
            return found
    words = one_line(node)
    return stars_in(words) if len(words) <= _LONGEST else _drawn_in(words)


def stars_here(element: Any) -> float | None:
    """The stars that one element shows by itself, whatever stands within its children: by an attribute, drawn, or in a few words."""
    if (told := _stated(element)) is not None:
        return told
    for said in (element.text, *(child.tail for child in element)):
        if said and len(said) <= _SHORT and (told := stars_in(said)) is not None:
            return told
    return None


def worded(element: Any) -> float | None:
    """The stars of a verdict that stands alone, as some shops write it instead of stars: "Rất hài lòng"."""
    return _VERDICTS.get(_bare(element.text or "")) if not len(element) else None


def is_verdict(words: str) -> bool:
    """Whether words are a verdict that stands for stars, and no more."""
    return _bare(words) in _VERDICTS


def _bare(words: str) -> str:
    return words.strip(" .!:-–\n\t\r").lower() if len(words) < _SHORT else ""


def _stated(element: Any) -> float | None:
    marks = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
    for name in ("data-rating", "data-score", "data-stars", "data-star"):
        value = element.get(name)
        if value and (found := re.fullmatch(rf"\s*{_NUMBER}\s*", value)):
            return scaled(found[1], 5)
    for name in ("aria-label", "title", "alt"):
        value = element.get(name)
        if value and len(value) < 80 and (told := stars_in(value)) is not None and _is_of_stars(value, marks):
            return told
    if "ratingValue" in marks and (value := element.get("content")):
        return scaled(value, 5)
    if not marks.strip() or not _STAR_CLASS.search(marks):
        return _counted_icons(element) if len(element) >= 5 and _is_icon(element[0]) else None
    if (named := next((_WORDS[name] for name in marks.lower().split() if name in _WORDS), None)) is not None:
        return float(named)
    if (found := _NAMED_STARS.search(marks)) and int(found[1]) <= 5:
        return float(found[1]) + (0.5 if found[2] == "5" else 0.0)
    drawn = _WIDTH.search(element.get("style") or "") or _inner_width(element)
    if drawn is not None:
        share = float(drawn[1])
        return round(min(share, 100.0) / 20, 2) if share else None
    return _counted_icons(element)


def _is_of_stars(words: str, marks: str) -> bool:
    return bool(
        re.search(_STAR, words, re.I)
        or _STAR_CLASS.search(marks)
        or re.search(r"rat(?:ed|ing)|xếp hạng|đánh giá", words, re.I)
    )


def _inner_width(element: Any) -> re.Match[str] | None:
    for child in element.iter("span", "div", "i"):
        if child is not element and (found := _WIDTH.search(child.get("style") or "")):
            return found
    return None


def _counted_icons(element: Any) -> float | None:
    """Stars drawn one by one: five marks, of which some are filled."""
    icons = [
        child
        for child in element
        if isinstance(child.tag, str) and child.tag in ("i", "span", "svg", "img", "li", "use") and _is_icon(child)
    ]
    if len(icons) == 1 and len(icons[0]) >= 5:
        return _counted_icons(icons[0])
    if not 1 <= len(icons) <= 10:
        return None
    looks = [_look(icon) for icon in icons]
    if not any(_FULL.search(look) or _HOLLOW.search(look) or _HALF.search(look) for look in looks):
        return None
    marked = any(_FULL.search(look) for look in looks)
    value = 0.0
    for look in looks:
        if _HALF.search(look):
            value += 0.5
        elif _FULL.search(look) or (not marked and not _HOLLOW.search(look)):
            value += 1
    if len(icons) < 5 and any(_HOLLOW.search(look) for look in looks):
        return None
    return value if value <= 5 else None


def all_alike(node: Any) -> bool:
    """Whether a piece shows five stars none of which is marked full or empty: all of them, where its like mark the empty ones."""
    for element in node.iter():
        if isinstance(element.tag, str) and len(element) == 5 and all(map(_is_icon, element)):
            return len({_look(icon) for icon in element}) == 1
    return False


def _is_icon(element: Any) -> bool:
    return isinstance(element.tag, str) and bool(re.search(r"star|sao|rat", _look(element), re.I))


def _look(icon: Any) -> str:
    """What an icon is called, in its own marks and those of what it is drawn with."""
    names = []
    for part in islice(icon.iter(), 6):
        if isinstance(part.tag, str):
            names += [part.get("class") or "", part.get("src") or "", part.get("name") or ""]
    return " ".join(names)[:400]


def stars_in(words: str) -> float | None:
    """The stars that words tell: "4 out of 5", "4/5", "4 sao", "★★★★☆"."""
    if not _TELLING.search(words):
        return None
    if (found := _OUT_OF.search(words) or _PAIR.search(words)) and float(found[1].replace(",", ".")) <= float(found[2]):
        return scaled(found[1], float(found[2]))
    if found := _SCALE_FIRST.search(words):
        return scaled(found[2], float(found[1]))
    if (drawn := _drawn_in(words)) is not None:
        return drawn
    if found := _STARS.search(words):
        value = float(found[1].replace(",", "."))
        return value if value <= 5 else None
    return None


def _drawn_in(words: str) -> float | None:
    found = _DRAWN.search(words)
    if not found:
        return None
    full = sum(found[0].count(mark) for mark in "★⭐")
    hollow = sum(found[0].count(mark) for mark in "☆✩✰")
    # One star alone is an ornament or a button.
    return float(full) if full <= 5 and (full + hollow == 5 or (hollow == 0 and full > 1)) else None


def scaled(value: object, best: float, worst: float = 0.0) -> float | None:
    """A rating on five stars. A scale that begins at 1, as five stars do, is only stretched; any other one that does not begin
    at 0 is moved there first."""
    given = _decimal(value)
    if given is None or best <= 0 or given < 0:
        return None
    if worst not in (0.0, 1.0) and worst < best:
        given, best = given - worst, best - worst
    return round(min(max(given, 0.0), best) / best * 5, 2)


def rating_of(value: object) -> float | None:
    """A rating as structured data states it, on five stars whatever scale the page uses: a number, words, or an object with its
    ``ratingValue``, ``bestRating`` and ``worstRating``; per cent without a best one."""
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, dict):
        value = {"ratingValue": value}
    given = value.get("ratingValue")
    if isinstance(given, str):
        if (told := _OUT_OF.search(given)) is not None:
            return scaled(told[1], float(told[2]))
        if given.strip().endswith("%"):
            return scaled(given, 100.0)
        if (shown := _drawn_in(given)) is not None:
            return shown
    best = _decimal(value.get("bestRating")) or 5.0
    return scaled(given, best, _decimal(value.get("worstRating")) or 0.0)


def _decimal(value: object) -> float | None:
    found = re.search(r"-?\d{1,6}(?:[.,]\d{1,4})?", str(value)) if isinstance(value, str | int | float) else None
    return float(found[0].replace(",", ".")) if found else None


def verified_in(node: Any) -> bool | None:
    """Whether the site vouches for the purchase: ``None`` where it says nothing."""
    words = _short_words(node)
    if _NOT_VERIFIED.search(words):
        return False
    return True if _VERIFIED.search(words) else None


def variant_in(node: Any) -> str | None:
    """What was bought, in the site's words: "size L", "Xanh, XL". The smallest piece that says it counts."""
    best: str | None = None
    shortest = _LONGEST_LABEL
    for element in node.iter():
        if not isinstance(element.tag, str) or element.tag in ("script", "style", "p", "textarea"):
            continue
        words = one_line(element) if len(element) < 8 else ""
        if not words or len(words) >= shortest:
            continue
        if found := _VARIANT.search(words):
            best, shortest = found["what"].strip(" .;)")[:80] or None, len(words)
        elif re.search(r"variant|variation|phan-?loai", element.get("class") or "", re.I):
            best, shortest = words[:80], len(words)
    return best


def helpful_in(node: Any) -> int | None:
    """How many found the review helpful; ``None`` where no number is shown."""
    found = _HELPFUL.search(_short_words(node))
    number = next((group for group in found.groups() if group), None) if found else None
    return number_in(number) if number else None


def pictures_in(node: Any) -> int | None:
    """How many pictures of the author's own a review shows; ``None`` where it shows none."""
    count = 0
    for picture in every(node, "img"):
        look = f"{picture.get('class') or ''} {picture.get('src') or ''} {picture.get('alt') or ''}"
        above = picture.getparent()
        if above is not None and above is not node:
            look += f" {above.get('class') or ''}"
        if not _NO_PICTURE.search(look) and _is_large(picture):
            count += 1
    return count or None


def _is_large(picture: Any) -> bool:
    width = picture.get("width") or ""
    return not (width.isdigit() and int(width) < 40)


def _short_words(node: Any) -> str:
    """The words of a review that stand in short pieces of their own: labels and counts, not what its author wrote."""
    pieces = []
    for element in node.iter():
        if not isinstance(element.tag, str) or element.tag in ("script", "style", "textarea"):
            continue
        if 0 < len(words := one_line(element)) <= 100:
            pieces.append(words)
            title = element.get("title") or element.get("aria-label") or ""
            pieces.append(title[:100])
        elif element.get("aria-label") or element.get("title"):
            pieces.append((element.get("aria-label") or element.get("title") or "")[:100])
    return " | ".join(pieces)
