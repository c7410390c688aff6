"""Clauses of chatter that has hardly a comma, what joins them, and what each does."""

from __future__ import annotations

import pytest

from analysis.text.clauses import LONGEST, Clause
from analysis.text.pipeline import build
from analysis.text.tokens import source_of

PIPELINES = {lang: build(lang) for lang in ("vi", "en")}


def clauses(text: str, lang: str = "vi") -> list[tuple[str, Clause]]:
    doc = PIPELINES[lang](text)
    source = source_of(doc)
    return [(source.text[source.starts[c.start] : source.end(c.end - 1)], c) for c in doc._.clauses]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("máy đẹp nhưng nóng", ["máy đẹp", "nhưng nóng"]),
        ("pin trâu mỗi tội cam mờ", ["pin trâu", "mỗi tội cam mờ"]),
        ("đẹp. rẻ! 😍😍 mua đi", ["đẹp", "rẻ", "mua đi"]),
        ("app nên có thêm báo cáo", ["app nên có thêm báo cáo"]),
        ('nó bảo "máy này nóng lắm đó" nha', ["nó bảo", "máy này nóng lắm đó", "nha"]),
        ('máy "ngon" lắm', ['máy "ngon" lắm']),
    ],
)
def test_where_a_clause_ends(text: str, parts: list[str]) -> None:
    assert [part for part, _ in clauses(text)] == parts


def test_what_joins_a_clause_is_kept() -> None:
    assert [clause.link for _, clause in clauses("great phone but it lags", "en")] == ["", "contrast"]


def test_flags() -> None:
    (_, first), (_, second) = clauses("nếu nó hỏng thì sao? ước gì có màu đen")
    assert first.hypothetical
    assert first.question
    assert second.wish
    assert not second.question


@pytest.mark.parametrize(
    ("text", "word", "denied"),
    [
        ("không bị nóng", "nóng", True),
        ("chưa thấy lỗi gì", "lỗi", True),
        ("không những bền mà còn đẹp", "bền", False),
        ("không hiểu sao nóng", "nóng", False),
        ("không phải không nóng", "nóng", False),
        ("giảm ồn", "ồn", True),
        ("nóng mà không đẹp", "nóng", False),
    ],
)
def test_what_a_negator_rules(text: str, word: str, denied: bool) -> None:
    doc = PIPELINES["vi"](text)
    place = doc._.norms.index(word)
    clause = next(c for c in doc._.clauses if c.start <= place < c.end)
    assert clause.negation.covers(place) is denied


def test_a_text_without_any_sign_is_cut() -> None:
    parts = clauses("mà " * 3 + "xyz " * 500)
    assert len(parts) >= 500 // LONGEST
    assert all(c.end - c.start <= LONGEST for _, c in parts)
