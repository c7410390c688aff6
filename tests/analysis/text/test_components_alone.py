"""Our components in somebody else's pipeline: what they lack is said, not passed over."""

from __future__ import annotations

import pytest
import spacy

from analysis.text import clauses, components, pains  # noqa: F401
from analysis.text.cues import component  # noqa: F401
from data.errors import InputError

GROUND = ("chandung_normalise", "chandung_phrases", "chandung_clauses")


@pytest.mark.parametrize("there", [0, 1, 2])
@pytest.mark.parametrize("name", ["chandung_pains", "chandung_cues"])
def test_a_component_names_those_that_it_lacks(name: str, there: int) -> None:
    nlp = spacy.blank("en")
    for one in (*GROUND[:there], name):
        nlp.add_pipe(one)
    with pytest.raises(InputError) as raised:
        nlp("the battery dies")
    assert [one in str(raised.value) for one in GROUND] == [place >= there for place in range(3)]


def test_nothing_is_lacking_where_nothing_was_found() -> None:
    nlp = spacy.blank("en")
    for one in (*GROUND, "chandung_pains", "chandung_cues"):
        nlp.add_pipe(one)
    for text in ("", " ", "\n", "zzz", "."):
        assert nlp(text)._.pains == ()


def test_a_language_that_is_not_read_is_said() -> None:
    with pytest.raises(InputError, match="xx"):
        spacy.blank("xx").add_pipe("chandung_cues")
