"""The documentation's site: it builds without a network, without a broken link, and asks nobody for anything."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from data.browsers import find_browser

pytest.importorskip("mkdocs", reason="mkdocs-material is not installed: pip install -e '.[dev]'")
pytest.importorskip("material", reason="mkdocs-material is not installed: pip install -e '.[dev]'")

ROOT = Path(__file__).parent.parent
#: What a page loads by itself; a link that somebody may follow is none.
_LOADED = re.compile(
    r"<(?:script|img|iframe|source|video|audio|embed)\b[^>]*\bsrc\s*=\s*[\"']?(?:https?:)?//[^\s\"'>]+"
    r"|<link\b(?=[^>]*\brel\s*=\s*[\"']?(?:stylesheet|preload|preconnect|prefetch|icon|modulepreload))[^>]*\bhref\s*=\s*[\"']?(?:https?:)?//[^\s\"'>]+"
)
_LOADED_BY_STYLE = re.compile(r"(?:url\(\s*[\"']?|@import\s+[\"'])(?:https?:)?//[^)\"']+")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make docs` does it; its proxies lead nowhere, so that nothing could be fetched."""
    folder = tmp_path_factory.mktemp("site")
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:9")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        env=os.environ | nowhere | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return folder


def test_every_page_stands_in_both_languages(site: Path) -> None:
    for page in (ROOT / "docs").rglob("*.md"):
        name = page.relative_to(ROOT / "docs").as_posix()
        place = (
            f"vi/{name.removesuffix('.vi.md')}.html" if name.endswith(".vi.md") else f"{name.removesuffix('.md')}.html"
        )
        assert (site / place).exists(), place
    assert 'lang="vi"' in (site / "vi/index.html").read_text(encoding="utf-8")


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    found = []
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        found += [
            f"{path.relative_to(site)}: {one}" for one in (*_LOADED.findall(text), *_LOADED_BY_STYLE.findall(text))
        ]
    for path in site.rglob("*.css"):
        found += _LOADED_BY_STYLE.findall(path.read_text(encoding="utf-8"))
    assert found == []


def test_no_page_shows_marks_of_its_source(site: Path) -> None:
    """A table or list that the site's Markdown reads otherwise than GitHub's would stand there as it was typed."""
    for path in site.rglob("*.html"):
        text = re.sub(r"<(pre|code|script|style)\b.*?</\1>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.search(r"<p>[^<]*\|\s*---", text), path


def test_the_search_index_holds_what_the_pages_say_and_nothing_else(site: Path) -> None:
    entries = json.loads((site / "search/search_index.json").read_text(encoding="utf-8"))["docs"]
    [page] = [one for one in entries if one["location"] == "vi/how-to/assumptions.html"]
    assert "giả định" in page["title"].lower()
    assert "hidden" not in page["text"]
    assert (site / "search/search_index.js").read_text(encoding="utf-8").startswith("var __index = {")


def test_every_page_searches_in_its_own_language(site: Path) -> None:
    for page, lang, loading in (("index.html", "en", "Loading"), ("vi/index.html", "vi", "Đang tải")):
        text = (site / page).read_text(encoding="utf-8")
        [config] = re.findall(r'<script id="__config" type="application/json">(.*?)</script>', text)
        assert json.loads(config)["search"].endswith(f"javascripts/search_worker.js?lang={lang}")
        assert loading in text
        assert "Initializing search" not in text


@pytest.mark.browser
@pytest.mark.parametrize(
    ("page", "words", "first", "excerpt"),
    [
        ("vi/index.html", "gio yen lang", "thu thập cho lịch sự", "gặp giờ yên lặng, hoặc"),
        ("vi/index.html", "giả định", "giả định", "giả định"),
        ("vi/index.html", "doi thu", "đối thủ", "đối thủ"),
        ("index.html", "assumption", "assumption", "assumption"),
        ("index.html", "yên lặng zzzz", "yên lặng", "missing: zzzz"),
    ],
)
def test_search_works_in_a_folder_and_asks_nobody(site: Path, page: str, words: str, first: str, excerpt: str) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    chromium = find_browser()
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 1280, "height": 900})
        asked: list[str] = []
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto((site / page).as_uri())
        tab.click(".md-search__input")
        tab.keyboard.type(words)
        results = tab.locator(".md-search-result__article")
        results.first.wait_for(timeout=30_000)
        titles = " ".join(results.nth(place).inner_text() for place in range(min(3, results.count())))
        assert first in titles.lower()
        assert excerpt in titles.lower()
        marks = {mark.lower() for mark in results.first.locator("mark").all_inner_texts()}
        assert words != "doi thu" or marks == {"đối", "thủ"}
        # All words, where a page has all of them: what has one of the three is not listed.
        assert words != "gio yen lang" or results.count() < 30
        assert [url for url in asked if not url.startswith(("file:", "data:", "blob:", "about:"))] == []
        tab.goto((site / page).as_uri())
        for width in (1280, 390):
            tab.set_viewport_size({"width": width, "height": 900})
            assert tab.evaluate("document.documentElement.scrollWidth") <= width
        browser.close()


@pytest.mark.browser
def test_what_commands_answer_is_not_cut_off_in_the_gallery(site: Path) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    chromium = find_browser()
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 1280, "height": 900})
        for name in ("consumer", "services", "industrial"):
            tab.goto((site / f"vi/gallery/{name}.html").as_uri())
            for width in (1280, 390):
                tab.set_viewport_size({"width": width, "height": 900})
                wide = tab.evaluate(
                    "[...document.querySelectorAll('pre code')].filter(c => c.scrollWidth > c.clientWidth).map(c => c.innerText)"
                )
                # On a telephone a table scrolls; sentences and commands are broken into lines.
                assert [text for text in wide if width == 1280 or "───" not in text] == []
        browser.close()
