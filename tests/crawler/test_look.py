"""What a brand's address leads to, from its front page and a few more, and what an interview makes of it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.study_file import load
from tests.command_line import run
from tests.servers.site import Site

_FRONT = """<html lang="vi"><head><title>Tã em bé | Mây Nhỏ</title><meta property="og:site_name" content="Mây Nhỏ">
<link rel="alternate" type="application/rss+xml" href="/tin.xml"></head><body><h1>Mây Nhỏ</h1>
<a href="/bang-gia">Bảng giá</a> <a href="/lien-he">Liên hệ</a> <a href="/dien-dan/">Diễn đàn</a>
<a href="https://www.facebook.com/maynho.example?ref=x">FB</a> <a href="https://play.google.com/store/apps/details?id=a.b">App</a>
</body></html>"""
_CONTACT = '<html><title>Liên hệ</title><body><a href="https://t.me/maynho">Telegram</a></body></html>'


def _page(path: str) -> str | None:
    return {"/": _FRONT, "/lien-he": _CONTACT, "/bang-gia": "<html><body>Giá</body></html>"}.get(path)


@pytest.fixture(scope="module")
def brand() -> Iterator[str]:
    with Site(_page) as site:
        yield f"{site.url}/"


def test_the_name_the_fanpages_the_feed_and_where_people_talk(brand: str) -> None:
    done = run("look", brand, "--json")
    assert done.returncode == 0, done.stderr
    [found] = json.loads(done.stdout)["addresses"]
    assert (found["name"], found["kind"]) == ("Mây Nhỏ", "site")
    assert {one["network"]: one["how"] for one in found["places"]} == {
        "facebook": "token", "google_play": "import", "telegram": "read"
    }  # fmt: skip
    assert found["feeds"] == [f"{brand}tin.xml"]
    assert found["talk"] == [f"{brand}dien-dan/"]
    assert ["pricing", f"{brand}bang-gia"] in found["pages"]


def test_an_address_needs_no_scheme_and_each_that_is_none_is_named_with_what_was_meant(brand: str) -> None:
    assert run("look", brand.removeprefix("http://"), lang="en").returncode == 0
    done = run("look", "abc", "htp://a.example", "minicare.vn", lang="en")
    assert done.returncode == 2
    assert [line for line in done.stderr.splitlines() if "is no web address" in line] == [
        "“abc” is no web address, such as minicare.com or https://minicare.com/.",
        "“htp://a.example” is no web address. Is http://a.example meant?",
    ]


def test_what_was_typed_without_https_is_asked_by_http_where_https_does_not_answer(brand: str) -> None:
    secure = brand.replace("http:", "https:")
    program = (
        "import sys; from crawler.look import look\n"
        "print([(one.url, one.name) for one in look([sys.argv[1]], 'me@example.com', bare=sys.argv[2:])])"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", program, *words], capture_output=True, text=True, check=True
        ).stdout.strip()
        for words in ([secure, secure], [secure])
    ]
    assert told == [f"[('{brand}', 'Mây Nhỏ')]", f"[('{secure}', None)]"]


def test_what_cannot_be_reached_is_said_and_a_fanpage_is_called_one() -> None:
    done = run("look", "http://127.0.0.1:9/", "https://www.facebook.com/maynho.example", lang="en")
    assert done.returncode == 1
    assert "could not be looked at" in done.stdout
    assert 'token: "${FB_TOKEN}"' in done.stdout


@pytest.mark.parametrize("given", ["abc", "ftp://a.example/", "javascript:alert(1)"])
def test_what_is_no_address_gets_one_sentence(given: str) -> None:
    done = run("look", given, lang="en")
    assert done.returncode == 2
    assert "is no web address" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_site_that_shuts_robots_out_is_left_alone() -> None:
    with Site(_page, robots="User-agent: *\nDisallow: /") as site:
        done = run("look", site.url, "--json")
        assert [one.path for one in site.asked if one.path != "/robots.txt"] == []
    assert json.loads(done.stdout)["addresses"][0]["problem"]["key"]


def test_an_interview_proposes_what_the_site_leads_to(brand: str, tmp_path: Path) -> None:
    #          brand, study, contact,           language, own site, competitor by address, its name, which, more, source, topics
    answers = ["An Nhiên", "", "me@annhien.example", "vi", "", brand, "", "1, 2", "", "", "7", "1", "", ""]
    done = run("init", tmp_path / "moi", stdin="\n".join(answers) + "\n", lang="vi")
    assert done.returncode == 0, done.stderr
    study = load(tmp_path / "moi")
    assert [(one.name, one.sites) for one in study.competitors] == [("Mây Nhỏ", [brand])]
    assert [(one.url, one.about) for one in study.sources] == [
        ("https://t.me/maynho", "Mây Nhỏ"), ("https://www.reddit.com/r/VietNam/", "market")
    ]  # fmt: skip
    written = (tmp_path / "moi" / "study.yaml").read_text(encoding="utf-8")
    assert '# - {url: https://facebook.com/maynho.example, about: Mây Nhỏ, token: "${FB_TOKEN}"}' in written


def test_pages_on_platforms_are_kept_as_places_and_what_fails_with_its_reason(brand: str, tmp_path: Path) -> None:
    answers = ["An Nhiên", "", "me@annhien.example", "vi", "fb.com/AnNhien", "", "www.facebook.com/MiniCare ", ""]
    answers += ["Sumobi", "shopee.vn/sumobi", "Sen Xa", f"{brand}mat", "", "abc", f"{brand}lien-he", "", "", "", ""]
    done = run("init", tmp_path / "moi", stdin="\n".join(answers) + "\n", lang="en")
    assert done.returncode == 0, done.stderr
    study = load(tmp_path / "moi")
    assert study.own.sites == []
    assert [(one.name, one.sites) for one in study.competitors] == [
        ("MiniCare", []), ("Sumobi", []), ("Sen Xa", [f"{brand}mat"])
    ]  # fmt: skip
    written = (tmp_path / "moi" / "study.yaml").read_text(encoding="utf-8")
    assert '# - {url: https://fb.com/AnNhien, about: An Nhiên, token: "${FB_TOKEN}"}' in written
    assert '# - {url: https://www.facebook.com/MiniCare, about: MiniCare, token: "${FB_TOKEN}"}' in written
    assert "# - {url: https://shopee.vn/sumobi, about: Sumobi}" in written
    assert re.search(rf"# \d{{4}}-\d\d-\d\d: chưa xem được\. {brand}mat không tồn tại", written)
    assert [one.url for one in study.sources] == [f"{brand}lien-he"]


def test_without_questions_it_looks_only_where_it_is_told_to(brand: str, tmp_path: Path) -> None:
    named = f"Mây Nhỏ={brand}"
    assert run("init", tmp_path / "a", "--yes", "--competitor", named).returncode == 0
    assert load(tmp_path / "a").sources == []
    done = run("init", tmp_path / "b", "--yes", "--look", "--competitor", named)
    assert done.returncode == 0, done.stderr
    assert f"{brand}tin.xml" in {source.url for source in load(tmp_path / "b").sources}
    assert f"  · {brand}tin.xml: a feed of what the brand writes" in done.stdout.splitlines(), (
        "nobody was asked, so it is told"
    )
    assert "google_play.csv" in (tmp_path / "b" / "study.yaml").read_text(encoding="utf-8")
