"""The report in headless Chromium: no script error, no request, no horizontal scroll, links that lead somewhere."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from analysis import findings
from analysis.report import html
from analysis.report.build import build
from analysis.report.sections import sections
from analysis.report.speech import Speech
from tests.analysis.world import BE, LIKE_OURS, MINI, OWN, STUDY, World, crowd

pytestmark = pytest.mark.browser


def _chromium() -> str | None:
    return os.environ.get("CHANDUNG_CHROMIUM") or next(
        filter(None, (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))), None
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = _chromium()
    if path is None:
        pytest.skip("no Chromium: install it, or name it in CHANDUNG_CHROMIUM")
    with playwright.sync_playwright() as play:
        try:
            running = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        except playwright.Error as error:
            pytest.skip(f"Chromium does not start: {str(error).splitlines()[0]}")
        yield running
        running.close()


@pytest.fixture(scope="module", params=["vi", "en"])
def page_file(request: pytest.FixtureRequest, analysed: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with analysed.open() as store:
        parts = sections(store, analysed.study, Speech(request.param, analysed.study.timezone))
        source = html.render(build(store, analysed.study, "2026-11-21T03:00:00+00:00"), request.param, parts)
    path = tmp_path_factory.mktemp("page") / f"report-{request.param}.html"
    path.write_text(source, encoding="utf-8")
    return path


#: The widths of the bars of each list, those behind its fold too; whether the list has a fold; whether lines stand beside them.
_TRACKS = """() => [...document.querySelectorAll('.stack:has(> .rows)')].map(list => [
  [...new Set([...list.querySelectorAll('.chart.share')].map(bar => Math.round(bar.getBoundingClientRect().width)))],
  list.querySelector(':scope > .rest') !== null, list.querySelector(':scope > .lined') !== null])"""


def _assert_one_scale(page: Any, narrowest: int) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    lists = [one for one in page.evaluate(_TRACKS) if one[0]]
    assert any(folded for _, folded, _ in lists), "a list of which a part is folded is what this is about"
    assert all(len(widths) == 1 for widths, _, _ in lists), "the same share is as long below the fold as above it"
    assert min(widths[0] for widths, _, lined in lists if lined) >= narrowest, "a bar with a line beside it can be read"
    crossing = page.evaluate(
        "[...document.querySelectorAll('.rows > li')].filter(r => r.scrollWidth > r.clientWidth + 1).length"
    )
    assert crossing == 0, "no line runs out of its list"


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_opens_quietly_and_fits(browser: Any, page_file: Path, width: int, scheme: str) -> None:
    page, said, asked = browser.new_page(viewport={"width": width, "height": 844}, color_scheme=scheme), [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri())
    assert said == []
    assert asked == [page_file.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.evaluate("document.scripts.length") == 0
    seen = """(what) => [...document.querySelectorAll(what)].map(one => one.checkVisibility({contentVisibilityAuto: true}))"""
    buttons, behind = page.evaluate(seen, ".phone > summary"), page.evaluate(seen, ".phone > summary + *")
    assert behind
    assert set(buttons) == {width == 390}, "what is below a card's headings is folded on a telephone alone"
    assert set(behind) == {width != 390}
    _assert_one_scale(page, 120)
    page.close()


@pytest.mark.parametrize("width", [320, 390])
def test_long_names_and_many_brands_fit_a_telephone(browser: Any, tmp_path: Path, width: int) -> None:
    """A brand's name without a blank breaks; tables that go on say so and keep their first column in sight."""
    long = "SiêuThịMẹVàBéChấtLượngCaoNhấtViệtNamHoàToànMới"
    rivals = [{"name": long}, {"name": MINI}, {"name": BE}]
    world = World(tmp_path, {**STUDY, "competitors": rivals})
    with world.open() as store:
        people = [p for place, b in enumerate((OWN, long, MINI, BE)) for p in crowd(b, LIKE_OURS, 40, place)]
        world.fill(store, people)
        findings.find(store, world.study)
        source = html.render(build(store, world.study, "2026-11-21T03:00:00+00:00"), "en")
    (tmp_path / "report.html").write_text(source, encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.goto((tmp_path / "report.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    table = page.locator(".scroll:has(.heat)")
    assert table.evaluate("box => box.scrollWidth > box.clientWidth")
    assert page.locator(".table:has(> .scroll .heat) > .hint").first.is_visible()
    table.evaluate("box => { box.scrollLeft = 9999 }")
    first = page.locator(".heat tbody th").first
    assert first.bounding_box()["x"] >= table.bounding_box()["x"] - 1
    page.close()


def test_a_number_leads_to_its_quotes(browser: Any, page_file: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(page_file.as_uri())
    target = page.locator("#summary .card .num a").first
    key = target.get_attribute("href")
    target.click()
    assert page.evaluate("location.hash") == key
    block = page.locator(f"{key}")
    assert block.locator("blockquote").count() >= 1
    page.wait_for_function("key => document.querySelector(key).closest('details').open", arg=key)
    assert page.evaluate(
        "key => { const box = document.querySelector(key).getBoundingClientRect();"
        " return box.height > 0 && box.top < innerHeight && box.bottom > 0 }",
        key,
    )
    assert page.evaluate("key => getComputedStyle(document.querySelector(key)).boxShadow", key) != "none"
    page.close()


def test_the_quotes_are_folded_away_until_a_number_asks_for_them(browser: Any, page_file: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(page_file.as_uri())
    assert page.evaluate("document.querySelectorAll('details.book[open]').length") == 0
    folded = page.evaluate("document.documentElement.scrollHeight")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollHeight") > 1.3 * folded
    page.close()


def test_the_keyboard_reaches_the_content_first(browser: Any, page_file: Path) -> None:
    page = browser.new_page()
    page.goto(page_file.as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#summary"
    page.close()


def test_every_link_inside_lands_on_what_can_be_seen(browser: Any, page_file: Path) -> None:
    """Also where the place is behind a fold: a quote, an assumption, a persona's words."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(page_file.as_uri())
    keys = page.evaluate("[...new Set([...document.querySelectorAll('main a[href^=\"#\"]')].map(a => a.hash))]")
    kinds = {key.rstrip("0123456789-")[:3]: key for key in keys}
    assert len(kinds) >= 6
    for key in kinds.values():
        page.evaluate("key => { location.hash = key }", key)
        page.wait_for_function(
            "key => { const box = document.querySelector(key).getBoundingClientRect(); return box.height > 0 && box.top < innerHeight }",
            arg=key,
        )
    page.close()


def test_folds_open_by_the_keyboard_and_focus_is_seen(browser: Any, page_file: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(page_file.as_uri())
    fold = page.locator("main details.more > summary").first
    fold.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open")
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.close()


def test_the_tab_key_goes_down_the_page(browser: Any, page_file: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(page_file.as_uri())
    order = page.evaluate(
        "[...document.querySelectorAll('main a[href], main summary, main [tabindex]')].map(e => e.tabIndex)"
    )
    assert set(order) == {0}, "the order is the page's own"
    assert page.evaluate("[...document.querySelectorAll('.scroll')].every(e => e.getAttribute('aria-label'))")
    page.close()


def test_axe_finds_nothing_serious(browser: Any, page_file: Path) -> None:
    # Each language, width and scheme once: colours know neither how wide the page is nor what it says.
    width, scheme = (390, "light") if page_file.stem.endswith("vi") else (1280, "dark")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    # axe is put into the page as a script, which the page itself forbids
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(page_file.as_uri())
    page.evaluate("document.querySelectorAll('details:not(.book)').forEach(d => d.open = true)")
    found = axe.Axe().run(page, context="main").response["violations"]
    serious = {v["id"]: v["nodes"][0]["html"] for v in found if v["impact"] in ("serious", "critical")}
    assert not serious
    context.close()


def test_pictures_have_words_and_tables_have_headings(browser: Any, page_file: Path) -> None:
    page = browser.new_page()
    page.goto(page_file.as_uri())
    assert page.evaluate("[...document.querySelectorAll('svg')].every(s => s.getAttribute('aria-label').length > 3)")
    assert page.evaluate("[...document.querySelectorAll('table')].every(t => t.caption && t.tHead)")
    page.close()


def test_text_stands_out_from_its_ground(browser: Any, page_file: Path) -> None:
    """The colours of the style, light and dark: at least 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    pairs = [
        ("ink", "paper"),
        ("soft", "card"),
        ("soft", "paper"),
        ("accent-ink", "card"),
        ("warn", "card"),
        ("on-accent", "accent"),
        ("ink", "warn-wash"),
    ]
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        page.goto(page_file.as_uri())
        colours = page.evaluate(
            "names => { const s = getComputedStyle(document.documentElement); return names.map(n => s.getPropertyValue('--' + n).trim()) }",
            [name for pair in pairs for name in pair],
        )
        for place, pair in enumerate(pairs):
            assert _contrast(colours[2 * place], colours[2 * place + 1]) >= 4.5, (scheme, pair)
        page.close()


def _contrast(one: str, two: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(c * 2 for c in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_it_prints_on_a4(browser: Any, page_file: Path) -> None:
    page = browser.new_page()
    page.goto(page_file.as_uri())
    assert not page.locator(".running").first.is_visible()
    page.emulate_media(media="print")
    assert page.locator("#pains .running").is_visible(), "the study's note stands at every section's head"
    cards = page.locator(".cut > .card")
    assert cards.count() >= 4
    for card in cards.all():
        assert card.evaluate("box => getComputedStyle(box).breakInside") == "avoid", "a card to be cut out is whole"
        assert card.evaluate("box => getComputedStyle(box).borderTopStyle") == "dashed"
    folded = page.evaluate(
        "[...document.querySelectorAll('details.more:not(.again), details.leaf, details.book')]"
        ".filter(d => d.querySelector(':scope > :not(summary)').getBoundingClientRect().height === 0).length"
    )
    assert folded == 0, "what is folded away on the screen is on the paper"
    assert not page.locator(".hint").first.is_visible()
    page.set_viewport_size({"width": 680, "height": 1000})  # what is printed of A4, in pixels
    crossing = page.evaluate(
        "[...document.querySelectorAll('.series figure')].filter(f => f.scrollWidth > f.clientWidth + 1).length"
    )
    assert crossing == 0, "no picture lies over its neighbour"
    _assert_one_scale(page, 100)
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") >= 1
    assert b"595" in printed or len(printed) > 10_000
    page.close()
