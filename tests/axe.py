"""What axe-core finds wrong with a page for people who do not see it, or do not use a mouse."""

from __future__ import annotations

from typing import Any


def serious(page: Any) -> list[str]:
    """The serious and critical findings on a page that a browser shows: the rule, and the first places it names."""
    import pytest

    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    found = axe.Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {[node['html'][:160] for node in one['nodes'][:3]]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
