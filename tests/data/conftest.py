"""What the tests of the store share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from data.demo import world
from data.demo.world import World
from data.store import Store
from data.words import speak
from tests.filling import open_filled


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A study's new database, ``thu.db``."""
    with open_filled(tmp_path / "thu.db") as opened:
        yield opened


@pytest.fixture(autouse=True)
def the_environments_language() -> Iterator[None]:
    """No test leaves a language behind for the next one: ``chandung init`` speaks the one of the study that it writes."""
    yield
    speak(None)


@pytest.fixture(scope="session")
def little() -> World:
    return world.make()


@pytest.fixture(scope="session")
def truth(little: World) -> dict[str, Any]:
    return little.truth()


@pytest.fixture(scope="session")
def later(little: World, truth: dict[str, Any]) -> World:
    """The world after it has grown once."""
    return little.grow()
