"""Selecting by class finds what XPath finds, on every selector that the engines use."""

from __future__ import annotations

from dataclasses import fields

import pytest
from lxml import html
from lxml.cssselect import CSSSelector

from crawler.engines import engines
from crawler.engines.selecting import selector
from crawler.engines.sorted_page import sort_page

SELECTORS = sorted(
    {
        one.strip()
        for engine in engines()
        for mark in fields(engine.marks)
        for one in getattr(engine.marks, mark.name).split(", ")
        if one.strip()
    }
)
PAGE = html.document_fromstring("""<div class=page><article class="message message--post" data-content=post-7 id=post-7>
<h3 class="username  x"><a class=username href="/members/1/#c">An</a></h3><ul class=stats><li class=major><dl><dd>3</dd></dl></li></ul>
<div class="message-body js"><div class="bbWrapper comment__text"><p>một</p><div class=bbWrapper>hai</div></div></div>
<div class="comment__info__date"><time datetime=2026>hôm</time></div><a rel="next nofollow" href="/x/post-9">n</a></article>
<div class=message-body><p class=bbWrapper>ngoài</p></div></div>""")


@pytest.mark.parametrize(
    "css",
    [
        *SELECTORS,
        "div",
        "*",
        ".message-body .bbWrapper",
        "[id]",
        "a[rel~=next]",
        "a[href^='/mem']",
        "a[href$='9']",
        "p",
        "p, .username, #nowhere",
        "a[href*=post], h3 a, article[id], .message-body .bbWrapper, time",
        "a[href*='x,y'], p",
    ],
)
def test_the_same_elements_in_the_same_order_as_xpath(css: str) -> None:
    for node in PAGE.iter():
        if isinstance(node.tag, str):
            assert selector(css)(node) == CSSSelector(css, translator="html")(node)


def test_a_page_of_which_much_is_asked_is_sorted_whole_and_selects_the_same() -> None:
    sort_page(PAGE)
    for css in SELECTORS:
        assert selector(css)(PAGE) == CSSSelector(css, translator="html")(PAGE)
