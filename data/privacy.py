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
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]{1,64}+(?:@|\s?\[(?:at|a còng)\]\s?)"
    r"[A-Za-z0-9\-]{1,63}+(?:\.[A-Za-z0-9\-]{1,63}+){1,5}+"
)
_PHONE_VN = re.compile(
    r"(?<![\d.,])(?:\+?84|0|(?=\(0\d))[\s.\-]?(?:\(0\d{0,3}\)[\s.\-]?)?[1-9](?:[\s.\-]?\d){7,9}(?![\d])"
)
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


def _world_phone(match: re.Match[str]) -> str:
    return "[phone]" if 8 <= len(_digits(match.group())) <= 15 else match.group()


_MASKS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (_EMAIL, "[email]"),
    (_LONG_NUMBER, _named_number),
    (_CITIZEN, "[id]"),
    (_CARD, _card),
    (_PHONE_VN, "[phone]"),
    (_PHONE_WORLD, _world_phone),
    (_PHONE_US, "[phone]"),
)
_WORTH_A_LOOK = re.compile(r"\d[^\n]{0,3}\d[^\n]{0,3}\d[^\n]{0,3}\d|@|\[at\]|\[a còng\]")


def mask(text: str) -> str:
    """``text`` with phones, e-mail addresses, bank card, account and identity numbers replaced by ``[phone]`` and the like.

    Card numbers must pass the Luhn check (ISO/IEC 7812-1), so that prices and order numbers stay.
    """
    if not _WORTH_A_LOOK.search(text):
        return text
    for pattern, replacement in _MASKS:
        text = pattern.sub(replacement, text)
    return text


_CANDIDATE = re.compile(r"@|\d[\d .\-()]{7,40}|\[(?:at|a còng)\]")
_FARTHEST = 4000
_LINK = re.compile(r"(mailto:|tel:|sms:|zalo\.me/)[^\"'<>\s]{3,120}")
_STRING = re.compile(r'"(?:[^"\\\\]|\\\\.){5,}"')


def mask_page(body: bytes) -> bytes:
    """A raw page with the same masks in its text, its JSON strings and its mail and telephone links; markup stays."""
    try:
        text, encoding = body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text, encoding = body.decode("latin-1"), "latin-1"
    if text.lstrip()[:1] in {"{", "["}:
        return _STRING.sub(lambda match: mask(match.group()), text).encode(encoding, "replace")
    text = _LINK.sub(r"\1[masked]", text)
    parts: list[str] = []
    done = 0
    for match in _CANDIDATE.finditer(text):
        if match.start() < done:
            continue
        # Only what stands between two tags is text; numbers inside a tag are the page's own ids.
        start = max(text.rfind(">", max(done, match.start() - _FARTHEST), match.start()) + 1, done)
        if text.rfind("<", start, match.start()) >= 0:
            continue
        end = text.find("<", match.end())
        end = len(text) if end < 0 else end
        parts += (text[done:start], mask(text[start:end]))
        done = end
    return "".join((*parts, text[done:])).encode(encoding, "replace")


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
