"""Who goes from which brand to which."""

from __future__ import annotations

import json
from functools import cache
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from analysis import switching
from analysis.brand_roles import told
from analysis.columns import NEVER
from analysis.read import Brands, annotator
from analysis.switching import FROM, TO, Change
from data.study import Study
from tests.analysis.world import BE, MINI, OWN, STUDY

WORLD = Study.model_validate(STUDY)


def _cues(text: str, *marks: tuple[str, str]) -> list[dict[str, Any]]:
    found = []
    for value, words in marks:
        at = text.index(words)
        found.append({"post": 1, "value": value, "start": at, "stop": at + len(words), "text": text})
    return found


@pytest.mark.parametrize(
    ("text", "marks", "left", "taken"),
    [
        ("dùng MiniCare chán nên mình đổi sang An Nhiên", [(FROM, "đổi sang"), (TO, "đổi sang")], MINI, OWN),
        ("dung mini care chan nen minh doi sang an nhien", [(FROM, "doi sang"), (TO, "doi sang")], MINI, OWN),
        ("hết hăm từ hôm đổi sang Minicare", [(FROM, "đổi sang"), (TO, "đổi sang")], "", MINI),
        ("bỏ Bé Yêu qua An Nhiên rồi", [(FROM, "bỏ Bé Yêu"), (TO, "qua An")], BE, OWN),
        ("mình chuyển từ MiniCare sang loại khác", [(FROM, "chuyển từ")], MINI, ""),
        ("chia tay MiniCare luôn", [(FROM, "chia tay MiniCare")], MINI, ""),
        ("we switched from MiniCare to An Nhiên", [(FROM, "switched from"), (TO, "to An")], MINI, OWN),
        ("dùng MiniCare rồi đổi qua 3 hãng vẫn vậy", [(FROM, "đổi qua"), (TO, "đổi qua")], None, None),
        ("chuyển từ từ thôi, ngày hai miếng. MiniCare ổn", [(FROM, "chuyển từ")], None, None),
        ("đổi sang MiniCare rồi lại đổi qua Bé Yêu", [(TO, "đổi sang"), (TO, "đổi qua")], None, None),
    ],
)
def test_which_brand_is_left_and_which_taken(
    text: str, marks: list[tuple[str, str]], left: str | None, taken: str | None
) -> None:
    found = list(switching.changes(iter(_cues(text, *marks)), WORLD))
    assert found == ([] if left is None else [Change(1, left, taken or "")])


@pytest.mark.parametrize(
    ("text", "left", "taken"),
    [
        ("Mình vừa đổi từ MiniCare sang An Nhiên vì hỏng hoài", MINI, OWN),
        ("Chuyển từ MiniCare qua An Nhiên được hai tháng rồi", MINI, OWN),
        ("vừa chuyển từ minicare sang bỉm An Nhiên, ưng hơn hẳn", MINI, OWN),
        ("vua chuyen tu mini care sang an nhien ne", MINI, OWN),
        ("Nhà mình bỏ MiniCare rồi, giờ dùng An Nhiên", MINI, OWN),
        ("Mình thay MiniCare bằng An Nhiên từ tháng trước", MINI, OWN),
        ("đổi MiniCare sang An Nhiên", MINI, OWN),
        ("Em bỏ MiniCare rồi nhé", MINI, ""),
        ("We switched from MiniCare to An Nhiên last month because it leaks", MINI, OWN),
        ("we moved over from MiniCare to An Nhiên", MINI, OWN),
        ("I ditched MiniCare for An Nhiên", MINI, OWN),
        ("I switched to An Nhiên from MiniCare", MINI, OWN),
    ],
)
def test_the_plainest_sentences_are_read_as_they_stand(text: str, left: str, taken: str) -> None:
    """What the text pipeline finds in the sentence, not spans that a test made up."""
    found = _annotator().annotate_one({"id": "1", "text": text})
    cues = [
        {"post": 1, "value": cue.value, "start": cue.start, "stop": cue.end, "text": text}
        for cue in found.cues
        if cue.attribute == "behaviour" and cue.value in (FROM, TO)
    ]
    relations: dict[str, list[str]] = {}
    for brand, relation in told(text, Brands(WORLD).places(text)):
        relations.setdefault(brand, []).append(relation)
    said = [{"post": 1, "brand": brand, "relations": " ".join(names)} for brand, names in relations.items()]
    assert list(switching.changes(cues, WORLD, said)) == [Change(1, left, taken)], (cues, said)


@cache
def _annotator() -> Any:
    return annotator(WORLD)


def test_people_are_counted_once_and_what_they_tell_in_the_same_post_stands_beside() -> None:
    posts = pd.DataFrame(
        {"post": [1, 2, 3], "author": [7, 7, 8], "source": 1, "at": [1_767_225_600, 1_769_904_000, NEVER]}
    )
    brands: list[Any] = [MINI, OWN, None]
    told = posts.assign(confidence=0.9)
    people: Any = SimpleNamespace(
        posts=posts,
        cues=told.assign(attribute="value", value="safety").head(1),
        pains=told.assign(category="delivery", brand=brands),
    )
    found = [Change(post, MINI, OWN) for post in (1, 2, 3)]
    row = next(switching.rows(people, found))
    assert (row["authors"], row["posts"]) == (2, 3)
    assert (row["first_seen"], row["last_seen"]) == ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z")
    reasons = {(r["kind"], r["code"]): r["authors"] for r in json.loads(row["reasons"])}
    assert reasons == {("pain", "delivery"): 2, ("value", "safety"): 1}, (
        "what they blame on the new brand is no reason to leave"
    )
    assert len(json.loads(row["evidence"])) == 2


def test_nobody_changes_is_no_error() -> None:
    nobody = pd.DataFrame({"post": [], "author": [], "at": [], "attribute": [], "category": [], "brand": []})
    people: Any = SimpleNamespace(posts=nobody.astype({"post": "int64"}), cues=nobody, pains=nobody)
    assert list(switching.rows(people, [])) == []
