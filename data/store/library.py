"""sqlite-utils, loaded without pandas and numpy.

It looks for both in order to map their types to columns, and loading them costs every command that opens a database about
0.4 seconds. No value of theirs is ever given to the store, so they are hidden from it while it is loaded.
"""

from __future__ import annotations

import sys

_HIDDEN = [name for name in ("pandas", "numpy") if name not in sys.modules]
sys.modules.update(dict.fromkeys(_HIDDEN))  # type: ignore[arg-type]  # None: as though not installed
try:
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations
finally:
    for _name in _HIDDEN:
        del sys.modules[_name]

__all__ = ["Database", "Migrations"]
