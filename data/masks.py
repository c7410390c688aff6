"""Personal numbers and addresses in a text, replaced by what they are: ``[phone]``, ``[email]``, ``[card]``, ``[id]``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from data.folding import fold
from data.named_numbers import NUMBER, named_number

# Every quantifier is bounded: the text is hostile.
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]{1,128}[^\S\n]{0,2}(?:@|[\[(](?:at|@|a còng)[\])])[^\S\n]{0,2}"
    r"[A-Za-z0-9\-]{1,63}(?:(?:\.|[^\S\n]?[\[(](?:dot|chấm|\.)[\])][^\S\n]?)[A-Za-z0-9\-]{1,63}){1,5}"
)
# What people put between the digits of a number, zero-width and keycap characters included.
_GAP = r"[ \t\u00a0\u2000-\u200d\u202f.\-–—_/,·*()\ufe0f\u20e3]{0,3}"
# A pattern that begins with a plain class is looked for many times faster; what stands before it is asked afterwards.
# After a point digits are decimals, unless what ends there is a number of its own; after a comma a list goes on.
_BEGINS = r"[(+08](?<!\d.)(?:(?<!\d[.,].)|(?<=\d,.)(?=\+?\d{2})|(?<=\d{7}\..)|(?<=\d{3}[. ]\d{3}\..))"
# “03/2024 - 15/03” is the middle of two dates, and “03-12 - 2024” too.
_YEAR = r"(?:19|20)\d\d(?!\d)"
_IN_DATE = (
    rf"(?!(?<=\d[./\-]0)[1-9][./\-]{_YEAR}|(?<=\d{{4}}[./\-]0)[1-9][./\-](?:0[1-9]|[12]\d|3[01])(?!\d)"
    rf"|[1-9]\s?[\-–]\s?(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])/{_YEAR})"
)
_PHONE_VN = re.compile(
    rf"{_BEGINS}{_IN_DATE}(?:(?:(?<=\()(?:\+|00)?84|(?<=\+)84|(?<=0)084|(?<=8)4){_GAP}(?:\(0\))?|(?<=\()0|(?<=0)){_GAP}"
    rf"(?:[35789](?:{_GAP}\d){{8}}|2(?:{_GAP}\d){{8,9}}|1{_GAP}[2689](?:{_GAP}\d){{8}})(?!\d)"
)
_DATE_OR_LIST = re.compile(r"\d{2}[./\-– ]\d{2}[./\-– ](?:19|20)\d{2}(?!\d)|0\s?[-–—]\s|[^,]{0,20},\s")
_PHONE_DISGUISED = re.compile(rf"(?<!\w)[0oO](?:{_GAP}[\doOlI]){{9}}(?!\w)")
_DATE = re.compile(r"(?:\d{1,2}[.\- ]\d{1,2}[.\- ](?:19|20)\d{2}|(?:19|20)\d{2}[.\-]\d{1,2}[.\-]\d{1,2})(?!\d)")
_PHONE_WORLD = re.compile(
    r"(?:(?<![\d.,\w])|(?<=\d[.,])(?=\+))(?:\+|00)[1-9]\d{0,2}(?:[\s.\-]?\(?\d{1,4}\)?){2,6}(?!\d)"
)
_PHONE_US = re.compile(
    r"(?:(?<![\d.,\w])|(?<=\d{4},))\(?\d{3}\)?[\s.\-]\d{3}[\s.\-]\d{4}"
    r"(?!\d|[.,]{1,3}\d(?!\d\d\)?[\s.\-]\d{3}[\s.\-]\d{4}))"
)
_CARD = re.compile(r"(?<![\d.,])\d(?:[ \-]?\d){12,18}(?![\d])")
_CITIZEN = re.compile(r"(?<![\d.,])0\d{2}[ .]?\d{3}[ .]?\d{3}[ .]?\d{3}(?![\d])")
# Addresses spelled so that machines should not see them: "mai (a) gmail . com", "mai at gmail dot com".
_AT_SIGN = r"[\[({][^\S\n]?(?:at|a|@|a còng|a cong)[^\S\n]?[\])}]"
_DOT_WORD = (
    r"[^\S\n]{0,2}(?:[\[({][^\S\n]?(?:dot|chấm|cham|\.)[^\S\n]?[\])}]|\.|(?<=\s)(?:dot|chấm|cham)(?=\s))[^\S\n]{0,2}"
)
_TLD = r"(?:com|net|org|edu|gov|vn|info|biz|io|co|me|us|uk|de|fr|jp|au)(?!\w)"
_MAIL_HOSTS = r"(?:gmail|yahoo|ymail|hotmail|outlook|icloud|proton(?:mail)?|live)"
_EMAIL_SPELLED = re.compile(
    rf"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]{{1,64}}(?:"
    rf"[^\S\n]{{0,2}}(?:{_AT_SIGN}|@)[^\S\n]{{0,2}}(?:[A-Za-z0-9\-]{{1,63}}{_DOT_WORD}){{1,3}}{_TLD}"
    rf"|[^\S\n]{{1,2}}(?:at|a còng|a cong|acong|@)[^\S\n]{{1,2}}(?:{_MAIL_HOSTS}{_DOT_WORD}"
    rf"|(?:[A-Za-z0-9\-]{{1,63}}[^\S\n](?:dot|chấm|cham)[^\S\n]){{1,3}}){_TLD}(?:{_DOT_WORD}vn(?!\w))?)",
    re.IGNORECASE,
)
_SPELLED_AT = ("(a", "[a", "{a", "(A", "[A", "(@", "[@", "( a", " at ", " AT ", " At ", "còng", "acong", "a cong", "@ ")
_SPELLED_DOT = (
    "(dot", "[dot", "{dot", "(DOT", "[DOT", " dot ", " DOT ", " Dot ", "chấm", " cham ", "(.", "[.", ". com", " .com", ". vn", " .vn",
    ". net", " .net", "(cham", "at gmail", "at yahoo", "at hotmail", "at outlook", "at icloud", "AT GMAIL", "at Gmail", ") gmail.",
    ")gmail.", "] gmail.", "]gmail.", "còng",
)  # fmt: skip
# A parcel's code is letters around digits; these letters before digits are a person's number all the same.
_CODE_BEFORE = re.compile(r"(?<![^\W_])(?!(?:ZALO|SDT|DT|TEL|LH|HOTLINE|CALL|IB|VIBER|MOMO|PHONE|GOI)\d?$)[A-Z]{1,6}$")
_CODE_AFTER = re.compile(r"[A-Z]{1,4}(?![^\W_])")
_ORDER_BEFORE = re.compile(r"(?:đơn|mã|order|code|tracking)\W{0,3}(?:\w{1,8}\W{1,3}){0,2}[A-Z]{1,6}$", re.IGNORECASE)
#: A device's number has the length and often the check digit of a card's.
_DEVICE = re.compile(
    r"(?<!\w)(?:imei|serial|se-?ri|s/n|sn)(?!\w)(?!.{0,40}(?<!\w)(?:the|card|visa|master|atm|napas)(?!\w))\W{0,3}(?:\w{1,10}\W{1,3}){0,3}$"
)
_NAPAS = re.compile(r"9704(?:\d{12}|\d{15})")


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
    if _NAPAS.fullmatch(number):
        return "[card]"
    is_card = 13 <= len(number) <= 19 and _luhn(number) and not _DATE.match(match.group())
    return "[card]" if is_card and not _is_device(match) else match.group()


def _is_device(match: re.Match[str]) -> bool:
    """Whether a phone's or a machine's own number is named so: ``IMEI 352099001761481``."""
    return _DEVICE.search(fold(match.string[max(0, match.start() - 40) : match.start()])) is not None


def _vietnamese_phone(match: re.Match[str]) -> str:
    other = _DATE_OR_LIST.match(match.group()) or _is_code(match)
    return match.group() if other else "[phone]"


def _is_code(match: re.Match[str]) -> bool:
    """Whether the digits are glued into a code of letters (``SPX0312345678VN``), as parcels and orders have."""
    text, start = match.string, match.start()
    if not text[start - 1 : start].isalpha():
        return False
    before = text[max(0, start - 30) : start]
    if not _CODE_BEFORE.search(before[-10:]):
        return False
    return bool(_CODE_AFTER.match(text, match.end()) or _ORDER_BEFORE.search(before))


def _disguised_phone(match: re.Match[str]) -> str:
    number = re.sub(r"[^\doOlI]", "", match.group())
    disguised = not number.isdigit() and number[1] in "35789" and len(_digits(number)) >= 7
    return "[phone]" if disguised else match.group()


def _world_phone(match: re.Match[str]) -> str:
    return "[phone]" if 8 <= len(_digits(match.group())) <= 15 else match.group()


_MASKS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
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


def mask(text: str, before: str = "") -> str:
    """``text`` with phones, e-mail addresses, bank card, account and identity numbers replaced by ``[phone]`` and the like.

    Card numbers must pass the Luhn check (ISO/IEC 7812-1) or begin as Napas cards do, so that prices and order numbers
    stay. ``before`` is what stands before a text that is only a part: its words may name a number at the text's beginning.
    """
    plain = text if text.isascii() else text.translate(_PLAIN_SIGNS)
    masked = mask_spelled(plain)
    if masked is plain and not _WORTH_A_LOOK.search(plain):
        return text
    masked = _EMAIL.sub("[email]", masked)
    masked = NUMBER.sub((lambda match: named_number(match, before)) if before else named_number, masked)
    for pattern, replacement in _MASKS:
        masked = pattern.sub(replacement, masked)
    return text if masked == plain else masked


def mask_spelled(text: str) -> str:
    """``text`` without the e-mail addresses that are spelled in words."""
    return _EMAIL_SPELLED.sub("[email]", text) if _has(text, _SPELLED_AT) and _has(text, _SPELLED_DOT) else text


def _has(text: str, signs: tuple[str, ...]) -> bool:
    # Every text goes through here, and any() over a generator takes three times as long.
    for sign in signs:  # noqa: SIM110
        if sign in text:
            return True
    return False
