"""Opening something in the user's browser, where there is a desktop to open it on."""

from __future__ import annotations

import os
import sys


def open_in_browser(address: str) -> bool:
    """Open ``address`` and return whether it was tried. Without a desktop (a server, CI) nothing happens and nothing waits."""
    if os.environ.get("CI") or not _has_desktop():
        return False
    import webbrowser

    try:
        return webbrowser.open(address)
    except webbrowser.Error:
        return False


def _has_desktop() -> bool:
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
