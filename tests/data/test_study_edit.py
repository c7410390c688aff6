"""Assumptions written into study files of every layout: nothing else of the file changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import InputError
from data.study_edit import add_assumption, retire_assumption
from data.study_file import load

HEAD = "study: thu   # tên ngắn\ncontact: a@example.com\n"
TAIL = "sources:\n  - {url: 'https://forum.example/',   kind: forum, token: ${TOKEN}}  # giữ nguyên\n"
NEW = {"attribute": "gender", "expect": "female", "at_least": 0.7, "since": "2026-11-22", "note": 'họ nói "mẹ", nhiều'}
LINE = '{attribute: gender, expect: female, at_least: 0.7, since: 2026-11-22, note: "họ nói \\"mẹ\\", nhiều"}'

#: The own part of a file, and the same with the assumption added to “Mẹ bỉm”.
ADDED = {
    "a list of flow mappings with remarks": (
        """own:
  name: An Nhiên
  target:
    - segment: Mẹ bỉm
      assumptions:   # những điều ta tin
        # khách trẻ
        - {attribute: age, expect: 25-34,   at_least: 0.5}   # từ đầu năm
        # - {pain: price, expect: top 3}

  aliases: [an nhien]
""",
        """own:
  name: An Nhiên
  target:
    - segment: Mẹ bỉm
      assumptions:   # những điều ta tin
        # khách trẻ
        - {attribute: age, expect: 25-34,   at_least: 0.5}   # từ đầu năm
        - LINE
        # - {pain: price, expect: top 3}

  aliases: [an nhien]
""",
    ),
    "dashes below their key": (
        """own:
    name: An Nhiên
    target:
    -   segment: Mẹ bỉm
        assumptions:
        -   attribute: age
            expect: 25-34
            at_least: 0.5
            note: |
              hai dòng
              ghi chú

""",
        """own:
    name: An Nhiên
    target:
    -   segment: Mẹ bỉm
        assumptions:
        -   attribute: age
            expect: 25-34
            at_least: 0.5
            note: |
              hai dòng
              ghi chú
        - attribute: gender
          expect: female
          at_least: 0.7
          since: 2026-11-22
          note: "họ nói \\"mẹ\\", nhiều"

""",
    ),
    "an empty list": (
        "own:\n  name: An Nhiên\n  target:\n    - segment: Mẹ bỉm\n      assumptions: []  # chưa có\n",
        "own:\n  name: An Nhiên\n  target:\n    - segment: Mẹ bỉm\n      assumptions: [LINE]  # chưa có\n",
    ),
    "a segment without assumptions": (
        "own:\n  name: An Nhiên\n  target:\n    - segment: Mẹ bỉm\n      share_of_revenue: 0.6  # ước\n",
        "own:\n  name: An Nhiên\n  target:\n    - segment: Mẹ bỉm\n      share_of_revenue: 0.6  # ước\n"
        "      assumptions:\n        - LINE\n",
    ),
    "another segment": (
        "own:\n  name: An Nhiên\n  target:\n    - segment: Bố\n      assumptions: []\n",
        "own:\n  name: An Nhiên\n  target:\n    - segment: Bố\n      assumptions: []\n"
        "    - segment: Mẹ bỉm\n      assumptions:\n        - LINE\n",
    ),
    "no target": (
        "own:\n  name: An Nhiên   # ta\n",
        "own:\n  name: An Nhiên   # ta\n  target:\n    - segment: Mẹ bỉm\n      assumptions:\n        - LINE\n",
    ),
    "all in one line": (
        "own: {name: An Nhiên, target: [{segment: Mẹ bỉm, assumptions: [{pain: price, expect: top 3}]}]}  # gọn\n",
        "own: {name: An Nhiên, target: [{segment: Mẹ bỉm, assumptions: [{pain: price, expect: top 3}, LINE]}]}  # gọn\n",
    ),
    "one line without target": (
        "own: {name: An Nhiên}\n",
        "own: {name: An Nhiên, target: [{segment: Mẹ bỉm, assumptions: [LINE]}]}\n",
    ),
}  # fmt: skip


def written(folder: Path, text: str) -> Path:
    path = folder / "study.yaml"
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("layout", list(ADDED))
def test_an_assumption_is_added_and_nothing_else_changes(tmp_path: Path, layout: str, newline: str, mark: str) -> None:
    before, after = ((mark + HEAD + text.replace("LINE", LINE) + TAIL).replace("\n", newline) for text in ADDED[layout])
    path = written(tmp_path, before)
    study = add_assumption(load(path), "Mẹ bỉm", NEW)
    assert path.read_bytes().decode() == after
    assert study == load(path)
    assert study.path == path
    assert list(tmp_path.iterdir()) == [path]


def test_an_own_part_at_the_end_without_a_last_newline(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + TAIL + "own:\n  name: An Nhiên\n  aliases:\n  - an nhien")
    add_assumption(load(path), "Mẹ bỉm", NEW)
    assert path.read_text(encoding="utf-8").endswith(
        f"  target:\n    - segment: Mẹ bỉm\n      assumptions:\n        - {LINE}"
    )


RETIRED = {"retired": "2026-11-22", "retired_why": "khách: đã khác"}


@pytest.mark.parametrize(
    ("entry", "after"),
    [
        (
            "      - {attribute: age, expect: 25-34, at_least: 0.5}  # tin\n",
            '      - {attribute: age, expect: 25-34, at_least: 0.5, retired: 2026-11-22, retired_why: "khách: đã khác"}  # tin\n',
        ),
        (
            "      - attribute: age\n        expect: 25-34\n        at_least: 0.5  # tin\n      # hết\n",
            "      - attribute: age\n        expect: 25-34\n        at_least: 0.5  # tin\n"
            '        retired: 2026-11-22\n        retired_why: "khách: đã khác"\n      # hết\n',
        ),
    ],
)
def test_an_assumption_is_retired_where_it_stands(tmp_path: Path, entry: str, after: str) -> None:
    start = (
        HEAD
        + "own:\n  name: An Nhiên\n  target:\n  - segment: Mẹ bỉm\n    assumptions:\n      - {pain: price, expect: top 3}\n"
    )
    path = written(tmp_path, start + entry + TAIL)
    retire_assumption(load(path), 0, 1, RETIRED)
    assert path.read_text(encoding="utf-8") == start + after + TAIL


def test_a_file_whose_parts_are_shared_is_left_alone_and_the_line_is_given(tmp_path: Path) -> None:
    text = (
        HEAD + "own:\n  name: An Nhiên\n  target:\n    - segment: Mẹ bỉm\n      assumptions: &chung\n"
        "        - {pain: price, expect: top 3}\n    - {segment: Bố, assumptions: *chung}\n" + TAIL
    )
    path = written(tmp_path, text)
    with pytest.raises(InputError) as refused:
        add_assumption(load(path), "Bố", NEW)
    assert LINE in str(refused.value)
    assert path.read_text(encoding="utf-8") == text
    assert list(tmp_path.iterdir()) == [path]
