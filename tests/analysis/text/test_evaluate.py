"""What counts as found, and what the figures make of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from analysis.text import label_sets
from analysis.text.evaluate import LEAST, MACRO, PLAIN, Figure, compared, evaluate, read_posts
from analysis.text.matching import compare
from data import gold
from data.gold import CodedPost, coded
from data.records import Annotation, Cue, Pain

TEXT = "I'm 28, a nurse in Leeds, and the pump is so loud and leaks"


def cue(attribute: str, value: str, quote: str, who: str = "self", text: str = TEXT) -> Cue:
    start = text.index(quote)
    return Cue(attribute, value, who, start, start + len(quote), quote, 0.9, "chandung_cues", None)


def pain(quote: str, category: str = "quality", kind: str = "complaint", text: str = TEXT) -> Pain:
    start = text.index(quote)
    return Pain(kind, category, "pump", 2, start, start + len(quote), quote, 0.9, "chandung_pains")


def post(
    name: str = "1", cues: tuple[Cue, ...] = (), pains: tuple[Pain, ...] = (), *, text: str = TEXT, domain: str = "home",
    hard: tuple[str, ...] = (),
) -> CodedPost:  # fmt: skip
    return CodedPost(name, "en", text, cues, pains, domain=domain, hard=hard)


def figures(posts: list[CodedPost], read: list[Annotation], by: str | None = None) -> dict[tuple[str, str], Figure]:
    found = evaluate(compared(posts, {one.id: one for one in read}), by, rounds=200)
    return {(figure.measure, figure.group): figure for figure in found}


def counts(figure: Figure) -> tuple[int, int, int]:
    return figure.right, figure.coded, figure.read


def test_a_cue_is_found_by_its_attribute_and_value() -> None:
    coded_cues = (cue("age", "28", "28"), cue("location", "Leeds", "Leeds"))
    read = Annotation(
        "1", "en", cues=(cue("age", "28", "I'm 28"), cue("location", "leeds ", "Leeds"), cue("age", "8", "8"))
    )
    assert counts(figures([post(cues=coded_cues)], [read])["cues", ""]) == (2, 2, 3)


def test_free_wording_is_found_by_its_words() -> None:
    nurse = post(cues=(cue("occupation", "nurse", "nurse"),))
    there, elsewhere = cue("occupation", "a nurse", "a nurse"), cue("occupation", "nurse", "Leeds")
    assert counts(figures([nurse], [Annotation("1", "en", cues=(there,))])["cues", ""]) == (1, 1, 1)
    assert counts(figures([nurse], [Annotation("1", "en", cues=(elsewhere,))])["cues", ""]) == (0, 1, 1)


def test_whose_a_cue_is_counts_among_the_found() -> None:
    two = (cue("location", "Leeds", "Leeds"), cue("age", "28", "28"))
    read = Annotation("1", "en", cues=(cue("location", "Leeds", "Leeds", who="organisation"), cue("age", "28", "28")))
    found = figures([post(cues=two)], [read])
    assert counts(found["cues", ""]) == (2, 2, 2)
    assert counts(found["who", ""]) == (1, 2, 2)


def test_of_equal_cues_the_same_persons_are_set_side_by_side() -> None:
    mine, hers = cue("age", "28", "28"), cue("age", "28", "28", who="partner")
    pairs = compare(post(cues=(mine, hers)), Annotation("1", "en", cues=(hers, mine))).cues
    assert all(one and other and one.who == other.who for one, other in pairs)


def test_a_pain_is_found_once_by_half_of_the_shorter_words() -> None:
    one = post(pains=(pain("the pump is so loud"), pain("leaks", "durability")))
    inside = Annotation(
        "1", "en", pains=(pain("so loud", "performance"), pain("is so"), pain("and leaks", "durability"))
    )
    found = figures([one], [inside])
    assert counts(found["pains", ""]) == (2, 2, 3)
    assert counts(found["category", ""]) == (1, 2, 2)
    assert counts(figures([one], [inside], "category")["pains", "durability"]) == (1, 1, 1)
    assert counts(figures([one], [inside], "category")["pains", "quality"]) == (0, 1, 1)


def test_only_pains_read_surely_enough_are_counted_in_reports() -> None:
    sure, unsure = pain("the pump is so loud"), replace(pain("leaks", "durability"), confidence=0.49)
    found = figures(
        [post(pains=(pain("the pump is so loud"), pain("leaks", "durability")))],
        [Annotation("1", "en", pains=(sure, unsure))],
    )
    assert counts(found["pains", ""]) == (2, 2, 2)
    assert counts(found["pains_counted", ""]) == (1, 2, 1)


def test_a_post_in_which_nothing_was_read_is_no_error() -> None:
    found = figures([post(pains=(pain("leaks"),)), post("2")], [])
    assert counts(found["pain_posts", ""]) == (0, 1, 0)
    assert counts(found["silent", ""]) == (0, 1, 1)


def test_answers_where_nothing_was_coded_are_counted() -> None:
    read = [Annotation("1", "en", pains=(pain("leaks"),)), Annotation("2", "en")]
    assert counts(figures([post("1"), post("2")], read)["silent", ""]) == (1, 2, 2)


def test_a_share_of_few_is_not_enough_and_all_right_is_no_certainty() -> None:
    found = figures([post(cues=(cue("age", "28", "28"),))], [Annotation("1", "en", cues=(cue("age", "28", "28"),))])[
        "cues", ""
    ]
    assert not found.enough
    assert found.estimate is not None
    assert found.estimate.value == 1
    assert found.estimate.low < 0.5
    nothing = figures([post()], [])["cues", ""]
    assert nothing.estimate is None
    assert not nothing.enough


def test_posts_are_resampled_whole() -> None:
    """Ten answers in one post tell less than ten in ten posts."""
    right, text = cue("age", "28", "28"), TEXT
    quotes = [word for word in text.split() if word.isalpha()][:5]
    many = tuple(cue("channel", "forum", quote) for quote in quotes)
    clumped = [post(str(i), cues=many) for i in range(6)]
    read_clumped = [Annotation(str(i), "en", cues=many if i % 2 else ()) for i in range(6)]
    spread = [post(str(i), cues=(right,)) for i in range(30)]
    read_spread = [Annotation(str(i), "en", cues=(right,) if i % 2 else ()) for i in range(30)]
    one, other = figures(clumped, read_clumped)["cues", ""].estimate, figures(spread, read_spread)["cues", ""].estimate
    assert one is not None
    assert other is not None
    assert one.value == other.value
    assert one.high - one.low > other.high - other.low


def test_domains_weigh_the_same_in_their_mean() -> None:
    right = cue("age", "28", "28")
    posts = [post(str(i), cues=(right,), domain="home" if i else "pets") for i in range(LEAST + 1)]
    read = [Annotation(str(i), "en", cues=(right,) if i else ()) for i in range(LEAST + 1)]
    found = figures(posts, read, "domain")
    mean = found["cues", MACRO].estimate
    assert mean is not None
    assert mean.value == pytest.approx(0.5)
    assert counts(found["cues", "home"]) == (LEAST, LEAST, LEAST)
    assert found["cues", "home"].enough
    assert not found["cues", "pets"].enough


def test_hard_posts_are_told_by_what_makes_them_hard() -> None:
    posts = [post("1", hard=("irony", "emoji")), post("2")]
    found = figures(posts, [Annotation("1", "en", pains=(pain("leaks"),))], "hard")
    assert counts(found["silent", "irony"]) == counts(found["silent", "emoji"]) == (1, 1, 1)
    assert counts(found["silent", PLAIN]) == (0, 1, 1)


def test_body_attributes_are_read_for_the_figures() -> None:
    line: dict[str, Any] = {"id": "1", "language": "en", "text": "I'm 170 cm tall and weigh 60 kg"}
    line["cues"] = [{"attribute": "weight_kg", "value": "60", "who": "self", "quote": "60 kg"}]
    read = read_posts([coded(line)])
    assert "weight_kg" in {one.attribute for one in read["1"].cues}


def test_no_posts_have_no_figures() -> None:
    assert evaluate([]) == []
    assert evaluate([], "domain") == []


@pytest.mark.parametrize("lang", gold.LANGUAGES)
def test_no_training_post_says_two_things_of_the_same_words(lang: str) -> None:
    assert label_sets.of_posts(gold.training(lang)).clashes == []
