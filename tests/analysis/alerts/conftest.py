from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.analysis.alerts.watched import Watched
from tests.analysis.world import STUDY, World


@pytest.fixture
def watched(tmp_path: Path) -> Any:
    world = World(tmp_path, {**STUDY, "alerts": {}})
    with world.open() as store:
        one = Watched(world, store)
        one.read_page()
        one.day = 1
        yield one
