"""Reports by their address: robots.txt, size, type, redirects, and machines that nobody named."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from crawler.importers.kinds import Asked, How
from crawler.importers.reference import fetching, run
from data.errors import InputError
from tests.crawler.importers.conftest import Desk

sys.path.insert(0, str(Path(__file__).parent))
import made


class Site:
    """A small web site: path → status, headers, body."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[tuple[str, str]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, self.headers["User-Agent"]))
                status, headers, body = site.pages.get(self.path, (404, {}, b""))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                with contextlib.suppress(OSError):
                    self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    found = Site()
    thread = threading.Thread(target=found.server.serve_forever, daemon=True)
    thread.start()
    yield found
    found.server.shutdown()
    found.server.server_close()


def fails(url: str, desk: Desk) -> str:
    with pytest.raises(InputError) as error:
        fetching.fetch(url, desk.study)
    assert str(error.value)
    return error.value.key


def test_a_report_is_fetched_with_an_honest_name_and_kept(desk: Desk, site: Site, tmp_path: Path) -> None:
    body = made.pdf(tmp_path / "x.pdf").read_bytes()
    site.pages["/reports/nappies%202026.pdf"] = (200, {"Content-Type": "application/pdf"}, body)
    url = f"{site.url}/reports/nappies%202026.pdf"
    done = run(Asked("reference", url, Path(url), date="2026"), desk.study, How(yes=True, quiet=True))
    assert done is not None
    assert [path for path, _ in site.asked] == ["/robots.txt", "/reports/nappies%202026.pdf"]
    assert all(agent.startswith("Chandung/") and "research@example.com" in agent for _, agent in site.asked)
    [row] = desk.rows("select url, file, pages from reference_documents")
    assert row == {"url": url, "file": "127.0.0.1-nappies-2026.pdf", "pages": 3}


def test_robots_txt_is_obeyed(desk: Desk, site: Site) -> None:
    site.pages["/robots.txt"] = (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /private/")
    site.pages["/private/r.html"] = (200, {"Content-Type": "text/html"}, b"<html>")
    assert fails(f"{site.url}/private/r.html", desk) == "reference_robots"
    site.pages["/robots.txt"] = (503, {}, b"")
    assert fails(f"{site.url}/r.html", desk) == "reference_robots"
    assert [path for path, _ in site.asked] == ["/robots.txt", "/robots.txt"]


@pytest.mark.parametrize(
    "where",
    [
        "http://127.0.0.1:9/x",
        "http://localhost:9/",
        "http://169.254.169.254/latest",
        "http://[::1]:9/",
        "http://2130706433/",
    ],
)
def test_no_redirect_leads_to_a_private_machine(desk: Desk, site: Site, where: str) -> None:
    site.pages["/r"] = (302, {"Location": where}, b"")
    assert fails(f"{site.url}/r", desk) == "reference_private"


def test_redirects_to_other_schemes_and_in_circles_end(desk: Desk, site: Site) -> None:
    site.pages["/r"] = (302, {"Location": "file:///etc/passwd"}, b"")
    assert fails(f"{site.url}/r", desk) in ("reference_private", "reference_status")
    site.pages["/c"] = (302, {"Location": "/c?"}, b"")
    site.pages["/c?"] = (302, {"Location": "/c"}, b"")
    assert fails(f"{site.url}/c", desk) == "reference_status"


def test_a_redirect_within_the_site_is_followed(desk: Desk, site: Site) -> None:
    site.pages["/r"] = (302, {"Location": "/to.html"}, b"")
    site.pages["/to.html"] = (200, {"Content-Type": "text/html; charset=utf-8"}, b"<html>x")
    assert fetching.fetch(f"{site.url}/r", desk.study).url == f"{site.url}/to.html"


def test_other_types_large_files_and_failures_are_told(desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.pages["/v"] = (200, {"Content-Type": "video/mp4"}, b"x")
    site.pages["/gz"] = (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, b"x")
    site.pages["/big"] = (200, {"Content-Type": "text/html"}, b"x" * 300_000)
    assert fails(f"{site.url}/v", desk) == "reference_type"
    assert fails(f"{site.url}/gz", desk) == "reference_type"
    assert fails(f"{site.url}/none", desk) == "reference_status"
    monkeypatch.setattr(fetching, "LARGEST", 100_000)
    assert fails(f"{site.url}/big", desk) == "reference_too_large"
    site.server.shutdown()
    site.server.server_close()
    with pytest.raises(InputError) as told:
        fetching.fetch(f"{site.url}/x", desk.study)
    assert told.value.key == "reference_no_answer"
    assert "Errno" not in str(told.value)


@pytest.mark.parametrize("url", ["http://", "http://user:pass@example.com/x", "https://exa mple/x"])
def test_addresses_that_are_none_are_told(desk: Desk, url: str) -> None:
    assert fails(url, desk) in ("reference_private", "reference_no_answer")
