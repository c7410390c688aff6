"""A token goes out with a request to the API's own host, and is taken out of whatever comes back."""

from __future__ import annotations

import json
from urllib.parse import quote, quote_plus

import pytest
from scrapy import Request

from crawler.reasons import Reason
from crawler.secret import Secret
from crawler.spiders.calling import in_plain_letters

TOKEN = 'EAAB-bi/mat+42 xyz"ữ'
SECRET = Secret("https://api.example", TOKEN, {"Authorization": "Bearer x"}, {"key": TOKEN})


def test_a_request_is_signed_for_the_apis_own_host_alone() -> None:
    signed = SECRET.sign(Request("https://api.example/posts?page=2"))
    assert signed.url == f"https://api.example/posts?page=2&key={quote_plus(TOKEN)}"
    assert signed.headers["Authorization"] == b"Bearer x"
    for elsewhere in ("https://other.example/posts", "http://api.example/posts", "https://api.example:8443/posts"):
        request = Request(elsewhere)
        assert SECRET.sign(request) is request


@pytest.mark.parametrize(
    "form", [TOKEN, quote(TOKEN), quote(TOKEN, safe=""), quote_plus(TOKEN), json.dumps(TOKEN)[1:-1]]
)
def test_the_token_is_found_however_it_is_written(form: str) -> None:
    assert SECRET.hide(f"Malformed access token {form}.") == "Malformed access token [token]."
    assert SECRET.hide_bytes(f"<a href='?k={form}'>".encode()) == b"<a href='?k=[token]'>"


def test_the_token_is_found_behind_escapes_that_are_not_ours() -> None:
    escaped = "".join(f"\\u{ord(sign):04x}" for sign in TOKEN)
    body = f'{{"next": "https://api.example/?k={escaped}"}}'.encode()
    assert b"EAAB" not in SECRET.hide_bytes(in_plain_letters(body))


def test_addresses_lose_the_parameter_that_holds_it() -> None:
    assert (
        SECRET.clean_url(f"https://api.example/x?access_token={quote_plus(TOKEN)}&after=3")
        == "https://api.example/x?after=3"
    )
    assert SECRET.clean_url("https://api.example/x?access_token=[token]&after=3") == "https://api.example/x?after=3"
    assert SECRET.clean_url("https://api.example/x?after=3%2F4") == "https://api.example/x?after=3%2F4"


def test_reasons_and_representations_do_not_show_it() -> None:
    assert SECRET.clean(Reason("x", {"said": f"no {TOKEN}", "code": 4})).values == {"said": "no [token]", "code": 4}
    assert TOKEN not in repr(SECRET)


def test_what_is_too_short_to_be_a_secret_takes_no_words_apart() -> None:
    assert Secret("https://api.example", "", {}, {}).hide("abc") == "abc"
    assert Secret("https://api.example", "a", {}, {}).hide("abc") == "abc"
