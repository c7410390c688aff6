"""Brands that are called by everyday words."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from analysis import everyday_names
from analysis.read import Brands
from data.records import Pain
from data.study import Study
from tests.analysis.world import STUDY, Person, World

SETTINGS = {**STUDY, "competitors": [{"name": "Lửa Nhỏ", "sites": []}, {"name": "MiniCare", "aliases": ["mini care"]}]}
COOKING = ("Kho cá thì để lửa nhỏ 30 phút", "Canh này đun lửa nhỏ liu riu", "Lửa nhỏ mới mềm thịt nha")


def test_a_name_that_is_written_small_is_shown_to_the_user(tmp_path: Path) -> None:
    world = World(tmp_path, SETTINGS)
    talk = [f"Nồi Lửa Nhỏ của nhà {name} chiên giòn" for name in ("Mai", "Lan", "Cúc")]
    talk += ["mới mua lửa nhỏ hôm qua, thích lắm"]  # who never writes a capital letter tells nothing by it
    with world.open() as store:
        world.fill(
            store, [Person(f"người {text}", "Lửa Nhỏ", words=text) for text in (*COOKING, *talk)]
            + [Person(f"ai {n}", "MiniCare", words=f"Mình xài minicare được {n} năm") for n in ("hai", "ba", "bốn", "năm")],
        )  # fmt: skip
        (told,) = everyday_names.found(store, world.study)
    assert (told["brand"], told["written"], told["posts"], told["of"]) == ("Lửa Nhỏ", "lửa nhỏ", 3, 7)
    assert set(told["examples"]) == {"lửa nhỏ mới mềm", "để lửa nhỏ", "đun lửa nhỏ"}


def test_what_the_study_says_is_not_the_brand_is_not() -> None:
    study = Study.model_validate(
        {**SETTINGS, "competitors": [{"name": "Lửa Nhỏ", "not_in": ["đun lửa nhỏ", "để lửa nhỏ"]}]}
    )
    brands = Brands(study)
    assert brands.named("Canh này dun lua nho liu riu") == []
    assert brands.named("Nồi Lửa Nhỏ, đừng đun lửa nhỏ") == ["Lửa Nhỏ"]
    text = "đun lửa nhỏ lâu quá"
    pain = Pain("complaint", "performance", "Lửa Nhỏ", 2, 0, len(text), text, 0.9, "x")
    assert brands.blamed([pain], (), text) == (None,)
    assert brands.blamed([pain], (("Lửa Nhỏ", "text"),), "lửa nhỏ lâu quá") == ("Lửa Nhỏ",)


def test_a_brand_s_own_name_is_no_phrase_in_which_it_is_not_meant() -> None:
    with pytest.raises(ValidationError, match="not_in"):
        Study.model_validate({**SETTINGS, "competitors": [{"name": "Lửa Nhỏ", "not_in": ["lửa nhỏ"]}]})
