"""Sites are told the study's contact: the one of an example is pointed out before they are."""

from __future__ import annotations

import json

from tests.conftest import StudyFolder

#: A source that needs no network: its address is refused before anybody is asked.
ELSEWHERE = {"url": "http://nowhere.invalid/"}


def test_check_and_crawl_say_that_the_contact_is_an_examples(study: StudyFolder) -> None:
    study.write([ELSEWHERE], contact="you@example.com")
    assert "! contact: you@example.com is an example's address" in study.run("check").stdout
    assert "contact: you@example.com is an example's address" in study.run("crawl").stderr
    assert len(json.loads(study.run("check", "--json").stdout)["notes"]) == 1


def test_a_real_contact_is_nothing_to_speak_of(study: StudyFolder) -> None:
    study.write([ELSEWHERE], contact="lan@annhien.vn")
    assert "contact:" not in study.run("check").stdout
    assert json.loads(study.run("check", "--json").stdout)["notes"] == []
