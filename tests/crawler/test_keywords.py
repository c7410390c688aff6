"""Keywords as people type them and as people write."""

from __future__ import annotations

import pytest

from crawler.keywords import Keywords


@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [
        ("tã", "Tã nào tốt cho bé", True),
        ("tã", "Chúng ta đi chợ", False),
        ("tã", "Ôi, nặng hơn một tạ", False),
        ("tã", "mua ta dan o dau vay moi nguoi", True),
        ("bỉm", "Bimbim cho bé ăn vặt", False),
        ("hoà bình", "ở phố Hòa  Bình", True),
        ("bim", "Bỉm nào tốt", True),
        ("bim", "mua BIM ở đâu", True),
        ("diaper", "Which DIAPER is best?", True),
        ("điện thoại", "dien thoai nao tot, mua o shop Hà khong", True),
    ],
)
def test_marks_count_where_they_are_written(typed: str, text: str, found: bool) -> None:
    assert Keywords([typed]).found_in(text) is found


def test_without_keywords_everything_is_wanted() -> None:
    assert not Keywords([])
    assert Keywords([" "]).found_in("gì cũng được")
