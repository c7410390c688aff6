"""Platforms that are read by a documented API or a public preview, one a file. There is no list to edit."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

from crawler.platforms.base import Platform

if TYPE_CHECKING:
    from data.study import Source

#: What a study may call a source to have its pages read as they are, although a platform knows the address.
_PAGES = frozenset({"site", "feed"})


@cache
def platforms() -> tuple[Platform, ...]:
    """Every platform of this package, in the order of their names. One that cannot be imported raises."""
    found: dict[str, Platform] = {}
    for module in pkgutil.iter_modules(__path__):
        for value in vars(importlib.import_module(f"{__name__}.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, Platform) and value.name:
                found.setdefault(value.name, value())
    return tuple(found[name] for name in sorted(found))


def platform_of(source: Source) -> Platform | None:
    """The platform that reads a source, told without asking anybody; ``None`` where its pages are read."""
    platform = next((one for one in platforms() if one.takes(source)), None)
    if platform is None or (source.kind in _PAGES and not platform.instead_of_pages):
        return None
    return platform
