"""A report is written of findings that this version made, and of no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis import findings
from analysis.report.write import write
from data.errors import InputError
from tests.analysis.world import World


def test_findings_of_another_version_are_not_read_as_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path)
    with world.open() as store:
        with monkeypatch.context() as before:
            before.setattr(findings, "VERSION", "0")
            findings.find(store, world.study)
        with pytest.raises(InputError) as refused:
            write(store, world.study, ["vi"])
        assert refused.value.key == "analyzed_otherwise"
        assert not world.study.reports.exists() or not list(world.study.reports.iterdir())
        findings.find(store, world.study, again=True)
        assert write(store, world.study, ["vi"]).files
