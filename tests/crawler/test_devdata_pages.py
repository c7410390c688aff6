"""Extraction measured on real pages that others labelled, where those sets lie beside the project.

The sets are not part of the project; without them these tests are skipped. Floors stand in ``tests/floors.toml``.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from crawler.extract_file import extract_file

SETS = Path(__file__).resolve().parents[3] / "shared" / "devdata"
FLOORS = tomllib.loads((Path(__file__).parents[1] / "floors.toml").read_text(encoding="utf-8"))["pages"]

pytestmark = pytest.mark.skipif(
    not (SETS / "score_pages.py").exists(),
    reason=f"the labelled pages are not here ({SETS}): nothing to measure against",
)


#: What an address of a profile is made of, beside the name.
_FRAME = re.compile(r"members?|users?|profile|mode|view|list|_info|dashboard|top|\.php|\.pl", re.I)


def flat(text: str | None) -> str:
    return re.sub(r"\W+", "", (text or "").lower())


@pytest.fixture(scope="module")
def predictions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float]:
    """The extraction of all pages as the command writes it, and how many pages it read in a second of one core."""
    folder = tmp_path_factory.mktemp("pages")
    pages, out = folder / "pages.jsonl", folder / "out.jsonl"
    listed = subprocess.run(
        [sys.executable, str(SETS / "pages_in.py"), str(SETS)], capture_output=True, check=True
    ).stdout
    pages.write_bytes(listed)
    started = time.process_time()
    with pages.open("rb") as source, out.open("w", encoding="utf-8") as target:
        wrong = extract_file(source, folder, target, print)
    assert wrong == 0
    return out, listed.count(b"\n") / (time.process_time() - started)


@pytest.fixture(scope="module")
def scores(predictions: tuple[Path, float]) -> dict[str, float]:
    """The figures that the sets' own script prints."""
    command = [sys.executable, str(SETS / "score_pages.py"), str(SETS), str(predictions[0])]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    print(said)
    return {
        name: float(value) for name, value in re.findall(r"\b(F1|author|day|forum|service|product) (\d\.\d+)", said)
    }


@pytest.mark.parametrize(
    ("figure", "floor"),
    [
        ("F1", "forum52_posts_f1"),
        ("day", "forum52_day"),
        ("forum", "wcxb_forum"),
        ("service", "wcxb_service"),
        ("product", "wcxb_product"),
    ],
)
def test_pages_are_read_no_worse_than_before(scores: dict[str, float], figure: str, floor: str) -> None:
    assert scores[figure] >= FLOORS[floor], f"{figure} {scores[figure]} fell below {FLOORS[floor]}"


def test_authors_are_the_names_that_the_pages_show(predictions: tuple[Path, float]) -> None:
    """Half of the set names authors by their profile's number alone; only the others can be compared with a name."""
    lines = (json.loads(line) for line in predictions[0].read_text(encoding="utf-8").splitlines())
    posts = {line["id"]: line["posts"] for line in lines}
    right = compared = 0
    for line in (SETS / "forum52" / "pages.jsonl").read_text(encoding="utf-8").splitlines():
        page = json.loads(line)
        found = {" ".join(post["text"].split())[:80]: post for post in posts[f"forum52/{page['id']}"]}
        for gold in page["posts"]:
            post = found.get(" ".join(gold["post_text"].split())[:80])
            user = re.sub(r"https?://[^/]*|[&?](?:s|sid)=\w+|javascript:.*", "", gold["user"] or "")
            if post is None or not re.search(r"[a-z]{3}", _FRAME.sub(" ", user), re.I):
                continue
            compared += 1
            right += bool(flat(post["author"])) and (
                flat(post["author"]) in flat(user) or flat(user) in flat(post["author"])
            )
    print(f"authors named by the set: {right} of {compared} right")
    assert right >= FLOORS["forum52_author"] * compared


def test_pages_are_read_fast_enough(predictions: tuple[Path, float]) -> None:
    print(f"{predictions[1]:.1f} pages in a second of one core")
    assert predictions[1] >= FLOORS["pages_per_second"]
