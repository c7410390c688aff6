"""What an analysis costs: everything from the rows to the findings, in two sizes, and again after one post in a hundred is new.

Each analysis is a process of its own. What is asked is asked of processor time, which a busy machine does not stretch; the clock on
the wall is told beside it.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from tests.bench.crawls import child
from tests.bench.market import BRANDS, Market

#: Authors for each post.
_AUTHORS = 0.12
_LEAST, _MOST = 100_000, 1_000_000


def analyse(study: str) -> dict[str, Any]:
    """One analysis of a study whose posts have been read; the seconds of each step among what is told."""
    from analysis.findings import find
    from data.store import open_store
    from data.study_file import load

    loaded, steps = load(Path(study)), list[tuple[str, float]]()
    began, cpu = time.perf_counter(), time.process_time()
    with open_store(loaded.database, mapped=False) as store:
        find(store, loaded, step=lambda name: steps.append((name, time.process_time())))
    ended = time.process_time()
    ends = [at for _, at in steps[1:]] + [ended]
    return {
        "seconds": time.perf_counter() - began,
        "cpu_seconds": ended - cpu,
        "steps": {name: round(end - at, 2) for (name, at), end in zip(steps, ends, strict=True)},
    }


def measure(folder: Path, posts: int) -> dict[str, Any]:
    """A market of so many posts made, analysed, grown by one in a hundred and analysed again; all of it is removed after."""
    place = folder / f"market-{posts}"
    place.mkdir()
    began = time.perf_counter()
    market = Market(place, posts, int(posts * _AUTHORS))
    study = market.make()
    made = time.perf_counter() - began
    whole = child("analyse", study.path)
    market.more(study, posts // 100)
    again = child("analyse", study.path)
    for path in place.iterdir():
        path.unlink()
    return {"made": made, "whole": whole, "again": again, "brands": len(BRANDS)}


def notes(folder: Path, *, quick: bool) -> list[tuple[str, float, str, str, dict[str, float]]]:
    """Lines of the table: what, value, unit, baseline, and what is asked."""
    few, many = (_LEAST // 5, _LEAST) if quick else (_LEAST, _MOST)
    small, large = (measure(folder, posts) for posts in (few, many))
    whole, again = large["whole"], large["again"]
    slowest = sorted(whole["steps"].items(), key=lambda step: -step[1])[:3]
    wall = f"{whole['seconds']:,.0f} s by the clock"
    ratio = whole["cpu_seconds"] / small["whole"]["cpu_seconds"]
    part = 100 * again["cpu_seconds"] / whole["cpu_seconds"]
    return [
        (f"a market of {many:,} posts made", large["made"], "s", "", {"at_most": 180}),
        (f"analysis of {many:,} posts", whole["cpu_seconds"], "s", wall, {"at_most": 120}),
        ("… its peak memory", whole["peak_mb"], "MB", "", {"at_most": 2000}),
        (f"… against {few:,} posts", ratio, "times", f"{small['whole']['cpu_seconds']:,.1f} s", {"at_most": 12}),
        ("… again after 1 % new posts", part, "%", f"{again['cpu_seconds']:,.1f} s", {"at_most": 15}),
        *((f"… of which {name}", seconds, "s", "", {}) for name, seconds in slowest),
    ]
