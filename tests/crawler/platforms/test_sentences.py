"""Whatever a platform has to say is said in both languages; and no two platforms know the same address."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import crawler.platforms
from crawler.platforms import platform_of, platforms
from data.study import Source
from data.words import LANGUAGES, entry

_FOLDER = Path(crawler.platforms.__file__).parent
_KEY = re.compile(r'"(platforms\.[a-z_]+(?:\.[a-z_]+)?)"')


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_a_sentence(language: str) -> None:
    named = {key for path in _FOLDER.glob("*.py") for key in _KEY.findall(path.read_text(encoding="utf-8"))}
    named |= {f"platforms.{one.name}.no_token" for one in platforms() if one.needs_token}
    assert {"platforms.facebook.group", "platforms.youtube.no_token"} <= named
    for key in named:
        assert isinstance(entry(key, language), str), key


@pytest.mark.parametrize(
    ("url", "kind", "name"),
    [
        ("https://www.facebook.com/minicare", None, "facebook"),
        ("https://www.facebook.com/minicare", "site", "facebook"),
        ("https://www.youtube.com/@minicare", "fanpage", "youtube"),
        ("https://www.youtube.com/@minicare", "feed", None),
        ("https://www.youtube.com/feeds/videos.xml?channel_id=UCx", None, None),
        ("https://t.me/s/minicare", None, "telegram"),
        ("https://forum.example/f/me-va-be/", None, None),
        ("https://minicare.example/", "fanpage", None),
    ],
)
def test_a_source_is_read_by_the_platform_that_knows_its_address(url: str, kind: str | None, name: str | None) -> None:
    found = platform_of(Source.model_validate({"url": url, "kind": kind}))
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    "url",
    [
        "https://www.facebook.com/a.b",
        "https://www.youtube.com/@abc",
        "https://t.me/s/abcd",
        "https://forum.example/@abc",
    ],
)
def test_no_two_platforms_know_the_same_address(url: str) -> None:
    assert len([one.name for one in platforms() if one.knows(url)]) <= 1
