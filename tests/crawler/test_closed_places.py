"""Places whose addresses tell that nobody here can read them: one sentence from check and from crawl, and no request."""

from __future__ import annotations

import json

from tests.conftest import StudyFolder
from tests.servers.site import Site

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


def test_another_base_of_an_api_that_nobody_asks_is_told(study: StudyFolder) -> None:
    with Site(lambda path: "<h1>Nothing</h1>") as site:
        study.write([{"url": f"{site.url}/c/x", "api": f"{site.url}/api"}])
        checked = json.loads(study.run("check", "--json").stdout)
        assert checked["sources"][0]["problem"]["key"] == "api_unused"
        [result] = study.crawl(code=1)
        assert (result["state"], result["reason"]["key"]) == ("failed", "api_unused")
        assert site.asked == []
