"""Names of authors in raw pages and in what others write: replaced by what stands for them, wherever a name stands alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape
from urllib.parse import quote, quote_plus

from data.folding import fold

_SAID = ("said", "wrote", "đã viết", "viết", "đã nói", "nói")
_MEMBER_STEP = r"(?:/members?/|/users?/|/u/|/profiles?/|/authors?/|member\.php|memberlist\.php|/@)"
#: A link to a member's page, and what JSON calls one.
_MEMBER_LINK = re.compile(
    rf"""href=\\?["'][^"'<>]{{0,300}}?{_MEMBER_STEP}[^"'<>]{{0,200}}["'][^<>]{{0,400}}>\s{{0,20}}([^<>]{{2,80}})<"""
)
_ADDRESS = re.compile(r"/[^\s\"'<>]{2,200}")
_USERNAME = re.compile(r'username"\s{0,3}:\s{0,3}"([^"\\]{2,60})"')
_BEHIND_MEMBER = re.compile(rf"{_MEMBER_STEP}$")
#: What an attribute of the markup's own may hold, whatever somebody calls himself.
_OWN_ATTRIBUTE = re.compile(
    r"""\b(?:class|id|rel|type|name|lang|role|style|method|for|itemprop|property|charset)=\\?["'][^"']{0,200}$"""
)
_HANDLE = re.compile(r"(?=.{6,})[\w.\-]*(?:[0-9_]|[a-z][A-Z])[\w.\-]*", re.ASCII)
_BEFORE, _AFTER = "<>\"'/=@\\", "<>\"'/?&#\\"
_MOST_NAMES, _LONGEST = 300, 80


def named_in_page(text: str) -> set[str]:
    """The names that links to members' pages and user names in JSON show."""
    found = {match[1].strip() for match in _MEMBER_LINK.finditer(text)} if "href=" in text else set()
    if 'username"' in text:
        found |= {match[1] for match in _USERNAME.finditer(text)}
    return {name for name in found if 2 <= len(name) <= _LONGEST and any(sign.isalpha() for sign in name)}


def hide_names(text: str, names: Mapping[str, str]) -> str:
    """Markup or JSON with each name replaced where it is an element's whole text, an attribute's value, a step of an address,
    behind an ``@`` or before “said:”; a name that is no word of any language also within other words."""
    addresses = " ".join(_ADDRESS.findall(text)) + (
        " " + text if "&" in text and any("&" in escape(n) for n in names) else ""
    )
    for name in sorted(names, key=len, reverse=True)[:_MOST_NAMES]:
        if len(name) < 2:
            continue
        for place, form in enumerate(_forms(name)):
            # Spellings for addresses are looked for in addresses alone: a name is rarely in one, and there are many.
            if form in (addresses if place else text):
                text = _replaced(text, form, names[name], handle=bool(_HANDLE.fullmatch(name)))
    return text


@lru_cache(maxsize=10_000)
def _forms(name: str) -> list[str]:
    plain = fold(name)
    slugs = [plain.replace(" ", sign) for sign in "-_."] if " " in plain else [name.casefold(), plain]
    return list(dict.fromkeys([name, escape(name), escape(name, quote=False), quote(name), quote_plus(name), *slugs]))


def _replaced(text: str, form: str, stands_for: str, *, handle: bool) -> str:
    parts: list[str] = []
    done = 0
    start = text.find(form)
    while start >= 0:
        end = start + len(form)
        if _alone(text, start, end, handle=handle):
            parts += (text[done:start], stands_for)
            done = end
        start = text.find(form, end)
    return "".join((*parts, text[done:])) if parts else text


def _alone(text: str, start: int, end: int, *, handle: bool) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    if before.isalnum() or after.isalnum():
        return False
    if handle or before == "@":
        return True
    left, right = text[max(0, start - 20) : start].rstrip(), text[end : end + 40].lstrip()
    if right.startswith(_SAID) and ":" in right[:12]:
        return True
    if left[-1:] == "/" or before == "/":
        plain = text[start:end].islower() and text[start:end].isalpha() and text[start:end].isascii()
        return (after in _AFTER or after == ".") and (not plain or bool(_BEHIND_MEMBER.search(left)))
    if left[-1:] not in _BEFORE or right[:1] not in _AFTER:
        return False
    return left[-1:] == ">" or not _OWN_ATTRIBUTE.search(text[max(0, start - 220) : start])


def hide_mentions(text: str, names: Iterable[str]) -> str:
    """What somebody wrote, without the names of those whom he addresses (``@Name``) or quotes (``Name said:``)."""
    addressed = "@" in text
    quoted = ":" in text and any(word in text for word in _SAID)
    if not (addressed or quoted):
        return text
    for name in sorted(names, key=len, reverse=True):
        if name not in text or len(name) < 2:
            continue
        own = re.escape(name)
        if addressed:
            text = re.sub(rf"@{own}(?!\w)", "@[name]", text)
        if quoted:
            text = re.sub(rf"(?<!\w){own}(?=[ \t]{{1,3}}(?:{'|'.join(_SAID)})[ \t]{{0,3}}:)", "[name]", text)
    return text
