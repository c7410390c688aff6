"""Each figure's command answers with just the people whom the figure counts, and with their posts."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from analysis.report.context import command
from analysis.report.model import Evidence, Report
from data.store import Store, open_store
from data.store.queries import named_query
from tests.analysis.world import World
from tests.demo_truth import open_demo


def _answer(store: Store, evidence: Evidence) -> list[dict[str, object]]:
    """The rows of the command as a shell would run it."""
    words = shlex.split(command(evidence))
    assert words[:2] == ["chandung", "query"]
    name = words[2].removeprefix("@")
    given = {words[i + 1]: words[i + 2] for i in range(3, len(words), 3) if words[i] == "-p"}
    wanted = set(re.findall(r":(\w+)", named_query(name)))
    assert set(given) <= wanted
    return list(store.named(name, **{key: given.get(key) for key in wanted}))


def _check(store: Store, report: Report) -> None:
    assert len(report.evidence) > 40
    for evidence in report.evidence:
        rows = _answer(store, evidence)
        weights = {str(row["author"]): float(str(row.get("weight", 1))) for row in rows}
        people, counted = sum(weights.values()), evidence.people
        if counted.at_least:
            assert counted.count <= people <= counted.n
        else:
            assert people == pytest.approx(counted.count, abs=0.01), command(evidence)
        if evidence.seen:
            assert len({row["url"] for row in rows}) == evidence.seen.posts, command(evidence)


def test_on_the_planted_market(analysed: World, analysed_store: Store, report: Report) -> None:
    _check(analysed_store, report)


def test_on_the_demonstration(demo_study: Path) -> None:
    demo = open_demo(demo_study)
    with open_store(demo.study.database, read_only=True) as store:
        _check(store, demo.report)


def test_a_command_may_be_pasted_into_a_shell(report: Report) -> None:
    """What people and pages call themselves must not be run: no word of it stands where a shell acts upon it."""
    for evidence in report.evidence:
        assert not re.search(r"[`$\\!%]", command(evidence))
        assert shlex.split(command(evidence))
