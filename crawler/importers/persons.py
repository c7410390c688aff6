"""Who wrote, where a cell holds it as a tool's own notation: ``{"name": "Lan", "id": "1"}``."""

from __future__ import annotations

import json

_NAMES = ("name", "nickname", "username", "displayName", "full_name")
_LONGEST = 2_000


def person_in(cell: str) -> tuple[str, str]:
    """Name and id of a person in a cell; of any other cell the cell and no id."""
    if not (cell.startswith("{") and cell.endswith("}") and len(cell) <= _LONGEST):
        return cell, ""
    try:
        held = json.loads(cell)
    except (ValueError, RecursionError):
        return cell, ""
    name = next((one for key in _NAMES if isinstance(one := held.get(key), str) and one.strip()), "")
    own = held.get("id")
    own = str(own) if isinstance(own, str | int) and not isinstance(own, bool) else ""
    return (name.strip(), own.strip()) if name or own else (cell, "")
