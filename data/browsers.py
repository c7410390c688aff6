"""The browser of this computer, for pages that show nothing without their scripts: where it is, and what is missing to use it.

Nothing is downloaded and nothing is started here.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

#: An environment variable that names the browser: a path, or a command.
VARIABLE = "CHANDUNG_CHROMIUM"
_COMMANDS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "microsoft-edge",
)
_ON_WINDOWS = (
    "Google/Chrome/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
    "Chromium/Application/chrome.exe",
)
_ON_MACOS = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
_OF_PLAYWRIGHT = (
    "chromium-*/chrome-*/chrome",
    "chromium-*/chrome-*/chrome.exe",
    "chromium-*/chrome-*/*.app/Contents/MacOS/*",
)


def find_browser() -> str | None:
    """The path of a browser of Chromium's kind: the one named in ``CHANDUNG_CHROMIUM`` and no other, else one on the PATH,
    else one where such programs are usually installed, else the one that Playwright brought."""
    named = os.environ.get(VARIABLE)
    if named:
        return shutil.which(named)
    on_path = filter(None, map(shutil.which, _COMMANDS))
    return next(on_path, None) or next((str(path) for path in _usual() if path.is_file()), None)


def script_trouble() -> str | None:
    """What keeps pages from being read by a browser: ``no_package``, ``no_named_browser``, ``no_browser``, or nothing."""
    if find_spec("scrapy_playwright") is None or find_spec("playwright") is None:
        return "no_package"
    if find_browser() is not None:
        return None
    return "no_named_browser" if os.environ.get(VARIABLE) else "no_browser"


def _usual() -> Iterator[Path]:
    if sys.platform == "win32":
        for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
            if folder := os.environ.get(name):
                yield from (Path(folder) / part for part in _ON_WINDOWS)
    elif sys.platform == "darwin":
        for applications in (Path("/Applications"), Path.home() / "Applications"):
            yield from (applications / part for part in _ON_MACOS)
    folder = _playwright_folder()
    for pattern in _OF_PLAYWRIGHT if folder is not None and folder.is_dir() else ():
        assert folder is not None
        yield from sorted(folder.glob(pattern), reverse=True)


def _playwright_folder() -> Path | None:
    if (named := os.environ.get("PLAYWRIGHT_BROWSERS_PATH")) not in (None, "", "0"):
        return Path(str(named))
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return Path(local) / "ms-playwright" if local else None
    caches = Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
    return caches / "ms-playwright"
