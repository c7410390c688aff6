"""What the tests of the store share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.store import Store
from tests.filling import open_filled


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A study's new database, ``thu.db``."""
    with open_filled(tmp_path / "thu.db") as opened:
        yield opened
