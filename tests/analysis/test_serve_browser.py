"""The data in headless Chromium: found, asked and labelled, by mouse and by keyboard alone, on a telephone and on a screen."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from analysis import serve
from analysis.findings import find
from data.study_file import load
from tests.axe import serious
from tests.servers.common import free_port

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CHANDUNG_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.skip("no Chromium: install it, or name it in CHANDUNG_CHROMIUM")
    with playwright.sync_playwright() as play:
        running = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="module")
def served(demo_study: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of a copy of the demonstration, and its study file."""
    folder = tmp_path_factory.mktemp("served") / "demo"
    source = demo_study if demo_study.is_dir() else demo_study.parent
    shutil.copytree(source, folder)
    study = load(folder / "study.yaml")
    port = free_port()
    app = serve.build(study.database, folder / "reports", "vi", study.note, study=study).app()
    server = uvicorn.Server(
        uvicorn.Config(serve.only_here(app), host="127.0.0.1", port=port, log_level="critical", lifespan="on")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 60
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}", folder / "study.yaml"
    server.should_exit = True
    thread.join(30)


def pages(study: Path) -> list[str]:
    name = load(study).database.stem
    return [
        "/", "/-/search?words=dien+thoai", "/-/questions", f"/{name}", f"/{name}/posts_flat", f"/{name}/posts/1", "/-/label",
        f"/{name}/top_pains?brand=MiniCare", f"/{name}/pains_this_month", "/-/search?words=khongcotunay", f"/{name}/nope",
    ]  # fmt: skip


def _and_wait(page: Any, link: str) -> None:
    """Follow a link or send a form, until the next page is whole: a click comes back as soon as its first byte is there."""
    with page.expect_navigation():
        page.click(link)


def test_words_without_diacritics_find_posts_and_filters_narrow_them(browser: Any, served: tuple[str, Path]) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(served[0])
    page.fill("#words", "dien thoai")
    _and_wait(page, "form.find button")
    marks = {mark.lower() for mark in page.locator("mark.hit").all_inner_texts()}
    assert {"điện", "thoại"} <= marks
    page.goto(f"{served[0]}/-/search?words=ham")
    whole = page.locator("ol.posts > li").count()
    page.select_option("select[name=brand]", "MiniCare")
    page.select_option("select[name=category]", "safety_health")
    _and_wait(page, "form.seek button")
    narrowed = page.locator("ol.posts > li").count()
    assert 0 < narrowed < whole
    assert page.locator("a.chip.pain").count() >= narrowed
    with page.expect_download() as taken:
        page.click("a.take")
    lines = taken.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("post_id,url,posted_at")


def test_a_question_is_asked_with_a_brand_and_answered_with_a_picture(browser: Any, served: tuple[str, Path]) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{served[0]}/-/questions")
    _and_wait(page, "text=Nỗi đau nào nhiều người kể nhất?")
    page.select_option("select[name=brand]", "MiniCare")
    _and_wait(page, "form.ask button")
    assert "brand=MiniCare" in page.url
    assert page.locator("ol.bars li").count() == page.locator("table tbody tr").count() > 3
    assert page.locator("ol.bars .figure").first.inner_text().split("%")[0].isdecimal()


def test_three_posts_are_labelled_and_the_labels_win(browser: Any, served: tuple[str, Path]) -> None:
    from analysis.read import read
    from data.store import open_store

    address, path = served
    study = load(path)
    with open_store(study.database, read_only=True) as store:
        rows = list(store.query("select post, quote from pains group by post having count(*) = 1 limit 3"))
    page = browser.new_page()
    for row in rows:
        page.goto(f"{address}/-/label/{row['post']}")
        page.locator("li.answer.pain button.no").first.click()
        page.locator("li.answer.pain.rejected").first.wait_for()
    with open_store(study.database) as store:
        read(store, study)
        find(store, study)
        keys = ",".join(str(row["post"]) for row in rows)
        left = list(store.query(f"select post, quote from pains where post in ({keys})"))
    assert not [row for row in rows if {"post": row["post"], "quote": row["quote"]} in left]


def test_the_keyboard_alone_is_enough(browser: Any, served: tuple[str, Path]) -> None:
    page = browser.new_page()
    page.goto(served[0])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "words":
            break
    page.keyboard.type("hăm")
    page.keyboard.press("Enter")
    page.wait_for_url("**/-/search?words=**")
    page.locator("mark.hit").first.wait_for()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_is_quiet_and_loads_from_here_alone(
    browser: Any, served: tuple[str, Path], width: int, scheme: str
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text) if "404" not in message.text else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    for place in pages(served[1]):
        page.goto(served[0] + place)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, place
    assert said == []
    assert [url for url in asked if not url.startswith(served[0])] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_finding_of_axe(browser: Any, served: tuple[str, Path], scheme: str) -> None:
    context = browser.new_context(bypass_csp=True, color_scheme=scheme)
    page, found = context.new_page(), {}
    for place in pages(served[1]):
        page.goto(served[0] + place)
        if bad := serious(page):
            found[place] = bad
    assert found == {}
