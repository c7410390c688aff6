"""The text pipeline over the store: whose brand a post is about, and nothing read twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

import pytest

from analysis.read import Brands, read, versions_for, waiting
from data.records import Annotation, Pain
from data.store import PostToRead
from tests.analysis.world import BE, MINI, OWN, Person, World


def _post(text: str, title: str | None = None, source: str | None = None) -> PostToRead:
    return PostToRead(1, text, None, title, source)


@pytest.mark.parametrize(
    ("text", "title", "source", "mentions"),
    [
        ("MiniCare thấm tốt", None, None, [(MINI, "text")]),
        ("mini-care với mini care là một", None, None, [(MINI, "text")]),
        ("so MINICARE với be yeu", None, None, [(MINI, "text"), (BE, "text")]),
        ("minicareful không phải", None, None, []),
        ("an nhien với An-Nhiên", None, None, [(OWN, "text")]),
        ("bị hăm quá", "Review MiniCare", None, [(MINI, "thread")]),
        ("bị hăm quá", "Review MiniCare", BE, [(BE, "source")]),
        ("MiniCare tốt hơn", None, BE, [(MINI, "text"), (BE, "source")]),
        ("ảnh đẹp quá", f"{BE} hay {MINI}?", None, []),
        ("", None, None, []),
    ],
)
def test_own_words_first_then_the_source_then_the_title(
    world: World, text: str, title: str | None, source: str | None, mentions: list[tuple[str, str]]
) -> None:
    assert list(Brands(world.study).about(_post(text, title, source))) == mentions


def test_names_of_signs_and_blanks_find_nothing_everywhere(world: World) -> None:
    strange = world.study.own.model_copy(update={"name": " - ", "aliases": ["(a+)+$", "B.E."]})
    brands = Brands(world.study.model_copy(update={"own": strange}))
    assert brands.named("một câu bình thường - không có gì") == []
    assert brands.named("hàng của B.E. đây, (a+)+$ nhé") == [" - "]


@pytest.mark.parametrize(
    ("target", "mentions", "brand"),
    [
        (MINI, [(BE, "text")], MINI),
        ("bỉm mini care", [(BE, "text")], MINI),
        ("", [(BE, "text")], BE),
        ("giao hàng", [(BE, "thread")], BE),
        ("", [(BE, "text"), (MINI, "text")], None),
        ("", [(MINI, "text"), (BE, "source")], MINI),
        ("", [], None),
    ],
)
def test_a_pain_blames_its_target_else_the_only_brand(
    world: World, target: str, mentions: list[tuple[str, str]], brand: str | None
) -> None:
    pain = Pain("complaint", "price", target, 2, 0, 1, "x", 0.9, "planted")
    assert Brands(world.study).blamed([pain], mentions) == (brand,)


class _Reader:
    """Reads nothing out of texts; breaks off at a text that says so, once."""

    versions: ClassVar[dict[str, str]] = {"vi": "r1", "en": "e1", "other": "o1"}

    def __init__(self) -> None:
        self.broken = False

    def annotate(self, items: Iterable[Mapping[str, Any]]) -> Iterator[Annotation]:
        for item in items:
            if "đứt" in item["text"] and not self.broken:
                self.broken = True
                raise KeyboardInterrupt
            yield Annotation(str(item["id"]), "vi")


def test_a_broken_reading_goes_on_where_it_was_and_a_finished_one_does_nothing(world: World) -> None:
    with world.open() as store:
        people = [
            Person(f"người {c}", MINI, words=f"câu chuyện {c}" + (" đứt" if c == "h" else "")) for c in "abcdefghij"
        ]
        world.fill(store, people)
        reader = _Reader()
        with pytest.raises(KeyboardInterrupt):
            read(store, world.study, lambda _: reader, batch_size=3)
        assert read(store, world.study, lambda _: reader, batch_size=3) == 4
        states = [
            r["state"] for r in store.query("select state from runs where what = 'read' and versions like '%r1%'")
        ]
        assert states == ["interrupted", "done"]

        def never(_: object) -> _Reader:
            raise AssertionError("the pipelines are built only where there is something to read")

        assert read(store, world.study, never) == 0
        assert not any(waiting(store, v["version"]) for v in store.query("select distinct version from annotations"))


def test_a_change_in_one_language_has_the_posts_in_that_language_read_again(world: World) -> None:
    with world.open() as store:
        world.fill(
            store, [Person(f"người {c}", MINI, words=f"{lang} {c}") for lang in ("vi", "en", "fr") for c in "ab"]
        )
        read_before = versions_for(_ByFirstWord(), world.study)
        total = read(store, world.study, lambda _: _ByFirstWord())
        assert waiting(store, read_before) == 0
        changed = {lang: _ByFirstWord({lang: "2"}) for lang in ("vi", "en", "other")}
        left = {lang: waiting(store, versions_for(reader, world.study)) for lang, reader in changed.items()}
        assert left["en"] == left["other"] == 2
        assert sum(left.values()) == total
        keys = [post.key for batch in store.posts_to_read(versions_for(changed["en"], world.study)) for post in batch]
        langs = {row["lang"] for row in store.query(f"select lang from posts where id in ({','.join(map(str, keys))})")}
        assert langs == {"en"}


class _ByFirstWord:
    """Takes a text's first word for its language."""

    def __init__(self, newer: Mapping[str, str] | None = None) -> None:
        self.versions = {"vi": "1", "en": "1", "other": "1", **(newer or {})}

    def annotate(self, items: Iterable[Mapping[str, Any]]) -> Iterator[Annotation]:
        for item in items:
            first = str(item["text"]).split()[0]
            yield Annotation(str(item["id"]), first if first in ("en", "fr") else "vi")
