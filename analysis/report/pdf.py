"""The report as a PDF: its own page, printed by the browser of this computer, or by WeasyPrint where there is none.

The browser runs with a profile of its own that is thrown away, without scripts and without a network.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from analysis.report.paper import for_weasyprint
from data.browsers import VARIABLE, find_browser
from data.errors import InputError

#: So long may printing take: a long report takes some seconds, a browser that waits for something never ends.
_SECONDS = 180
_FLAGS = (
    "--headless=new",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-extensions",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-crash-reporter",
    "--metrics-recording-only",
    "--password-store=basic",
    "--use-mock-keychain",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
)
#: Nothing of the page runs or is fetched; pages are numbered, and light whatever the computer's own colours.
_ON_PAPER = """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<style>
:root { color-scheme: light; }
@page {
  size: A4; margin: 16mm 14mm 18mm;
  font-family: "Be Vietnam Pro", "Segoe UI", system-ui, -apple-system, Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif;
  font-size: 8pt; color: #555;
  @bottom-right { content: counter(page) " / " counter(pages); white-space: nowrap; width: 18mm; text-align: right; }
}
/* What a report says of itself, as that it is fiction, stands at the top of the first sheet and at the foot of every further one. */
@page :first { @bottom-center { content: none; } }
.running, footer p + p { display: none !important; }
</style>
"""


def printer() -> str | None:
    """What would print: the browser's path, ``weasyprint``, or ``None``."""
    return find_browser() or ("weasyprint" if find_spec("weasyprint") else None)


def render(page: str) -> bytes:
    """The PDF of a report's page (HTML). Raises ``InputError`` where nothing here can print, or where printing fails."""
    paper = page.replace("</head>", f"{_ON_PAPER}</head>", 1)
    browser = find_browser()
    if browser is not None:
        return _by_browser(browser, paper)
    if find_spec("weasyprint") is None:
        named = os.environ.get(VARIABLE)
        raise InputError("pdf_no_named_browser" if named else "pdf_no_browser", variable=VARIABLE, path=named or "")
    return _by_weasyprint(paper)


def _by_browser(browser: str, page: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="chandung-pdf-", ignore_cleanup_errors=True) as folder:
        source, made = Path(folder, "report.html"), Path(folder, "report.pdf")
        source.write_text(page, encoding="utf-8", newline="\n")
        # A browser that root starts on Linux refuses to run in its sandbox.
        alone = ("--no-sandbox",) if sys.platform != "win32" and os.geteuid() == 0 else ()
        command = [
            browser,
            *_FLAGS,
            *alone,
            f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={made}",
            source.as_uri(),
        ]
        try:
            ended = subprocess.run(
                command, capture_output=True, timeout=_SECONDS, stdin=subprocess.DEVNULL, check=False
            )
        except subprocess.TimeoutExpired:
            raise InputError("pdf_too_slow", browser=browser, seconds=_SECONDS) from None
        except OSError as error:
            raise InputError("pdf_failed", browser=browser, why=error.strerror or error) from None
        if not made.exists() or not (content := made.read_bytes()).startswith(b"%PDF"):
            said = ended.stderr.decode("utf-8", "replace").strip().splitlines()
            raise InputError("pdf_failed", browser=browser, why=said[-1][:200] if said else f"exit {ended.returncode}")
        return content


def _by_weasyprint(page: str) -> bytes:
    try:
        from weasyprint import HTML
    except OSError as error:  # its libraries (Pango) are not there
        raise InputError("pdf_failed", browser="WeasyPrint", why=str(error).splitlines()[0][:200]) from None

    def nothing(url: str, *_: object, **__: object) -> dict[str, object]:
        raise ValueError(f"not fetched: {url}")

    return bytes(HTML(string=for_weasyprint(page), url_fetcher=nothing).write_pdf())
