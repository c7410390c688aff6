"""The demonstration's sites as they answer on this machine."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from data.demo import server
from data.demo.world import SITES, World
from tests.data.little_world import FICTION, pages


@pytest.fixture(scope="module")
def running(little: World) -> Iterator[server.Running]:
    with server.serve(little) as at_work:
        yield at_work


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def ask(base: str, path: str, method: str = "GET", **headers: str) -> Answer:
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=120)
    try:
        connection.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        answer = connection.getresponse()
        return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    finally:
        connection.close()


def test_sites_have_addresses_of_their_own(running: server.Running) -> None:
    assert set(running.bases) == set(SITES)
    assert len(set(running.bases.values())) == len(SITES)
    page = ask(running.bases["minicare_site"], "/sitemap.xml").body.decode()
    assert f"<loc>{running.bases['minicare_site']}/san-pham/</loc>" in page
    assert "@@" not in page


def test_a_page_that_did_not_change_is_answered_304(running: server.Running) -> None:
    base = running.bases["forum"]
    first = ask(base, "/")
    assert first.status == 200
    assert ask(base, "/", If_None_Match=first.headers["etag"]).status == 304
    assert ask(base, "/", If_None_Match='"other"').status == 200
    assert ask(base, "/", If_Modified_Since=first.headers["last-modified"]).status == 304
    assert ask(base, "/", If_Modified_Since="Thu, 01 Jan 2026 00:00:00 GMT").status == 200
    assert ask(base, "/", If_Modified_Since="gibberish").status == 200


def test_permalinks_lead_to_the_page_of_the_post(running: server.Running, little: World, truth: dict[str, Any]) -> None:
    post = next(p for p in truth["posts"] if p["site"] == "forum" and p["page"] == 2)
    answer = ask(running.bases["forum"], f"/posts/{post['id']}/")
    assert answer.status == 301
    assert answer.headers["location"] == f"{post['path']}#post-{post['id']}"
    assert ask(running.bases["forum"], f"/goto/post?id={post['id']}").status == 301


def test_robots_forbid_a_page_that_exists(running: server.Running) -> None:
    base = running.bases["forum"]
    assert "Disallow: /noi-bo/" in ask(base, "/robots.txt").body.decode()
    assert ask(base, "/noi-bo/").status == 200


def test_the_server_refuses_what_it_does_not_know(running: server.Running) -> None:
    base = running.bases["forum"]
    missing = ask(base, "/threads/khong-co.99999/")
    assert missing.status == 404
    assert FICTION in missing.body.decode()
    assert ask(base, "/", method="POST").status == 405
    assert ask(base, "/" + "x" * 40_000).status == 400
    head = ask(base, "/", method="HEAD")
    assert head.status == 200
    assert head.body == b""


def test_a_hundred_readers_at_once_all_get_their_page(running: server.Running, little: World) -> None:
    paths = [path for path in pages(little, "forum") if path.startswith("/threads/")][:100]
    with ThreadPoolExecutor(25) as readers:
        answers = list(readers.map(lambda path: ask(running.bases["forum"], path), paths))
    assert all(a.status == 200 for a in answers)
    assert [len(a.body) for a in answers] == [int(a.headers["content-length"]) for a in answers]


def test_one_connection_serves_many_pages(running: server.Running, little: World) -> None:
    connection = http.client.HTTPConnection(urlsplit(running.bases["forum"]).netloc, timeout=120)
    for path in list(pages(little, "forum"))[:50]:
        connection.request("GET", path)
        assert connection.getresponse().read()
    connection.close()
    assert running.seen["forum", "/"] > 0


def test_a_running_server_can_show_a_later_state(little: World, later: World) -> None:
    with server.serve(little) as at_work:
        base = at_work.bases["minicare_site"]
        before = ask(base, "/san-pham/")
        at_work.show(later)
        after = ask(base, "/san-pham/", If_None_Match=before.headers["etag"])
        assert after.status == 200
        assert after.body != before.body


def test_a_process_of_its_own_serves_the_same_world(little: World) -> None:
    with server.start() as bases:
        for site, base in bases.items():
            shown = pages(little, site)
            for path in list(shown)[:: max(1, len(shown) // 12)]:
                expected = shown[path].body
                for other, address in bases.items():
                    expected = expected.replace(f"@@{other}@@".encode(), address.encode())
                assert ask(base, path).body == expected, (site, path)


def test_a_taken_port_is_said_in_a_sentence(running: server.Running, capsys: pytest.CaptureFixture[str]) -> None:
    taken = urlsplit(running.bases["forum"]).port
    assert server.main(["--port", str(taken)]) == 1
    assert str(taken) in capsys.readouterr().err
