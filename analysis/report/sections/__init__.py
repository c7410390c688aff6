"""The report's sections that are made of blocks: one module each, found by walking this package.

A module has ``ORDER`` (where it stands among the others) and ``section(store, study, say)``, which returns a
:class:`~analysis.report.blocks.Section`, or ``None`` where there is nothing to tell, and reads nothing but the findings' tables.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from analysis.report.blocks import Section
from analysis.report.speech import Speech
from data.store import Store
from data.study import Study


@cache
def _modules() -> tuple[ModuleType, ...]:
    found = [import_module(f"{__name__}.{info.name}") for info in iter_modules(__path__)]
    return tuple(sorted((m for m in found if hasattr(m, "ORDER")), key=lambda m: m.ORDER))


def sections(store: Store, study: Study, say: Speech) -> tuple[Section, ...]:
    """Every section that has something to tell, in order."""
    return tuple(found for module in _modules() if (found := module.section(store, study, say)) is not None)
