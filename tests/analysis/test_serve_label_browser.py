"""The label pages in headless Chromium: they fit, say nothing in the console, and work with and without script."""

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
from data.store import open_store
from tests.servers.common import free_port
from tests.small_study import write_study

pytestmark = pytest.mark.browser
QUOTE = "mới mua"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CHANDUNG_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.skip("no Chromium: install it, or name it in CHANDUNG_CHROMIUM")
    with playwright.sync_playwright() as play:
        try:
            running = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        except playwright.Error as error:
            pytest.skip(f"Chromium does not start: {str(error).splitlines()[0]}")
        yield running
        running.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of the label pages, and the database that they write into."""
    database = write_study(tmp_path).with_name("small.db")
    port = free_port()
    app = serve.only_here(serve.build(database, lang="vi").app())
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="critical", lifespan="on"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 60
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}/-/label", database
    server.should_exit = True
    thread.join(30)


def labels(database: Path) -> list[tuple[str, str | None]]:
    with open_store(database, read_only=True) as store:
        return [
            (row["verdict"], row["quote"]) for row in store.query("select verdict, quote from labels order by label_id")
        ]


@pytest.mark.parametrize("script", [True, False])
def test_a_post_is_labelled(browser: Any, served: tuple[str, Path], script: bool) -> None:
    address, database = served
    page = browser.new_context(java_script_enabled=script).new_page()
    page.goto(f"{address}?words=MiniCare")
    page.locator("ol.posts a.open").click()
    page.locator("button.no").click()
    page.locator("details.edit.cue summary").last.click()
    form = page.locator("details.edit.cue[open] form")
    form.locator("select[name=what]").select_option("behaviour|repeat_buyer")
    if script:
        page.evaluate(
            """words => {
                const node = [...document.querySelectorAll("#post")].flatMap(p => [...p.childNodes])
                    .find(n => n.textContent.includes(words));
                const text = node.firstChild ?? node, start = text.textContent.indexOf(words);
                document.getSelection().setBaseAndExtent(text, start, text, start + words.length);
            }""",
            QUOTE,
        )
        page.wait_for_function("document.querySelector('details.edit.cue[open] textarea').value !== ''")
    else:
        form.locator("textarea[name=quote]").fill(QUOTE)
    form.locator("button.main").click()
    page.locator("form.bar button[value=done]").click()
    assert labels(database) == [("rejected", "hay bị nóng"), ("added", QUOTE), ("done", None)]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_fit_and_are_quiet(browser: Any, served: tuple[str, Path], width: int, scheme: str) -> None:
    page, said = browser.new_page(viewport={"width": width, "height": 844}, color_scheme=scheme), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for place in ("", "/1", "/3"):
        page.goto(served[0] + place)
        for summary in page.locator("details.edit summary").all():
            summary.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert said == []
