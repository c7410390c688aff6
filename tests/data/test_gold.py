"""The gold and training posts: every code is the codebook's, every quote stands in its text, and the sets are what we say."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import gold
from data.errors import InputError
from data.gold import CodedPost, CodingError, coded

FOLDER = Path(gold.__file__).parent / "languages"
FILES = sorted(FOLDER.glob("*/gold/*.jsonl")) + sorted(FOLDER.glob("*/training/*.jsonl"))
LEAST = {"vi": 1200, "en": 600}
#: Of the word triples of two texts, so many in common and one is a copy of the other.
NEAR = 0.8


@pytest.mark.parametrize("path", FILES, ids=lambda path: "-".join((*path.parts[-3:-1], path.stem)))
def test_every_line_is_coded_as_the_codebook_says(path: Path) -> None:
    posts = gold.read_coded(path)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [post.id for post in posts] == [line["id"] for line in lines]
    for post, line in zip(posts, lines, strict=True):
        assert (post.language, post.domain) == (path.parts[-3], path.stem)
        assert line["text"] == unicodedata.normalize("NFC", line["text"]) == post.text
        assert post.posted_at
        assert not [pain for pain in post.pains if pain.kind == "problem" and pain.target]
        assert all(post.text[one.start : one.end] == one.quote for one in (*post.cues, *post.pains))
        told = [(c.attribute, c.value, c.who, c.start, c.end) for c in post.cues]
        assert len(told) == len(set(told)), post.id


@pytest.mark.parametrize("lang", gold.LANGUAGES)
def test_the_sets_are_as_large_and_as_hard_as_we_say(lang: str) -> None:
    posts = gold.gold(lang)
    assert len(posts) >= LEAST[lang]
    assert len(gold.domains(lang)) == 14
    assert sum(bool(post.hard) for post in posts) / len(posts) >= 0.35
    assert 0.1 < sum(not post.cues and not post.pains for post in posts) / len(posts) < 0.4
    assert {kind for post in posts for kind in post.hard} >= set(gold.HARD) - {"no_diacritics"}


@pytest.mark.parametrize("lang", gold.LANGUAGES)
def test_a_hash_splits_them_in_halves(lang: str) -> None:
    posts = gold.gold(lang)
    even = [post for post in posts if gold.half(post.id) == gold.DEVELOPMENT]
    assert 0.45 < len(even) / len(posts) < 0.55
    development, test = (gold.gold(lang, part=part) for part in gold.HALVES)
    assert [post.id for post in development] == [post.id for post in even if post.domain != gold.UNSEEN_DOMAIN]
    assert len(test) == len(posts) - len(even)
    assert {post.domain for post in test} == set(gold.domains(lang))
    assert gold.half("vi-baby-001") == gold.TEST


def test_nobody_looks_at_the_test_half_nor_at_the_unseen_domain() -> None:
    assert not any(gold.unseen(post) for post in gold.gold(part=gold.DEVELOPMENT))
    assert all(gold.unseen(post) for post in [*gold.gold(part=gold.TEST), *gold.gold(domain=gold.UNSEEN_DOMAIN)])


def test_no_id_and_no_text_stands_twice() -> None:
    posts = gold.gold() + gold.training()
    assert [name for name, n in Counter(post.id for post in posts).items() if n > 1] == []
    assert [name for name, n in Counter(" ".join(_words(post.text)) for post in posts).items() if n > 1] == []


def test_nothing_to_learn_from_is_near_a_gold_post() -> None:
    assert gold.UNSEEN_DOMAIN not in gold.domains(kind="training")
    assert list(_near(gold.gold(), gold.training())) == []


def test_the_agreement_of_the_coders_is_told_of_all_posts() -> None:
    for lang in gold.LANGUAGES:
        told = gold.agreement(lang)
        assert told["posts"] == len(gold.gold(lang))
        assert all(
            0.7 < told[name] <= 1 for name in ("cues", "who", "pain_posts", "pains", "category", "kind", "severity")
        )


def _near(gold_posts: list[CodedPost], others: list[CodedPost]) -> Iterator[tuple[str, str]]:
    index: dict[tuple[str, ...], list[CodedPost]] = {}
    for post in gold_posts:
        for triple in _triples(post.text):
            index.setdefault(triple, []).append(post)
    for other in others:
        triples = _triples(other.text)
        shared = Counter(post.id for triple in triples for post in index.get(triple, ()))
        texts = {post.id: post.text for triple in triples for post in index.get(triple, ())}
        for name, n in shared.items():
            if n / len(triples | _triples(texts[name])) > NEAR:
                yield name, other.id


@cache
def _triples(text: str) -> frozenset[tuple[str, ...]]:
    words = _words(text)
    return frozenset(tuple(words[at : at + 3]) for at in range(max(len(words) - 2, 1)))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


LINE = {
    "id": "1",
    "language": "en",
    "text": "I'm 28, and 28 cups later it leaks",
    "cues": [{"attribute": "age", "value": "28", "who": "self", "quote": "28"}],
    "pains": [{"kind": "complaint", "category": "quality", "target": "it", "severity": 2, "quote": "it leaks"}],
}


_KEYS = ("attribute", "value", "who", "quote", "nth", "group")
_plain = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["age", "28", "self", "leaks"])
)
_anything = st.recursive(
    _plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
)


def test_a_line_becomes_a_post() -> None:
    post = coded(LINE)
    assert (post.cues[0].start, post.cues[0].end) == (4, 6)
    assert post.text[post.pains[0].start :] == "it leaks"


def test_nth_tells_which_of_equal_words_is_meant() -> None:
    cue = {**LINE["cues"][0], "nth": 2}  # type: ignore[dict-item]
    assert coded({**LINE, "cues": [cue]}).cues[0].start == 12


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": ""}, "text"),
        ({"language": "fr"}, "fr"),
        ({"cues": {}}, "cues"),
        ({"cues": [{"attribute": "aeg", "value": "28", "who": "self", "quote": "28"}]}, "aeg"),
        ({"cues": [{"attribute": "age", "value": "old", "who": "self", "quote": "28"}]}, "old"),
        ({"cues": [{"attribute": "age", "value": "28", "who": "self", "quote": "29"}]}, "29"),
        ({"cues": [{"attribute": "age", "value": "28", "who": "self", "quote": "28", "nth": 3}]}, "28"),
        ({"pains": [{**LINE["pains"][0], "severity": 4}]}, "4"),  # type: ignore[dict-item]
        ({"pains": [{**LINE["pains"][0], "category": "noise"}]}, "noise"),  # type: ignore[dict-item]
        ({"brands": ["MiniCare"]}, "brands"),
        ({"hard": ["tough"]}, "tough"),
    ],
)
def test_what_cannot_be_used_is_named(change: dict[str, object], said: str) -> None:
    with pytest.raises(CodingError, match=said):
        coded({**LINE, **change})


@given(
    st.dictionaries(st.sampled_from([*LINE, "hard", "brands", "posted_at"]), _anything)
    | st.fixed_dictionaries(
        {}, optional={"cues": st.lists(st.dictionaries(st.sampled_from(_KEYS), _anything), max_size=2)}
    )
)
def test_whatever_stands_in_a_line_it_is_used_or_refused(change: dict[str, object]) -> None:
    with suppress(CodingError):
        post = coded({**LINE, **change})
        assert all(post.text[one.start : one.end] == one.quote for one in (*post.cues, *post.pains))


def test_an_unusable_line_is_named_with_its_file(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text(json.dumps(LINE) + "\n\n{torn\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"labels.jsonl.*3"):
        gold.read_coded(path)
    with pytest.raises(InputError, match=r"no.jsonl"):
        gold.read_coded(tmp_path / "no.jsonl")
