"""A lone post read in the company of posts of its forum: one alone, or a few of a word or two, do not show how a page is built.

From a page where several posts were read a few are kept. On a page with an element that is built exactly like them, they are
put before it, and all are read together; what is said of the kept ones must come out as before.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

from lxml import etree

from crawler.engines.document import MAX_BYTES, Document
from crawler.engines.fields import Fields
from crawler.engines.looks import Key
from crawler.engines.names import look
from crawler.engines.paging import is_later
from crawler.engines.repeated import Item

Kept = list[tuple[Item, Fields]]

#: So many posts on a page show surely how it is built.
_SURE: Final = 3
_SAMPLES: Final = 4
_MOST_ALONE: Final = 3
#: Elements of a post that is kept.
_LARGEST: Final = 300
#: Builds of posts that are remembered of a forum.
_FEW_BUILDS: Final = 3


@dataclass(frozen=True, slots=True)
class Company:
    """Posts of one page, and the looks that all of them hold. ``whole``: the page was a thread's first, opening post and all."""

    look: Key
    frame: frozenset[Key]
    samples: tuple[Any, ...]
    said: tuple[tuple[str | None, str], ...]
    whole: bool


class Known:
    """How the posts of one forum are built, as far as was seen."""

    def __init__(self) -> None:
        self._found: dict[Key, Company] = {}

    def meet(self, doc: Document, kept: Kept, opened: bool) -> None:
        """Learn from the blocks of a page; ``opened``: the first was found apart from the others."""
        company = company_of(kept, whole=not opened and not is_later(doc)) if len(kept) >= _SURE else None
        known = None if company is None else self._found.get(company.look)
        if company is not None and (known is None or (company.whole and not known.whole)):
            self._found[company.look] = company
            if len(self._found) > _FEW_BUILDS:
                del self._found[next(iter(self._found))]

    def on(self, doc: Document) -> list[Company]:
        """The company for a page, last met first; where opening posts were not seen, a first page may begin with another."""
        later = bool(self._found) and is_later(doc)
        return [company for company in reversed(self._found.values()) if company.whole or later]


def company_of(kept: Sequence[tuple[Item, Fields]], *, whole: bool) -> Company | None:
    """The posts of a page as company for lone ones; ``None`` where they are few, unlike each other, or not read surely."""
    if len(kept) < _SURE or not all(len(item.nodes) == 1 and not item.exclude for item, _ in kept):
        return None
    if not all(read.author and read.posted_at and read.body.text for _, read in kept):
        return None
    looks = {look(item.nodes[0]) for item, _ in kept}
    if len(looks) > 1 or not next(iter(looks))[1] or len({read.author for _, read in kept}) < 2:
        return None
    frame = frozenset.intersection(*(frozenset(map(look, item.elements())) for item, _ in kept))
    chosen = [(item, read) for item, read in kept if len(item.elements()) <= _LARGEST][:_SAMPLES]
    if len(chosen) < _SURE or len({read.author for _, read in chosen}) < 2:
        return None
    samples = tuple(_alone(item.nodes[0]) for item, _ in chosen)
    return Company(looks.pop(), frame, samples, tuple((read.author, read.body.text) for _, read in chosen), whole)


def _alone(node: Any) -> Any:
    found = deepcopy(node)
    found.tail = None
    return found


def joined(doc: Document, company: Company) -> tuple[Document, int] | None:
    """The page with the company before its posts, and how many those are; ``None`` where nothing is built exactly like them."""
    lone = _built_alike(doc.tree, company)
    if not lone:
        return None
    tree = deepcopy(doc.tree)
    first = _built_alike(tree, company)[0]
    for sample in company.samples:
        first.addprevious(deepcopy(sample))
    body = etree.tostring(tree, encoding="utf-8", method="html")
    if len(body) > MAX_BYTES:
        return None
    page = replace(doc.page, body=body, content_type="text/html; charset=utf-8", encoding="utf-8")
    return Document(page, zone=doc.zone), len(lone)


def _built_alike(tree: Any, company: Company) -> list[Any]:
    found = list(islice((one for one in tree.iter(company.look[0]) if look(one) == company.look), _MOST_ALONE + 1))
    if len(found) > _MOST_ALONE:
        return []
    alike = [one for one in found if company.frame <= {look(each) for each in one.iter() if isinstance(each.tag, str)}]
    return alike if len(alike) == len(found) else []


def own_of(kept: Kept, company: Company, count: int) -> Kept:
    """Of what was read together, the page's own posts; none where the company's were not read as before."""
    size = len(company.samples)
    read = tuple((one.author, one.body.text) for _, one in kept[:size])
    if len(kept) != size + count or read != company.said:
        return []
    own = kept[size:]
    sure = all(look(item.nodes[0]) == company.look and one.author and one.posted_at for item, one in own)
    return own if sure else []
