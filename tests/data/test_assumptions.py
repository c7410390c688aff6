"""The names, canonical wording and rules of assumptions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from data.assumptions import changes, claims, named, rule, statement
from data.study import Assumption, Study
from data.study_file import load, notes
from data.words import speak

#: A study file of before there was a register: no id, no since, thresholds as they were.
BEFORE = """\
study: thu
contact: research@mydomain.com
own:
  name: An Nhiên
  target:
    - segment: Mẹ bỉm thành thị
      share_of_revenue: 0.6
      assumptions:
        - {attribute: gender, expect: female, at_least: 0.7, stated: 2026-01}
        - {attribute: age, expect: 25-34, at_least: 0.5}
        - {attribute: location, expect: [Hà Nội, Hồ Chí Minh], at_least: 0.5}
        - {pain: safety_health, expect: top 3}
        - {attribute: value, expect: safety, at_least: 0.3}
        - {attribute: value, expect: price, at_most: 0.3, note: họ không ngại giá}
    - segment: 妈妈
      assumptions: [{attribute: gender, expect: female, at_least: 0.7}]
sources: [{url: 'https://forum.example/'}]
"""


def study(*assumptions: dict[str, Any], segment: str = "Mẹ bỉm") -> Study:
    own = {"name": "A", "target": [{"segment": segment, "assumptions": list(assumptions)}]}
    return Study.model_validate(
        {"study": "s", "contact": "a@b.vn", "own": own, "sources": [{"url": "https://forum.example/"}]}
    )


def ids(*assumptions: dict[str, Any], segment: str = "Mẹ bỉm") -> list[str]:
    return [claim.id for claim in claims(study(*assumptions, segment=segment))]


GENDER = {"attribute": "gender", "expect": "female", "at_least": 0.7}


def test_a_study_file_of_before_loads_and_its_assumptions_have_names(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(BEFORE, encoding="utf-8")
    found = claims(load(tmp_path))
    assert [claim.id for claim in found[:6]] == [
        "me-bim-thanh-thi.gender",
        "me-bim-thanh-thi.age",
        "me-bim-thanh-thi.location",
        "me-bim-thanh-thi.pain-safety_health",
        "me-bim-thanh-thi.value-safety",
        "me-bim-thanh-thi.value-price",
    ]
    assert found[6].id.endswith(".gender")
    assert len({claim.id for claim in found}) == 7
    assert [claim.assumption.made for claim in found[:2]] == ["2026-01", None]
    assert {claim.assumption.minimum_n for claim in found} == {30}


@pytest.mark.parametrize(
    "other",
    [
        {"at_least": 0.4}, {"at_least": None, "at_most": 0.4}, {"expect": "male"}, {"note": "x"}, {"minimum_n": 50},
        {"since": "2026-01"}, {"retired": "2026-01"},
    ],
)  # fmt: skip
def test_a_name_does_not_move_with_the_threshold(other: dict[str, Any]) -> None:
    assert ids(GENDER) == ids({**GENDER, **other}) == ["me-bim.gender"]


def test_names_that_are_taken_get_a_number_and_the_first_keeps_its_own() -> None:
    second = {"attribute": "gender", "expect": "female", "at_most": 0.95}
    assert ids(GENDER, second) == ["me-bim.gender", "me-bim.gender-2"]
    assert ids(GENDER, {**second, "id": "me-bim.gender"}) == ["me-bim.gender-2", "me-bim.gender"]
    assert ids(GENDER, {**second, "id": "Nữ.2"}) == ["me-bim.gender", "Nữ.2"]


def test_long_and_strange_segments_have_short_names() -> None:
    [long] = ids(GENDER, segment="Mẹ bỉm ở các thành phố lớn của cả nước và vùng ven, con đầu lòng")
    assert len(long) <= 50
    [strange] = ids(GENDER, segment="☂☂☂")
    assert strange.endswith(".gender")
    assert not strange.startswith(".")


def test_an_assumption_is_found_by_its_name_or_its_one_end() -> None:
    found = claims(study(GENDER, {"pain": "price", "expect": "top 3"}))
    assert named(found, "me-bim.gender") == named(found, "gender") == found[0]
    assert named(found, "gende") is None


def claim(**fields: Any) -> Assumption:
    return Assumption.model_validate(fields)


def test_the_canonical_wording_has_one_order() -> None:
    one = claim(attribute="location", expect=["Hồ Chí Minh", "Hà  Nội", "Hà Nội"], at_least=0.5, at_most=0.9)
    assert statement(one) == "location: Hà Nội, Hồ Chí Minh >= 0.5 <= 0.9"


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"at_least": 0.7}, "share, Wilson 95%; n < 30: not_enough; low >= 0.7: supported; high < 0.7: contradicted"),
        ({"at_most": 0.2, "minimum_n": 50}, "n < 50: not_enough; high <= 0.2: supported; low > 0.2: contradicted"),
        (
            {"at_least": 0.2, "at_most": 0.4},
            "low >= 0.2 and high <= 0.4: supported; high < 0.2 or low > 0.4: contradicted",
        ),
    ],
)
def test_the_rule_stands_in_one_line(fields: dict[str, Any], text: str) -> None:
    assert text in rule(claim(attribute="gender", expect="female", **fields))
    assert rule(claim(pain="price", expect="top 3")).startswith(
        "rank, bootstrap 95%; n < 30: not_enough; high <= 3: supp"
    )


def test_nothing_changed_is_no_change() -> None:
    row = dict.fromkeys(("attribute", "pain", "expected", "at_least", "at_most", "minimum_n", "rule"))
    assert changes(row, row) == []
    assert changes(row, {**row, "rule": "2"}) == ["rule"]


def test_a_date_still_to_come_is_pointed_out(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(BEFORE.replace("stated: 2026-01", "since: 2999-01-01"), encoding="utf-8")
    speak("en")
    assert any("me-bim-thanh-thi.gender is dated 2999-01-01" in note for note in notes(load(tmp_path)))
    speak(None)
