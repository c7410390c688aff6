"""How long a text is, told from its beginning: the same as reading all of it."""

from __future__ import annotations

import unicodedata

import pytest
from lxml import html

from crawler.engines.text import is_longer, one_line

PAGES = [
    "<div>một <b>hai</b><script>không ai nói</script>ba<br>bốn</div>",
    "<div>   \n\t  </div>",
    "<p>" + "  \n  ".join(["xa"] * 50) + "</p>",
    "<div>" + "<span> </span>" * 300 + "<i>rồi</i></div>",
    f"<p>{unicodedata.normalize('NFD', 'ế' * 90)}<b>!</b></p>",
    "<p>cười<img alt=':)' src=x.png><select><option>ẩn</select></p>",
]


@pytest.mark.parametrize("page", PAGES)
def test_a_text_is_longer_exactly_where_its_one_line_is(page: str) -> None:
    node = html.fragment_fromstring(page)
    length = len(one_line(node))
    for size in {0, 1, 5, length - 1, length, length + 1, 4 * length} - {-1}:
        assert is_longer(node, size) == (length > size)
