"""Places whose addresses tell that nobody here can read them: one sentence from check and from crawl, and no request."""

from __future__ import annotations

import json

from tests.conftest import StudyFolder
from tests.servers.site import Answer, Site

PLACES = {
    "https://x.com/annhien": "X",
    "https://vm.tiktok.com/abc": "TikTok",
    "https://www.instagram.com/annhien/": "Instagram",
    "https://www.threads.net/@annhien": "Threads",
    "https://zalo.me/1234567890": "Zalo",
    "https://www.linkedin.com/company/annhien": "LinkedIn",
}


def test_closed_networks_are_told_by_their_address_alone(study: StudyFolder) -> None:
    study.write([{"url": url} for url in PLACES])
    for words in (("check", "--json"), ("crawl", "--json")):
        done = study.run(*words)
        assert done.returncode == 1, done.stderr
        for source in json.loads(done.stdout)["sources"]:
            told = source.get("problem") or source["reason"]
            assert told["key"] == "closed_place"
            assert f"on {PLACES[source['url']]}," in told["sentence"]
            assert source.get("requests", 0) == 0


def test_a_dry_run_says_what_can_be_told_by_the_address_alone(study: StudyFolder) -> None:
    study.write(
        [{"url": url} for url in (*PLACES, "https://www.facebook.com/groups/123", "https://facebook.com/annhien")]
    )
    done = study.run("crawl", "--dry-run")
    assert done.stdout.count("gives posts to no program") == len(PLACES)
    assert done.stdout.count("by the documented API of") == 0, "neither a group nor, without a token, a Page"
    *_, group, page = json.loads(study.run("crawl", "--dry-run", "--json").stdout)["sources"]
    assert "group" in group["problem"]
    assert "token" in page["problem"]


def test_a_password_in_an_address_is_never_told_again(study: StudyFolder) -> None:
    study.write([{"url": "https://forum.example/"}])
    for words in (("crawl",), ("crawl", "--dry-run"), ("check",)):
        done = study.run(*words, "--source", "https://toi:geheim@forum.example/")
        assert done.returncode == 2
        assert "geheim" not in done.stdout + done.stderr
    with Site(lambda path: Answer("", 302, {"Location": "http://toi:geheim@127.0.0.1/"})) as site:
        [result] = study.write([{"url": site.url}]).crawl(code=1)
    assert result["reason"]["key"] == "not_web"
    assert "geheim" not in json.dumps(result) + (study.folder / "chandung.log").read_text(encoding="utf-8")
    assert "geheim" not in "".join(str(row) for row in study.rows("select * from refusals_flat"))
    assert b"geheim" not in study.database.read_bytes()


def test_another_base_of_an_api_that_nobody_asks_is_told(study: StudyFolder) -> None:
    with Site(lambda path: "<h1>Nothing</h1>") as site:
        study.write([{"url": f"{site.url}/c/x", "api": f"{site.url}/api"}])
        checked = json.loads(study.run("check", "--json").stdout)
        assert checked["sources"][0]["problem"]["key"] == "api_unused"
        [result] = study.crawl(code=1)
        assert (result["state"], result["reason"]["key"]) == ("failed", "api_unused")
        assert site.asked == []
