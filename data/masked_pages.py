"""Raw pages with the same masks in their texts, attributes, comments and JSON; the markup stays as it is."""

from __future__ import annotations

import re
from collections.abc import Callable

from data.masks import mask, mask_spelled
from data.named_numbers import BEFORE

# One leading set of characters lets the search skip quickly to what may begin a candidate.
_CANDIDATE = re.compile(
    r"[@\d\[(oO](?:(?<=@)|(?<=[\doO])[\d .,\-–—_/()·*\u00a0oOlI]{6,40}|(?<=[\[(])(?:at|a|a còng|a cong)[\])])"
)
_TEXT_ATTRIBUTES = {"content", "alt", "title", "aria-label"} | {
    f"data-{name}" for name in ("phone", "tel", "mobile", "email", "content", "text", "title")
}
_FARTHEST = 4000
_LINK = re.compile(r"(mailto:|tel:|sms:|zalo\.me/|wa\.me/|whatsapp\.com/send/?\?phone=)[^\"'<>\s]{3,120}")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\Z)', re.DOTALL)


def _attribute(before: str) -> str:
    return before.split()[-1].casefold() if before.split() else ""


_NUMBERED = re.compile(r"&(?:#(?:x([0-9a-fA-F]{2})|0{0,4}([0-9]{2,3}))|(commat|period|plus));")
_NAMED = {"commat": "@", "period": ".", "plus": "+"}
_INLINE = r"(?:</?(?:a|abbr|b|code|em|font|i|mark|s|small|span|strong|sub|sup|u|wbr)\b[^<>]{0,80}>[ .\-]{0,2}){0,2}"
# A pattern that begins with a plain sign is looked for many times faster; what stands before it is asked afterwards.
_SPLIT_PHONE = re.compile(rf"0(?<!\w0)[ .\-]{{0,2}}{_INLINE}[35789](?:[ .\-]{{0,2}}{_INLINE}\d){{8}}(?!\d)")
_SPLIT_ABROAD = re.compile(rf"\+84[ .\-]{{0,2}}{_INLINE}[35789](?:[ .\-]{{0,2}}{_INLINE}\d){{8}}(?!\d)")
_SPLIT_EMAIL = re.compile(
    r"[\w.+\-]{1,64}(?:</?\w{1,6}>){0,2}@(?:</?\w{1,6}>){0,2}[\w\-]{1,63}(?:</?\w{1,6}>){0,2}\.[A-Za-z]{2,24}"
)
_TAG = re.compile(r"<[^<>]{1,90}>")
# In markup a number must have a phone's shape to be one: ids and dates stand there too.
_MARKUP_PHONE = re.compile(
    r"0(?<![\w.]0)[35789](?:\d{8}|\d{2}[ .\-]\d{3}[ .\-]\d{3}|\d[ .\-]\d{3}[ .\-]\d{4}|\d[ .\-]\d{4}[ .\-]\d{3})(?!\w)"
)
_MARKUP_ABROAD = re.compile(r"84(?:(?<=[+\"']84)|(?<=%2[bB]84))[ .\-]?[35789]\d{1,2}[ .\-]?\d{3}[ .\-]?\d{3,4}(?!\w)")
_AT = re.compile(r"@(?=[A-Za-z0-9<])|%40(?=[A-Za-z0-9])")
_MOST_SPLIT = 2_000
_MAILBOX = re.compile(r"[A-Za-z0-9._+\-]{1,64}$")
_MAIL_HOST = re.compile(
    r"[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){0,4}?\.(?!(?:png|jpe?g|gif|svg|webp|css|m?js)\b)[A-Za-z]{2,24}\b"
)


def _sign_of(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else int(match[2]) if match[2] else 0
    sign = _NAMED[match[3]] if match[3] else chr(code)
    return sign if sign.isascii() and (sign.isalnum() or sign in "@.+-_ ") else match[0]


def _split(match: re.Match[str]) -> str:
    """What is split by tags, masked, and the tags behind it, so that the markup stays balanced."""
    tags = "".join(_TAG.findall(match[0]))
    return f"[{'email' if '@' in match[0] else 'phone'}]{tags}" if tags else match[0]


def _mask_markup(text: str) -> str:
    """Phones and e-mail addresses wherever else they stand: attributes, comments, scripts, or split by tags."""
    text = _SPLIT_ABROAD.sub(_split, _SPLIT_PHONE.sub(_split, text))
    text = _MARKUP_ABROAD.sub("[phone]", _MARKUP_PHONE.sub("[phone]", text))
    if "@" not in text and "%40" not in text:
        return text
    parts: list[str] = []
    done = tries = 0
    for at in _AT.finditer(text):
        box = _MAILBOX.search(text[max(done, at.start() - 64) : at.start()])
        host = _MAIL_HOST.match(text, at.end())
        if box is not None and host is not None:
            parts += (text[done : at.start() - len(box[0])], "[email]")
            done = host.end()
        elif tries < _MOST_SPLIT and ">" in text[at.start() - 1 : at.start()] + text[at.end() : at.end() + 8]:
            tries += 1
            around = max(done, at.start() - 80)
            found = _SPLIT_EMAIL.search(text, around, at.end() + 120)
            if found is not None:
                parts += (text[done : found.start()], _split(found))
                done = found.end()
    return "".join((*parts, text[done:])) if parts else text


def mask_page(body: bytes, hide: Callable[[str], str] | None = None) -> bytes:
    """A raw page with the same masks in its text, its attributes and comments, and in JSON; the markup stays as it is.

    ``hide`` is given the page as text before it is encoded again, and may take out more.
    """
    try:
        text, encoding = body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text, encoding = body.decode("latin-1"), "latin-1"
    if "&" in text:
        text = _NUMBERED.sub(_sign_of, text)
    text = _mask_markup(_mask_texts(mask_spelled(text)))
    return (hide(text) if hide is not None else text).encode(encoding, "replace")


def _seen_before(text: str, start: int) -> str:
    """What a reader of the page sees before ``start``: the word that names a number may stand in another element."""
    near = text[max(0, start - 4 * BEFORE) : start]
    if "<" not in near[:-1]:
        return ""
    return " ".join(_TAG.sub(" ", near).rpartition(">")[2].split())[-BEFORE:]


def _mask_texts(text: str) -> str:
    if text.lstrip()[:1] in {"{", "["}:
        return _STRING.sub(lambda match: mask(match.group()), text)
    text = _LINK.sub(r"\1[masked]", text)
    parts: list[str] = []
    done = 0
    for match in _CANDIDATE.finditer(text):
        if match.start() < done:
            continue
        start = max(text.rfind(">", max(done, match.start() - _FARTHEST), match.start()) + 1, done)
        opening = text.rfind("<", start, match.start())
        if opening >= 0:
            # Inside a tag stand the page's own ids, except where an attribute is there to be read.
            value = max(text.rfind('="', opening, match.start()), text.rfind("='", opening, match.start()))
            if value < 0 or _attribute(text[max(opening, value - 20) : value]) not in _TEXT_ATTRIBUTES:
                continue
            start = value + 2
            end = text.find(text[value + 1], match.end())
            end = len(text) if end < 0 else end
            parts += (text[done:start], mask(text[start:end]))
            done = end
            continue
        end = text.find("<", match.end())
        end = len(text) if end < 0 else end
        parts += (text[done:start], mask(text[start:end], _seen_before(text, start)))
        done = end
    return "".join((*parts, text[done:]))
