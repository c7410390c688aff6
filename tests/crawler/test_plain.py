"""How long a text is, told from its beginning: the same as reading all of it."""

from __future__ import annotations

import unicodedata

import pytest
from lxml import html

from crawler.engines import plain
from crawler.engines.plain import SPACES, remember, squeeze, with_digits
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


def test_a_page_read_once_says_the_same_of_each_of_its_elements(monkeypatch: pytest.MonkeyPatch) -> None:
    body = html.document_fromstring(
        "<nav>đầu <a href=/>Trang <b>chủ</b></a> 1<button>Thích <i>3</i></button></nav>"
        "<div>một<script>không ai <b>nói</b></script> hai<br>ba <img alt=':)'><p> bốn\u3000năm </p>sáu<nav>2<nav>3</nav></nav></div>"
        + "".join(PAGES)
    ).find("body")
    assert body is not None
    elements = list(body.iter("*"))
    monkeypatch.setattr(plain, "_page", None)
    alone = [one_line(element) for element in elements]
    longer = [is_longer(element, 6) for element in elements]
    remember(body)
    assert [one_line(element) for element in elements] == alone
    assert [is_longer(element, 6) for element in elements] == longer
    counted = {element for element, words in zip(elements, alone, strict=True) if any(map(str.isdigit, words))}
    found = with_digits(elements)
    assert counted <= set(found)
    assert len(found) < len(elements)


@pytest.mark.parametrize("text", ["", " ", "a", " a\n\t b ", "a\xa0\u200b b", "\u3000 a \x1fb", "\n", "ấ  \u2007b\r\n"])
def test_spaces_are_squeezed_as_the_pattern_says(text: str) -> None:
    assert squeeze(text) == SPACES.sub(" ", text)
