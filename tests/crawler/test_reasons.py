"""Sentences within sentences: a reason in one language is told in it throughout."""

from __future__ import annotations

from crawler.reasons import Reason, reason_of, reason_of_status
from crawler.secret import Secret
from data.errors import UnreadablePageError


def test_the_reason_within_a_reason_speaks_the_same_language() -> None:
    inner = reason_of(
        UnreadablePageError("no_posts", url="https://a.example/t/1", engine="xenforo"), "https://a.example/t/1"
    )
    outer = Reason("many_failures", {"url": "https://a.example", "failed": 5, "total": 12, "first": inner})
    english, vietnamese = outer.sentence("en"), outer.sentence("vi")
    assert inner.sentence("en") in english
    assert inner.sentence("vi") in vietnamese
    assert "could not be read" in english
    assert "could not be read" not in vietnamese
    assert "was found in it" not in vietnamese
    assert ".http" not in english


def test_a_token_is_hidden_in_a_reason_within_a_reason() -> None:
    secret = Secret("https://a.example", "s3cr3t-t0k3n")
    inner = Reason("gone", {"url": "https://a.example/?k=s3cr3t-t0k3n", "status": 404})
    assert (
        "s3cr3t" not in secret.clean(Reason("stopped_answering", {"url": "https://a.example", "why": inner})).sentence()
    )


def test_an_error_of_a_site_tells_how_often_it_was_asked() -> None:
    once, thrice = reason_of_status(500, "https://a.example"), reason_of_status(500, "https://a.example", 3)
    assert "(status 500)" in once.sentence("en")
    assert "(status 500, asked 3 times)" in thrice.sentence("en")
    assert "đã thử 3 lần" in thrice.sentence("vi")
