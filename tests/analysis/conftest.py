"""A small invented market, analysed once for all tests that only look at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis import findings
from analysis.report.build import build
from analysis.report.model import Report
from data.store import Store, open_store
from tests.analysis.world import MADE_AT, World, market


@pytest.fixture(scope="session")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The market of ``tests/analysis/world.py``, its findings written."""
    world = market(tmp_path_factory.mktemp("market"))
    with open_store(world.study.database) as store:
        findings.find(store, world.study)
    return world


@pytest.fixture
def analysed_store(analysed: World) -> Iterator[Store]:
    with open_store(analysed.study.database, read_only=True) as store:
        yield store


@pytest.fixture(scope="session")
def report(analysed: World) -> Report:
    """The report of that market."""
    with open_store(analysed.study.database, read_only=True) as store:
        return build(store, analysed.study, MADE_AT)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """The same study, nobody in it yet."""
    return World(tmp_path)
