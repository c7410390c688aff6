"""Keeping people out of the data: masks for personal numbers, and keyed hashes for names."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import unicodedata
from collections.abc import Callable
from pathlib import Path

# Every quantifier is bounded: the text is hostile.
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]{1,128}[^\S\n]{0,2}(?:@|[\[(](?:at|@|a còng)[\])])[^\S\n]{0,2}"
    r"[A-Za-z0-9\-]{1,63}(?:(?:\.|[^\S\n]?[\[(](?:dot|chấm|\.)[\])][^\S\n]?)[A-Za-z0-9\-]{1,63}){1,5}"
)
# What people put between the digits of a number, zero-width and keycap characters included.
_GAP = r"[ \t\u00a0\u2000-\u200d\u202f.\-–—_/,·*()\ufe0f\u20e3]{0,3}"
_PHONE_VN = re.compile(
    rf"(?<!\d)(?<!\d[.,])(?:\(?(?:\+|00)?84{_GAP}(?:\(0\))?|\(?0){_GAP}"
    rf"(?:[35789](?:{_GAP}\d){{8}}|2(?:{_GAP}\d){{8,9}}|1{_GAP}[2689](?:{_GAP}\d){{8}})(?!\d)"
)
_DATE_OR_LIST = re.compile(r"\d{2}[./\-– ]\d{2}[./\-– ](?:19|20)\d{2}(?!\d)|0\s?[-–—]\s|[^,]{0,20},\s")
_PHONE_DISGUISED = re.compile(rf"(?<!\w)[0oO](?:{_GAP}[\doOlI]){{9}}(?!\w)")
_PHONE_WORLD = re.compile(r"(?<![\d.,\w])(?:\+|00)[1-9]\d{0,2}(?:[\s.\-]?\(?\d{1,4}\)?){2,6}(?!\d)")
_PHONE_US = re.compile(r"(?<![\d.,\w])\(?\d{3}\)?[\s.\-]\d{3}[\s.\-]\d{4}(?![\d.,]*\d)")
_CARD = re.compile(r"(?<![\d.,])\d(?:[ \-]?\d){12,18}(?![\d])")
_CITIZEN = re.compile(r"(?<![\d.,])0\d{2}[ .]?\d{3}[ .]?\d{3}[ .]?\d{3}(?![\d])")
_LONG_NUMBER = re.compile(r"[A-Z]{0,2}\d(?:[ .\-]?\d){5,22}")
_ITS_NAME = re.compile(
    r"(?:stk|số tài khoản|so tai khoan|tài khoản(?: số)?|account(?: no\.?| number)?|iban|cccd|cmnd|cmtnd|căn cước|can cuoc|"
    r"hộ chiếu|ho chieu|passport(?: no\.?| number)?|ssn|mst|mã số thuế)\s{0,3}(?:số|là|:|#|no\.?)?\s{0,3}:?\s{0,3}$",
    re.IGNORECASE,
)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _luhn(number: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _card(match: re.Match[str]) -> str:
    number = _digits(match.group())
    return "[card]" if 13 <= len(number) <= 19 and _luhn(number) else match.group()


def _named_number(match: re.Match[str]) -> str:
    before = match.string[max(0, match.start() - 40) : match.start()]
    return "[id]" if _ITS_NAME.search(before) else match.group()


def _vietnamese_phone(match: re.Match[str]) -> str:
    return match.group() if _DATE_OR_LIST.match(match.group()) else "[phone]"


def _disguised_phone(match: re.Match[str]) -> str:
    number = re.sub(r"[^\doOlI]", "", match.group())
    disguised = not number.isdigit() and number[1] in "35789" and len(_digits(number)) >= 7
    return "[phone]" if disguised else match.group()


def _world_phone(match: re.Match[str]) -> str:
    return "[phone]" if 8 <= len(_digits(match.group())) <= 15 else match.group()


_MASKS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (_EMAIL, "[email]"),
    (_LONG_NUMBER, _named_number),
    (_CITIZEN, "[id]"),
    (_CARD, _card),
    (_PHONE_VN, _vietnamese_phone),
    (_PHONE_DISGUISED, _disguised_phone),
    (_PHONE_WORLD, _world_phone),
    (_PHONE_US, "[phone]"),
)
_WORTH_A_LOOK = re.compile(r"\d[^\n]{0,3}\d[^\n]{0,3}\d[^\n]{0,3}\d|@|[\[(](?:at|a còng)[\])]")


def _plain_signs() -> dict[int, str]:
    """Digits and signs that look like ASCII ones: full width, bold, circled."""
    signs = {
        chr(code): str(unicodedata.digit(chr(code))) for code in (*range(0xFF10, 0xFF1A), *range(0x1D7CE, 0x1D800))
    }
    signs |= {
        chr(code): str(unicodedata.digit(chr(code)))
        for code in (0x24EA, *range(0x2460, 0x2469), *range(0x2776, 0x277F))
    }
    return str.maketrans(signs | {"＠": "@", "．": ".", "－": "-", "＋": "+", "（": "(", "）": ")"})


_PLAIN_SIGNS = _plain_signs()


def mask(text: str) -> str:
    """``text`` with phones, e-mail addresses, bank card, account and identity numbers replaced by ``[phone]`` and the like.

    Card numbers must pass the Luhn check (ISO/IEC 7812-1), so that prices and order numbers stay.
    """
    plain = text if text.isascii() else text.translate(_PLAIN_SIGNS)
    if not _WORTH_A_LOOK.search(plain):
        return text
    masked = plain
    for pattern, replacement in _MASKS:
        masked = pattern.sub(replacement, masked)
    return text if masked == plain else masked


# One leading set of characters lets the search skip quickly to what may begin a candidate.
_CANDIDATE = re.compile(
    r"[@\d\[(oO](?:(?<=@)|(?<=[\doO])[\d .,\-–—_/()·*\u00a0oOlI]{7,40}|(?<=[\[(])(?:at|a còng)[\])])"
)
_TEXT_ATTRIBUTES = {"content", "alt", "title", "aria-label"} | {
    f"data-{name}" for name in ("phone", "tel", "mobile", "email", "content", "text", "title")
}
_FARTHEST = 4000
_LINK = re.compile(r"(mailto:|tel:|sms:|zalo\.me/)[^\"'<>\s]{3,120}")
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
    text = _mask_markup(_mask_texts(text))
    return (hide(text) if hide is not None else text).encode(encoding, "replace")


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
        parts += (text[done:start], mask(text[start:end]))
        done = end
    return "".join((*parts, text[done:]))


def author_key(key: bytes, host: str, author: str) -> str:
    """The keyed hash (HMAC-SHA256, 80 bits shown) that stands for an author of one site."""
    name = unicodedata.normalize("NFC", author).strip().casefold()
    return hmac.new(key, f"{host.casefold()}\0{name}".encode(), hashlib.sha256).hexdigest()[:20]


def study_key(path: Path) -> bytes:
    """The study's secret, made on first use. Whoever deletes the file makes every author in the database anonymous."""
    if path.exists():
        return bytes.fromhex(path.read_text(encoding="ascii").strip())
    key = secrets.token_bytes(32)
    path.write_text(key.hex() + "\n", encoding="ascii")
    os.chmod(path, 0o600)  # noqa: PTH101 - on Windows it only clears the read-only flag, which is harmless
    return key
