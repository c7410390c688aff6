"""What a person pastes, and what is asked for instead: engines that are read by their own JSON on the same host."""

from __future__ import annotations

import pytest

from crawler.engines import engine


@pytest.mark.parametrize(
    ("name", "url", "expected"),
    [
        ("nodebb", "https://a.example/topic/418/noi-chien", "https://a.example/api/topic/418?sort=oldest_to_newest"),
        ("nodebb", "https://a.example/topic/418/noi-chien/12", "https://a.example/api/topic/418?sort=oldest_to_newest"),
        (
            "nodebb",
            "https://a.example/forum/topic/418?page=2&lang=vi#p9",
            "https://a.example/forum/api/topic/418?sort=oldest_to_newest&page=2",
        ),
        ("nodebb", "https://a.example/api/topic/418", None),
        ("nodebb", "https://a.example/category/3/do-bep", None),
        ("flarum", "https://a.example/d/52-chao-hay-com", "https://a.example/api/discussions/52"),
        ("flarum", "https://a.example/f/d/52-chao/31#x", "https://a.example/f/api/discussions/52"),
        ("flarum", "https://a.example/d/52?page=3", "https://a.example/api/discussions/52?page%5Boffset%5D=40"),
        ("flarum", "https://a.example/d/chao-hay-com", "https://a.example/api/discussions/chao-hay-com?bySlug=1"),
        ("flarum", "https://a.example/api/discussions/52", None),
        ("flarum", "https://a.example/t/an-dam", None),
        ("lemmy", "https://a.example/post/91?scrollToComments=true", "https://a.example/api/v3/post?id=91"),
        ("lemmy", "https://a.example/c/mebe", None),
        ("lemmy", "https://a.example/api/v3/post?id=91", None),
    ],
)
def test_a_thread_is_asked_for_at(name: str, url: str, expected: str | None) -> None:
    assert engine(name).thread_address(url) == expected


@pytest.mark.parametrize(
    ("name", "url", "expected"),
    [
        ("nodebb", "https://a.example/", "https://a.example/api/categories"),
        ("nodebb", "https://a.example/forum/categories", "https://a.example/forum/api/categories"),
        ("nodebb", "https://a.example/category/3/do-bep?page=2", "https://a.example/api/category/3?page=2"),
        ("nodebb", "https://a.example/recent", "https://a.example/api/recent"),
        ("nodebb", "https://a.example/tags/xe", "https://a.example/api/tags/xe"),
        ("nodebb", "https://a.example/user/lan", None),
        ("nodebb", "https://a.example/topic/4/x", None),
        ("nodebb", "https://a.example/api/category/3", None),
        ("flarum", "https://a.example", "https://a.example/api/discussions?sort=-lastPostedAt"),
        ("flarum", "https://a.example/f/all?page=2", "https://a.example/f/api/discussions?sort=-lastPostedAt"),
        (
            "flarum",
            "https://a.example/t/an-dam",
            "https://a.example/api/discussions?filter%5Btag%5D=an-dam&sort=-lastPostedAt",
        ),
        ("flarum", "https://a.example/u/lan", None),
        ("flarum", "https://a.example/d/52-chao", None),
        ("flarum", "https://a.example/api/discussions?sort=-lastPostedAt", None),
        (
            "lemmy",
            "https://a.example/c/mebe@xa.example",
            "https://a.example/api/v3/post/list?community_name=mebe%40xa.example&type_=All&sort=NewComments&limit=50",
        ),
        ("lemmy", "https://a.example/", "https://a.example/api/v3/post/list?type_=Local&sort=NewComments&limit=50"),
        (
            "lemmy",
            "https://a.example/home?listingType=All",
            "https://a.example/api/v3/post/list?type_=All&sort=NewComments&limit=50",
        ),
        ("lemmy", "https://a.example/u/lan", None),
        ("lemmy", "https://a.example/post/91", None),
        ("lemmy", "https://a.example/api/v3/post/list?limit=50", None),
        ("stackexchange", "https://a.example/questions", "https://a.example/questions?tab=Active"),
        ("stackexchange", "https://a.example/", "https://a.example/questions?tab=Active"),
        ("stackexchange", "https://a.example/questions/tagged/x", "https://a.example/questions/tagged/x?tab=Active"),
        ("stackexchange", "https://a.example/questions?tab=Active&page=2", None),
        ("stackexchange", "https://a.example/questions/55/x", None),
    ],
)
def test_a_board_is_asked_for_at(name: str, url: str, expected: str | None) -> None:
    assert engine(name).board_address(url) == expected


@pytest.mark.parametrize(
    ("name", "one", "two"),
    [
        ("nodebb", "https://a.example/topic/418/noi-chien", "https://a.example/api/topic/418?sort=oldest&page=2"),
        ("flarum", "https://a.example/d/52-chao", "https://a.example/api/discussions/52?page%5Boffset%5D=20"),
        ("flarum", "https://a.example/d/52-chao/9", "https://a.example/api/posts?filter%5Bdiscussion%5D=52"),
        ("lemmy", "https://a.example/post/91", "https://a.example/api/v3/post?id=91"),
        ("lemmy", "https://a.example/post/91", "https://a.example/api/v3/comment/list?type_=All&post_id=91&page=2"),
        ("stackexchange", "https://a.example/q/55", "https://a.example/questions/55/x?page=2&tab=scoredesc"),
        ("q2a", "https://a.example/qa/55/cai-ban-phim?start=10", "https://a.example/qa/55/cai-ban-phim?show=61#a61"),
        ("q2a", "https://a.example/index.php?qa=55&qa_1=cai", "https://a.example/index.php?qa=55&qa_1=cai&start=10"),
        ("khoros", "https://a.example/t5/Nha/Kêu-to/td-p/900", "https://a.example/t5/Nha/K%C3%AAu-to/td-p/900/page/2"),
        (
            "khoros",
            "https://a.example/t5/Nha/Keu-to/m-p/900#M3",
            "https://a.example/t5/Nha/Keu-to/m-p/900/highlight/true",
        ),
    ],
)
def test_all_pages_of_a_thread_are_the_same_thread(name: str, one: str, two: str) -> None:
    reader = engine(name)
    assert reader.identify_thread(one) == reader.identify_thread(two)
