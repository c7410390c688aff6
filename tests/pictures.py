"""Takes the pictures of the README and the documentation from the demonstration. ``make pictures`` runs it.

    python -m tests.pictures                        makes the demonstration in both languages first
    python -m tests.pictures --vi DIR --en DIR      takes them from demonstrations that are there

A picture is a part of the report (the section of that id, its details closed) or a page of ``chandung serve``, in light
colours, at a width at which its words can be read in a README. Every name in them is the demonstration's fiction.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from data.browsers import find_browser

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "images"
LANGUAGES = ("vi", "en")


@dataclass(frozen=True)
class Picture:
    """``name.LANGUAGE.png``: a section of the report, or (``page``) a page of ``chandung serve``; ``height`` cuts what is longer."""

    name: str
    section: str | None = None
    page: str | None = None
    width: int = 1240
    height: int | None = None


PICTURES = (
    Picture("report", section="summary", height=1150),
    Picture("serve", page="/", height=900),
)


def main(arguments: list[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for lang in LANGUAGES:
        options.add_argument(f"--{lang}", type=Path, help=f"the folder of a demonstration in {lang}")
    options.add_argument("--to", type=Path, default=FOLDER, help="where the pictures are put")
    given = options.parse_args(arguments)
    given.to.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as aside:
        for lang in LANGUAGES:
            folder = getattr(given, lang) or _made(Path(aside) / lang, lang)
            for path in take(folder, lang, given.to):
                print(path)


def _made(folder: Path, lang: str) -> Path:
    _chandung(lang, "demo", "--folder", str(folder), "--language", lang)
    return folder


def _chandung(lang: str, *words: str) -> None:
    subprocess.run([sys.executable, "-m", "chandung", *words], cwd=ROOT, env=_environment(lang), check=True)


def _environment(lang: str) -> dict[str, str]:
    return os.environ | {"CHANDUNG_LANG": lang, "PYTHONUTF8": "1"}


def take(folder: Path, lang: str, to: Path) -> Iterator[Path]:
    """Take every picture from the demonstration in ``folder``. Raises ``SystemExit`` where something for it is missing."""
    from playwright.sync_api import sync_playwright

    chromium = find_browser()
    if chromium is None:
        raise SystemExit("Pictures need a Chromium or Chrome on this computer.")
    report = next(iter(sorted((folder / "reports").glob(f"*-{lang}.html"))), None)
    if report is None:
        raise SystemExit(f"{folder} has no report in {lang}: chandung report {folder / 'study.yaml'} --language {lang}")
    with sync_playwright() as started, _served(folder, lang) as address:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for picture in PICTURES:
            tab = browser.new_page(
                viewport={"width": picture.width, "height": 900},
                device_scale_factor=1.5,
                locale=lang,
                color_scheme="light",
            )
            tab.goto(address + picture.page if picture.page else report.resolve().as_uri())
            path = to / f"{picture.name}.{lang}.png"
            _shoot(tab, picture, path)
            tab.close()
            yield path
        browser.close()


def _shoot(tab: Any, picture: Picture, path: Path) -> None:
    part = tab.locator(f"#{picture.section}") if picture.section else tab.locator("body")
    if part.count() != 1:
        raise SystemExit(f"The report has no section #{picture.section}: see PICTURES in {Path(__file__).name}.")
    part.scroll_into_view_if_needed()
    left, top, width, height = part.evaluate(_PLACE)
    clip = {"x": left, "y": top, "width": width, "height": min(height, picture.height or height)}
    tab.screenshot(path=str(path), clip=clip, full_page=True, animations="disabled")


#: From a little above the part's first words, with room at both sides.
_PLACE = """e => {
  const part = e.getBoundingClientRect(), room = e === document.body ? 0 : 28;
  const words = e === document.body ? part : (e.querySelector("h1, h2, h3") || e).getBoundingClientRect();
  const left = Math.max(0, part.left - room), top = Math.max(0, words.top - room);
  return [left + scrollX, top + scrollY, part.right + room - left, part.bottom - top];
}"""


@contextmanager
def _served(folder: Path, lang: str) -> Iterator[str]:
    """The address of ``chandung serve`` on the demonstration."""
    process = subprocess.Popen(
        [sys.executable, "-m", "chandung", "serve", str(folder / "study.yaml"), "--port", "8790"],
        cwd=ROOT,
        env=_environment(lang),
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        line = process.stdout.readline() if process.stdout else ""
        address = next((word.strip("/") for word in line.split() if word.startswith("http://")), None)
        if address is None:
            raise SystemExit(f"chandung serve did not start: {line}")
        _wait(address)
        yield address
    finally:
        process.terminate()
        process.wait()


def _wait(address: str) -> None:
    from time import monotonic, sleep
    from urllib.error import URLError
    from urllib.request import ProxyHandler, build_opener

    ask, end = build_opener(ProxyHandler({})), monotonic() + 60
    while monotonic() < end:
        try:
            ask.open(address, timeout=5).close()
            return
        except URLError:
            sleep(0.2)
    raise SystemExit("chandung serve did not answer within a minute.")


if __name__ == "__main__":
    main()
