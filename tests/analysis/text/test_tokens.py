"""Tokens, the spaces between them and where they begin, however a text is spaced."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.text.pipeline import build
from analysis.text.tokens import read_text, source_of, split

NLP = build("vi")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("máy nóng, lag!!", ["máy", "nóng", ",", "lag", "!!"]),
        ("xem https://a.vn/x nha", ["xem", "https://a.vn/x", "nha"]),
        (" hai  cách ", [" ", "hai", " ", "cách"]),
        ("một\nhai ba", ["một", "\n", "hai", "ba"]),
        ("1tr5 :)) <3", ["1tr5", ":))", "<3"]),
        ("", []),
        (" ", [" "]),
    ],
)
def test_what_a_token_is(text: str, words: list[str]) -> None:
    assert split(text)[0] == words


@given(st.text(alphabet="aé 1.,!\n\u00a0😡:)@/>", max_size=40))
def test_tokens_give_the_text_again_and_begin_where_they_stand(text: str) -> None:
    words, spaces = split(text)
    assert "".join(word + " " * space for word, space in zip(words, spaces, strict=True)) == text
    source = read_text(text)
    ends = [source.text[start : source.end(i)] for i, start in enumerate(source.starts)]
    assert ends == source.words
    assert [token.idx for token in NLP.make_doc(text)] == source.starts


def test_a_saved_text_is_read_from_its_tokens_again() -> None:
    doc = NLP("máy nóng,  lag")
    doc.user_data.clear()
    assert source_of(doc).words == ["máy", "nóng", ",", " ", "lag"]
    assert source_of(doc).starts == [token.idx for token in doc]
