"""Names of authors: gone from raw pages and from what others write to them, while ordinary words stay."""

from __future__ import annotations

import pytest

from data.names import hide_mentions, hide_names, named_in_page

NAMES = {"NguyenBiMat": "k1", "Mẹ Bắp": "k2", "post": "k3"}


@pytest.mark.parametrize(
    ("page", "hidden"),
    [
        ("<a href='/members/NguyenBiMat.12/'> NguyenBiMat </a>", "<a href='/members/k1.12/'> k1 </a>"),
        ('<a href="/u/nguyenbimat">x</a>', '<a href="/u/k1">x</a>'),
        ("<b data-author='Mẹ Bắp'>Mẹ Bắp</b>", "<b data-author='k2'>k2</b>"),
        ("<a href='/members/me-bap.7/'>x</a>", "<a href='/members/k2.7/'>x</a>"),
        ("<p>@Mẹ Bắp ơi, Mẹ Bắp cho con ăn gì</p>", "<p>@k2 ơi, Mẹ Bắp cho con ăn gì</p>"),
        ("<q>Mẹ Bắp đã viết: thế à</q>", "<q>k2 đã viết: thế à</q>"),
        ("<p>nhờ NguyenBiMat xem</p>", "<p>nhờ k1 xem</p>"),
        (
            '{"username":"NguyenBiMat","cooked":"<p class=\\"post\\">x"}',
            '{"username":"k1","cooked":"<p class=\\"post\\">x"}',
        ),
        (
            "<div class='post'><a href='/post/12'>12</a><b>post</b></div>",
            "<div class='post'><a href='/post/12'>12</a><b>k3</b></div>",
        ),
        ("<b>M&#7865;</b><b>NguyenBiMatX</b>", "<b>M&#7865;</b><b>NguyenBiMatX</b>"),
    ],
)
def test_a_name_is_replaced_where_it_stands_alone(page: str, hidden: str) -> None:
    assert hide_names(page, NAMES) == hidden


def test_members_are_found_in_a_list_by_their_links_and_in_json() -> None:
    page = "<a class='u' href='https://f.example/members/an.1/'>An Nhiên</a> <a href='/threads/x.1'>Bỉm tốt</a>"
    assert named_in_page(page) == {"An Nhiên"}
    assert named_in_page('{"last_poster_username":"bong_be","title":"x"}') == {"bong_be"}


def test_whom_somebody_addresses_or_quotes_is_not_named() -> None:
    names = ["NguyenBiMat", "Mẹ Bắp"]
    assert hide_mentions("@NguyenBiMat ơi, @Mẹ Bắp nữa", names) == "@[name] ơi, @[name] nữa"
    assert hide_mentions("Mẹ Bắp đã viết: ngon\nNguyenBiMat said: ok", names) == "[name] đã viết: ngon\n[name] said: ok"
    assert hide_mentions("Mẹ Bắp nấu ngon: thật", names) == "Mẹ Bắp nấu ngon: thật"
