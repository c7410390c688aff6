"""Which machines may be talked to."""

from __future__ import annotations

import pytest

from crawler.guard import Guard, is_public, place_of, registered_domain

GUARD = [
    "https://forum.example.com/f/1/",
    "http://127.0.0.1:8000/",
    "http://localhost:8001/",
    "http://intranet/",
    "http://[::1]:8002/",
    "http://2130706433:8003/",
    "http://127.1:8003/",
]


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://forum.example.com/", True),
        ("http://127.0.0.1:8000/any/page", True),
        ("http://127.0.0.1:8001/", False),
        ("http://127.0.0.1/", False),
        ("http://localhost:8001/", True),
        ("http://localhost:8000/", False),
        ("http://anything.localhost/", False),
        ("http://[::1]:8002/", True),
        ("http://[::1]/", False),
        ("http://10.1.2.3/", False),
        ("http://192.168.0.1/", False),
        ("http://169.254.169.254/latest/meta-data/", False),
        ("http://0.0.0.0/", False),
        ("http://100.64.0.1/", False),
        ("http://[fe80::1]/", False),
        ("http://[::ffff:127.0.0.1]/", False),
        ("http://8.8.8.8/", True),
        ("http://134744072/", True),
        ("http://2130706433:8003/", False),
        ("http://127.1:8003/", False),
        ("http://0x7f.0.0.1/", False),
        ("http://0177.0.0.1/", False),
        ("ftp://forum.example.com/", False),
        ("file:///etc/passwd", False),
        ("http://:80/", False),
        ("http://[broken/", False),
        ("http://forum.example.com:99999/", False),
    ],
)
def test_requests_to_private_places_are_refused_unless_named(url: str, allowed: bool) -> None:
    assert Guard(GUARD).allows_url(url) is allowed


def test_a_public_name_that_leads_inwards_is_refused_even_when_the_study_names_it() -> None:
    guard = Guard(GUARD)
    assert not guard.allows_address("forum.example.com", 443, "127.0.0.1"), (
        "a name can be pointed anywhere by its owner"
    )
    assert guard.allows_address("intranet", 80, "10.0.0.8"), "a name without a public suffix was meant as a local one"
    assert not guard.allows_address("intranet", 8080, "10.0.0.8")
    assert guard.refusal("https://forum.example.com/x") == "127.0.0.1"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("64:ff9b::5db8:d70e", True),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("224.0.0.1", False),
        ("fc00::1", False),
        ("198.18.0.7", True),
        ("fe80::1%eth0", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_hosts_and_their_domains() -> None:
    assert place_of("https://Forum.Example.com./x") == ("forum.example.com", 443)
    assert registered_domain("m.forum.example.com.vn") == "example.com.vn"
    assert registered_domain("127.0.0.1") == "127.0.0.1"
