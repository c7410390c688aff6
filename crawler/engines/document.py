"""A fetched page made readable: its text decoded, its tree parsed once, its language and clock known.

Everything that reads a page reads a :class:`Document`. It never touches the network, and is bounded: a page too big or
nested too deeply raises :class:`~data.errors.UnreadablePageError` instead of being read in part.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cached_property
from typing import Any, Final, cast
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lxml import etree
from lxml.html import HtmlElement

from crawler.engines.sorted_page import sort_page
from data.errors import UnreadablePageError
from data.records import Page

MAX_BYTES: Final = 50_000_000
_ELEMENTS: Final = etree.ElementDefaultClassLookup(element=HtmlElement)
_NAMES: Final = tuple(etree.XPath(f"//@{name}", smart_strings=False) for name in ("id", "name", "component"))
_MAX_JSON_LD: Final = 2_000_000

_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([A-Za-z0-9_.:-]{2,40})""", re.I)
_TYPE_CHARSET = re.compile(r"""charset\s{0,9}=\s{0,9}["']?([A-Za-z0-9_.:-]{2,40})""", re.I)
_BOMS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
#: Browsers read these names as their Windows or later supersets, and so do the pages that use them.
_SUPERSETS: Final = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-9": "cp1254",
}
_CONTROL_BYTES: Final = bytes((*range(9), 11, *range(14, 32), 127))
_BODY_BEGUN = re.compile(rb"<(?:main|article|section|nav|header|footer|aside|figure)[\s>]", re.I)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_VIETNAMESE = re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.I)
_JSON_NOISE = re.compile(
    r"^\s*(?:<!--|/[*/]\s*<!\[CDATA\[(?:\s*\*/)?|<!\[CDATA\[)|(?:-->|/?[*/]?\s*\]\]>(?:\s*\*/)?)\s*;?\s*$"
)


#: Links that joining leaves as they are, whole ones and those from the root of their host: nearly all.
_TAIL = (
    r"(?:/(?!\.)[\w%~$&'()*+,=:@!-][\w%~$&'()*+,=:@!.-]*)*/?(?:\?[\w%~$&'()*+,=:@!./?-]+)?(?:#[\w%~$&'()*+,=:@!./?-]+)?"
)
_WHOLE_LINK = re.compile(rf"(https?://[a-zA-Z0-9][a-zA-Z0-9.-]*(?::\d+)?)(?=[/?#]|$){_TAIL}")
_PLAIN_LINK = re.compile(rf"(?=/){_TAIL}")


def vietnam() -> tzinfo:
    """Vietnam's clock; also where the system has no zone database (Windows without ``tzdata``)."""
    try:
        return ZoneInfo("Asia/Ho_Chi_Minh")
    except (ZoneInfoNotFoundError, OSError):
        return timezone(timedelta(hours=7))


class Document:
    """A page, decoded and parsed on demand.

    ``zone`` is the clock of times written without a zone; ``None`` leaves it to the page: Vietnam's for Vietnamese ones,
    UTC for others.
    """

    def __init__(self, page: Page, *, zone: tzinfo | None = None) -> None:
        if len(page.body) > MAX_BYTES:
            raise UnreadablePageError("page_too_big", url=page.url, limit=MAX_BYTES // 1_000_000)
        self.page = page
        self.url: str = page.url if self._join("", page.url) is not None else ""
        self.fetched_at: datetime | None = page.fetched_at
        self._zone = zone
        #: Whether the body is the text's UTF-8, once that is known.
        self._as_it_stands = False

    @cached_property
    def text(self) -> str:
        """The page's characters, without control characters."""
        text, self._as_it_stands = _decoded(self.page)
        if len(self.page.body.translate(None, _CONTROL_BYTES)) < len(self.page.body):
            self._as_it_stands = False
            return _CONTROLS.sub("", text)
        return text

    @cached_property
    def tree(self) -> Any:
        """The root of the parsed page; an empty ``<html>`` for an empty page. Raises ``UnreadablePageError``."""
        root = self._parsed(self._source)
        if root.find("body") is None and (begun := _BODY_BEGUN.search(self._source)) is not None:
            # A body need not be opened in HTML, but the parser knows none of these elements and leaves them in the head.
            root = self._parsed(self._source[: begun.start()] + b"<body>" + self._source[begun.start() :])
        return root

    def _parsed(self, source: bytes) -> Any:
        # Not lxml.html's own parser: it asks a Python function for the class of each element.
        parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
        parser.set_element_class_lookup(_ELEMENTS)
        try:
            root = etree.fromstring(source, parser=parser)
        except etree.XMLSyntaxError:
            root = None
        last = parser.error_log.last_error
        if last is not None and last.type_name == "ERR_RESOURCE_LIMIT":
            raise UnreadablePageError("page_too_deep", url=self.url)
        return etree.fromstring("<html><body></body></html>", parser=parser) if root is None else root

    @cached_property
    def _source(self) -> bytes:
        text = self.text
        return self.page.body if self._as_it_stands else text.encode("utf-8", "replace")

    @cached_property
    def _lower_source(self) -> bytes:
        return self._source.lower()

    def may_say(self, forms: Iterable[bytes]) -> bool:
        """Whether one of the words stands anywhere in the page's source; ``forms`` are theirs in UTF-8, plain letters in lower
        case. A cheap look before the real reading: letters with marks have to be given in both cases."""
        source = self._lower_source
        # Of letters that the page has none of, its words need not be looked for.
        return any(form in source for form in forms if form.isascii() or max(form).to_bytes(1, "big") in source)

    @cached_property
    def json(self) -> Any:
        """The body read as JSON, or ``None`` where it is none."""
        start = self.text[:200].lstrip("\ufeff \t\r\n")[:1]
        if start not in ("{", "["):
            return None
        try:
            return json.loads(self.text.lstrip("\ufeff"), strict=False)
        except (ValueError, RecursionError):
            return None

    @property
    def is_json(self) -> bool:
        """Whether the body is JSON rather than markup."""
        return self.json is not None

    @cached_property
    def base_url(self) -> str:
        """What relative links start from: ``<base href>``, or the page's own address."""
        if not self.is_json:
            for base in self.tree.iter("base"):
                if href := base.get("href"):
                    return self._join(self.url, href) or self.url
        return self.url

    def link(self, href: str | None) -> str | None:
        """``href`` as an absolute web address; ``None`` for scripts, mail and broken addresses."""
        if not href or href.lstrip()[:11].lower() in ("javascript:",):
            return None
        if _WHOLE_LINK.fullmatch(href):
            return href
        if self._origin and _PLAIN_LINK.fullmatch(href):
            return self._origin + href
        address = self._join(self.base_url, href.strip())
        return address if address and address.startswith(("http://", "https://")) else None

    @cached_property
    def _origin(self) -> str:
        found = _WHOLE_LINK.match(self.base_url)
        return found[1] if found else ""

    @staticmethod
    def _join(base: str, href: str) -> str | None:
        try:
            address = urljoin(base, href)
            urlsplit(address)
        except ValueError:
            return None
        return address

    @cached_property
    def names(self) -> str:
        """The classes, ids and names on the page, each once, a line each: engines' marks are looked for here in a tenth of the
        time that the whole text takes."""
        if self.is_json:
            return ""
        found: set[str] = set(sort_page(self.tree).classes)
        return "\n".join(found.union(*(cast("list[str]", names(self.tree)) for names in _NAMES)))

    @cached_property
    def title(self) -> str:
        """The page's ``<title>``, on one line."""
        if self.is_json:
            return ""
        found = next(self.tree.iter("title"), None)
        return " ".join((found.text or "").split()) if found is not None else ""

    @cached_property
    def meta(self) -> dict[str, str]:
        """``<meta>`` values by ``name`` or ``property``, lower-cased; the first of a name counts."""
        values: dict[str, str] = {}
        if not self.is_json:
            for node in self.tree.iter("meta"):
                name = node.get("property") or node.get("name") or node.get("http-equiv")
                if name and (content := node.get("content")) is not None:
                    values.setdefault(name.strip().lower(), content.strip())
        return values

    @cached_property
    def locale(self) -> str:
        """The page's declared locale, lower case (``vi-vn``, ``en-us``, ``en``), or an empty string."""
        if self.is_json:
            return ""
        said = (
            self.tree.get("lang")
            or self.tree.get("{http://www.w3.org/XML/1998/namespace}lang")
            or self.tree.get("xml:lang")
        )
        said = said or self.meta.get("content-language") or self.meta.get("og:locale") or ""
        return said.strip().replace("_", "-").lower()[:12]

    @cached_property
    def lang(self) -> str | None:
        """The page's language, two letters: as declared, else ``vi`` where the writing shows it, else ``None``."""
        declared = self.locale.split("-")[0]
        if re.fullmatch(r"[a-z]{2,3}", declared):
            return declared
        sample = self.text[:200_000]
        foreign = "".join(_FOREIGN.findall(sample))
        return "vi" if len(_VIETNAMESE.findall(foreign)) > max(20, len(sample) / 400) else None

    @cached_property
    def zone(self) -> tzinfo:
        """The clock of times that the page writes without a zone."""
        return self._zone or (vietnam() if self.lang == "vi" else UTC)

    @cached_property
    def json_ld(self) -> list[dict[str, Any]]:
        """Every JSON-LD object of the page, lists and ``@graph`` unfolded; unreadable blocks are left out."""
        if self.is_json or "ld+json" not in self.text:
            return []
        found: list[dict[str, Any]] = []
        for script in self.tree.iter("script"):
            if "ld+json" in (script.get("type") or "").lower():
                found.extend(_objects(_load(script.text or "")))
        return found


def host_of(url: str) -> str:
    """The host of a web address, with its port."""
    found = _WHOLE_LINK.match(url)
    return found[1].partition("//")[2] if found else urlsplit(url).netloc


def _load(source: str) -> Any:
    if len(source) > _MAX_JSON_LD:
        return None
    source = _JSON_NOISE.sub("", source[:_MAX_JSON_LD]).strip()
    try:
        return json.loads(source, strict=False)
    except (ValueError, RecursionError):
        return None


def _objects(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if isinstance(value, list) and depth < 5:
        for item in value:
            yield from _objects(item, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value or "@graph" not in value:
            yield value
        yield from _objects(value.get("@graph"), depth + 1)


def decode(page: Page) -> str:
    """The characters of ``page``: by byte-order mark, as UTF-8 where it is, else as declared, else Windows-1252.

    A declared charset that the bytes contradict is passed over; never raises.
    """
    return _decoded(page)[0]


def _decoded(page: Page) -> tuple[str, bool]:
    """The characters, and whether the body is their UTF-8 as it stands."""
    body = page.body
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace"), False
    declared = _declared(page)
    if declared and declared.startswith(("utf-16", "utf-32", "iso2022", "hz")) and _fits(declared, body):
        return body.decode(declared, "replace"), False
    try:
        return body.decode("utf-8"), True
    except UnicodeDecodeError:
        pass
    loose = body.decode("utf-8", "replace")
    broken = loose.count("\ufffd")
    foreign = sum(1 for character in loose[:500_000] if character > "\x7f")
    if broken * (2 if declared in (None, "utf-8") else 10) < foreign:
        return loose, False
    return body.decode(declared if declared and declared != "utf-8" else "cp1252", "replace"), False


def _declared(page: Page) -> str | None:
    """The first charset that is named and known: by the header, by whoever fetched, by the page."""
    header, meta = _TYPE_CHARSET.search(page.content_type or ""), _META_CHARSET.search(page.body[:8192])
    for name in (header and header[1], page.encoding, meta and meta[1].decode("ascii")):
        try:
            if name and codecs.lookup(name)._is_text_encoding:
                known = codecs.lookup(name).name
                return _SUPERSETS.get(known, known)
        except (LookupError, ValueError):
            continue
    return None


def _fits(name: str, body: bytes) -> bool:
    if name.startswith(("utf-16", "utf-32")) and b"\x00" not in body[:1000]:
        return False
    try:
        body.decode(name)
    except (UnicodeDecodeError, ValueError):
        return False
    return True
