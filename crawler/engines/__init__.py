"""Forum engines, one a file. A new one is a file here and a folder of cases under ``tests/pages``; there is no list to edit."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from crawler.engines.base import Engine
from crawler.engines.document import Document
from crawler.engines.sorted_page import sort_page


@cache
def engines() -> tuple[Engine, ...]:
    """Every engine of this package, in the order of their names. An engine that cannot be imported raises."""
    found: dict[str, Engine] = {}
    for module in pkgutil.iter_modules(__path__):
        for value in vars(importlib.import_module(f"{__name__}.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, Engine) and value.name:
                found.setdefault(value.name, value())
    return tuple(found[name] for name in sorted(found))


def engine(name: str) -> Engine:
    """The engine of that name. Raises ``KeyError``."""
    return {one.name: one for one in engines()}[name]


def detect(doc: Document) -> Engine | None:
    """The engine whose certain marks the page bears, or ``None``."""
    if not doc.is_json:
        sort_page(doc.tree)
    return next((one for one in _quickest_first() if one.detect(doc)), None)


@cache
def _quickest_first() -> tuple[Engine, ...]:
    """No page is two engines', so that they may be asked in any order."""
    return tuple(sorted(engines(), key=lambda one: not one.known_at_once))
