"""What a wrong question is answered with: the fault, and what was probably meant."""

from __future__ import annotations

import pytest

from data.errors import InputError
from data.numbers import number
from data.store import Store
from data.words import LANGUAGES, speak


@pytest.mark.parametrize("sql", ["", "  ", ";", "-- nothing\n", "/* nothing */ ;"])
def test_a_query_that_asks_nothing_is_not_called_writing(store: Store, sql: str) -> None:
    with pytest.raises(InputError) as met:
        list(store.query(sql))
    assert met.value.key == "one_query"


@pytest.mark.parametrize(
    ("sql", "meant"),
    [
        ("select * from post_flat", "posts_flat"),
        ("select * from main.paint_flat", "pains_flat"),
        ("select p.brnd from posts_flat p", "brand"),
        ("select serverity from pains_flat", "severity"),
    ],
)
def test_a_misspelt_table_or_column_is_told_with_the_nearest(store: Store, sql: str, meant: str) -> None:
    with pytest.raises(InputError) as met:
        list(store.query(sql))
    assert f"“{meant}”" in str(met.value)


def test_a_name_like_no_other_gets_no_suggestion(store: Store) -> None:
    with pytest.raises(InputError) as met:
        list(store.query("select * from xyzzy"))
    assert str(met.value).count("“") == 1


def test_numbers_are_written_as_the_language_writes_them() -> None:
    written = {}
    for lang in LANGUAGES:
        speak(lang)
        written[lang] = (number(3869), number(8.84, 1), number(1234567.5, 1))
    speak(None)
    assert written == {"vi": ("3.869", "8,8", "1.234.567,5"), "en": ("3,869", "8.8", "1,234,567.5")}
