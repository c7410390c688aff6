"""The exports that are recognised, one file each; a new file here is all that a new one needs."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from crawler.importers.formats.base import Format

__all__ = ["Format", "formats"]


@cache
def formats() -> tuple[Format, ...]:
    """Every format of this package, those that ask for the most columns first, so that the plainest come last."""
    found: list[Format] = []
    for module in pkgutil.iter_modules(__path__):
        loaded = import_module(f"{__name__}.{module.name}")
        found += [
            kind()
            for kind in vars(loaded).values()
            if isinstance(kind, type)
            and issubclass(kind, Format)
            and kind is not Format
            and kind.__module__ == loaded.__name__
        ]
    return tuple(sorted(found, key=lambda one: (-max(map(len, one.needs), default=0), one.name)))
