"""The demonstration's little world: fictional on every page, the same for the same seed, and true to its own truth."""

from __future__ import annotations

import gzip
import json
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from lxml import html

from data import codebook, study_file
from data.demo import fragments, world
from data.demo.example import study_text, write_study
from data.demo.pages import POSTS_A_PAGE
from data.demo.voice import without_marks
from data.demo.world import SITES, World
from tests.data.little_world import FICTION, FICTION_EN, pages

# ---- the same seed, the same world ----


def test_the_same_seed_makes_the_same_world_byte_for_byte(little: World, truth: dict[str, Any]) -> None:
    again = world.make(little.seed)
    assert again.truth() == truth
    assert again.pages() == little.pages()


def test_another_seed_makes_another_world(little: World) -> None:
    other = world.make(7)
    assert {p.text for p in other.posts()} != {p.text for p in little.posts()}


def test_a_saved_world_is_made_again_from_its_folder(later: World, tmp_path: Path) -> None:
    folder = later.save(tmp_path / "world")
    stored = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    again = world.load(folder)
    assert again.generation == 1
    assert json.loads(json.dumps(again.truth())) == stored


# ---- how much there is ----


def test_the_forum_is_as_large_as_promised(truth: dict[str, Any]) -> None:
    counts = truth["counts"]
    assert counts["threads"] >= 300
    assert counts["forum_posts"] >= 3000
    assert 0.10 <= counts["english_posts"] / counts["forum_posts"] <= 0.15
    assert 0.25 <= counts["chatter_posts"] / counts["forum_posts"] <= 0.36
    assert 0.15 <= counts["quoting_posts"] / counts["forum_posts"] <= 0.25
    assert counts["forum_authors"] >= 800


def test_few_people_write_much_and_many_write_once(truth: dict[str, Any]) -> None:
    posts = Counter(p["author"] for p in truth["posts"] if p["site"] == "forum")
    busiest = sum(n for _, n in posts.most_common(len(posts) // 10))
    assert busiest > 0.25 * sum(posts.values())
    assert sum(n == 1 for n in posts.values()) > 0.2 * len(posts)


def test_the_material_is_varied() -> None:
    pains = sum(fragments.count(fragments.pains(lang)) for lang in ("vi", "en"))
    cues = sum(fragments.count(fragments.cues(lang)) for lang in ("vi", "en"))
    assert pains >= 250
    assert cues >= 200


def test_some_posts_lack_diacritics(little: World) -> None:
    texts = [p.text for p in little.posts() if p.lang == "vi" and len(p.text) > 30]
    bare = sum(text == without_marks(text) for text in texts)
    assert 0.10 <= bare / len(texts) <= 0.20


def test_people_do_not_write_one_anothers_posts(little: World) -> None:
    own = [p.text.casefold() for p in little.posts() if p.kind == "talk" and len(p.text) > 40]
    assert max(Counter(own).values()) == 1


def test_copied_adverts_differ_only_in_number_face_or_greeting(little: World) -> None:
    copies = [p for p in little.posts() if p.copy_of is not None]
    assert len(copies) > 40
    assert all(not p.cues and not p.pains for p in little.posts() if p.kind in ("advert", "seeding"))
    numbers = re.findall(r"\b0900 000 \d{3}\b", " ".join(p.text for p in copies))
    assert numbers
    addresses = re.findall(r"[\w.]+@[\w.]+", " ".join(p.text for p in copies))
    assert all(address.endswith("example.com") for address in addresses)


def test_hostile_looking_text_is_shown_as_text(little: World) -> None:
    odd = [p for p in little.posts() if p.kind == "odd"]
    assert any("<script>" in p.text for p in odd)
    raw = b"".join(page.body for page in pages(little, "forum").values())
    assert b"<script" not in raw
    assert b"&lt;script&gt;" in raw


# ---- the pages ----


@pytest.mark.parametrize("site", SITES)
def test_every_page_says_that_it_is_fiction(little: World, site: str) -> None:
    for path, page in pages(little, site).items():
        shown = page.body.decode("utf-8").replace("&#39;", "'")
        assert FICTION in shown, path
        assert FICTION_EN in shown, path


def test_every_post_stands_on_exactly_one_page_with_its_words(little: World, truth: dict[str, Any]) -> None:
    found: dict[str, tuple[str, str, str]] = {}
    for path, page in pages(little, "forum").items():
        if not path.startswith("/threads/"):
            continue
        articles = html.fromstring(page.body.decode("utf-8")).cssselect("article.message--post")
        assert 1 <= len(articles) <= POSTS_A_PAGE
        for article in articles:
            number = article.get("data-content").removeprefix("post-")
            assert number not in found
            body = article.cssselect(".message-body .bbWrapper")[0]
            for quote in body.cssselect("blockquote"):
                quote.drop_tree()
            found[number] = (path, article.get("data-author"), body.text_content())
    stated = {p["id"]: (p["path"], p["author"], p["text"]) for p in truth["posts"] if p["site"] == "forum"}
    assert found == stated


def test_a_quote_names_its_post_and_is_not_the_repliers_text(little: World, truth: dict[str, Any]) -> None:
    posts = {p["id"]: p for p in truth["posts"] if p["site"] == "forum"}
    replies = [p for p in posts.values() if p["reply_to"]]
    for reply in replies:
        quoted = posts[reply["reply_to"]]
        assert reply["quoted"] == quoted["text"]
        assert reply["thread"] == quoted["thread"]
        assert quoted["at"] <= reply["at"]
    assert any(posts[r["reply_to"]]["pains"] and not r["pains"] for r in replies)


def test_boards_list_every_thread_once_newest_first_after_the_sticky_one(little: World, truth: dict[str, Any]) -> None:
    listed: Counter[str] = Counter()
    for path, page in pages(little, "forum").items():
        if not path.startswith("/forums/"):
            continue
        tree = html.fromstring(page.body.decode("utf-8"))
        items = tree.cssselect(".structItem--thread")
        listed.update(item.cssselect(".structItem-title a")[0].get("href") for item in items)
        plain = [i for i in items if "is-sticky" not in i.get("class")]
        times = [int(i.cssselect(".structItem-latestDate")[0].get("data-timestamp")) for i in plain]
        assert times == sorted(times, reverse=True)
    assert listed == Counter(t["url"] for t in truth["threads"])
    assert any(t["sticky"] for t in truth["threads"])


def test_links_inside_the_forum_lead_somewhere(little: World) -> None:
    known = little.pages()["forum"]
    for path, page in pages(little, "forum").items():
        for href in set(re.findall(rb'<a [^>]{0,200}?href="(/[^"#]*)', page.body)):
            target = href.decode()
            people = target.startswith("/members/") or target.endswith("/reactions")
            assert people or target in known, (path, target)


def test_feeds_are_well_formed_and_carry_every_comment(little: World, truth: dict[str, Any]) -> None:
    wfw = "{http://wellformedweb.org/CommentAPI/}commentRss"
    atom = "{http://www.w3.org/2005/Atom}"
    ids = set()
    rss = pages(little, "minicare_fanpage")
    for item in ET.fromstring(rss["/feed.xml"].body).iter("item"):
        path = (item.findtext(wfw) or "").removeprefix("@@minicare_fanpage@@")
        ids |= {c.findtext("guid") for c in ET.fromstring(rss[path].body).iter("item")}
    feed = pages(little, "sumobi_fanpage")
    for entry in ET.fromstring(feed["/feed.atom"].body).iter(f"{atom}entry"):
        link = next(x for x in entry.iter(f"{atom}link") if x.get("rel") == "replies")
        path = (link.get("href") or "").removeprefix("@@sumobi_fanpage@@")
        ids |= {c.findtext(f"{atom}id") for c in ET.fromstring(feed[path].body).iter(f"{atom}entry")}
    assert ids == {p["id"] for p in truth["posts"] if p["site"] != "forum"}


@pytest.mark.parametrize("site", ["own_site", "minicare_site", "sumobi_site"])
def test_a_shop_has_pages_prices_structured_data_and_a_tracker(little: World, site: str) -> None:
    shown = pages(little, site)
    assert {"/", "/san-pham/", "/gioi-thieu/", "/hoi-dap/", "/robots.txt", "/sitemap.xml"} <= set(shown)
    tree = html.fromstring(shown["/san-pham/"].body.decode("utf-8"))
    blocks = [json.loads(s.text) for s in tree.cssselect('script[type="application/ld+json"]')]
    prices = [b["offers"]["price"] for b in blocks if b["@type"] == "Product"]
    visible = [int(p.text.rstrip("đ").replace(".", "")) for p in tree.cssselect(".product .price")]
    assert prices == visible
    assert prices
    assert b"G-HUCAU" in shown["/"].body


# ---- the truth ----


def test_the_truth_speaks_the_codebooks_language(truth: dict[str, Any]) -> None:
    for post in truth["posts"]:
        for cue in post["cues"]:
            assert cue["attribute"] in codebook.ATTRIBUTES
            assert cue["who"] in codebook.WHO
            closed = codebook.VALUES.get(cue["attribute"])
            assert closed is None or cue["value"] in closed
            assert "{" not in cue["value"]
        for pain in post["pains"]:
            assert pain["kind"] in codebook.PAIN_KINDS
            assert {pain["category"], *pain["accept"]} <= set(codebook.PAIN_CATEGORIES)
            assert pain["severity"] in codebook.SEVERITIES


def test_all_that_is_planted_stands_in_the_authors_own_words(truth: dict[str, Any]) -> None:
    for post in truth["posts"]:
        assert post["text"].strip()
        assert not re.search(r"\{\w+\}|@@|;;", post["text"])
        for planted in (*post["cues"], *post["pains"]):
            assert planted["quote"] in post["text"]


def test_brands_mentioned_are_named_in_the_post(truth: dict[str, Any]) -> None:
    forms = {name: brand["forms"] for name, brand in fragments.toml("market")["brands"].items()}
    for post in truth["posts"]:
        plain = without_marks(post["text"]).casefold()
        for brand in post["mentions"]:
            assert any(without_marks(form).casefold() in plain for form in forms[brand]), post


def test_what_people_say_of_themselves_agrees_with_their_profile(truth: dict[str, Any]) -> None:
    for author in truth["authors"]:
        for attribute in ("gender", "location", "marital_status", "price_sensitivity"):
            assert set(author["said"].get(attribute, {})) <= {author["profile"].get(attribute)}
        for age in author["said"].get("age", {}):
            low, _, high = age.partition("-")
            assert int(low) <= int(author["profile"]["age"]) <= int(high or low)


def test_realised_shares_lie_near_the_planted_ones(truth: dict[str, Any]) -> None:
    """Four standard errors: a draw may stray, a fault in the making goes further."""
    for brand in truth["brands"].values():
        planted, found = brand["planted"], brand["realised"]["by_relation"]
        for category, share in planted["pains"].items():
            near(found["pains"].get(category, 0), found["authors"], share, extra=0.04)
        for name in ("age_25_34", "location_big_two"):
            told = found["attributes"][name]
            near(told["yes"], told["told"], planted["attributes"][name], extra=0.05)
        price = found["attributes"]["price_sensitivity"]
        near(
            price["values"].get("high", 0),
            price["told"],
            planted["attributes"]["price_sensitivity"]["high"],
            extra=0.05,
        )


def near(yes: int, n: int, share: float, extra: float) -> None:
    """``yes`` of ``n`` is a fair draw of ``share``; ``extra`` allows for what people have no post left to say."""
    assert n > 20
    assert abs(yes / n - share) <= 4 * (share * (1 - share) / n) ** 0.5 + extra


def test_the_competitors_audiences_differ(truth: dict[str, Any]) -> None:
    def share(brand: str, name: str) -> float:
        found = truth["brands"][brand]["realised"]["by_relation"]["attributes"][name]
        return float(found["yes"] / found["told"])

    for name in ("age_25_34", "location_big_two"):
        assert share("MiniCare", name) > share("Sumobi", name) + 0.25
        assert abs(share("MiniCare", name) - share("An Nhiên", name)) < 0.2


# ---- later ----


def test_a_grown_world_has_new_posts_some_edits_and_one_other_price(
    little: World, later: World, truth: dict[str, Any]
) -> None:
    old = {p["id"]: p for p in truth["posts"]}
    new = {p["id"]: p for p in later.truth()["posts"]}
    added = new.keys() - old.keys()
    assert 0.008 <= len(added) / len(old) <= 0.015
    assert old.keys() <= new.keys()
    edited = [i for i in old if old[i]["text"] != new[i]["text"]]
    assert len(edited) == 6
    assert all(new[i]["edited_at"] > new[i]["at"] for i in edited)
    changed = [
        site
        for site in ("own_site", "minicare_site", "sumobi_site")
        if pages(later, site)["/san-pham/"].body != pages(little, site)["/san-pham/"].body
    ]
    assert changed == ["minicare_site"]
    assert little.truth() == truth, "growing leaves the earlier state as it was"


# ---- the study ----


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_example_study_is_a_good_study(language: str, tmp_path: Path) -> None:
    bases = {site: f"http://127.0.0.1:{8820 + n}" for n, site in enumerate(SITES)}
    loaded = study_file.load(write_study(tmp_path, bases, language))
    assert loaded.language == language
    assert [b.name for b in loaded.brands] == list(fragments.toml("market")["brands"])
    assert all(source.delay == 0 and source.terms for source in loaded.all_sources())
    assert {urlsplit(source.url).port for source in loaded.all_sources()} == set(range(8820, 8826))
    planted = {name: {a.casefold() for a in b["aliases"]} for name, b in fragments.toml("market")["brands"].items()}
    assert {b.name: {a.casefold() for a in b.aliases} for b in loaded.brands} == planted


def test_the_reports_language_can_differ_from_the_studys() -> None:
    bases = dict.fromkeys(SITES, "http://127.0.0.1:1")
    assert "language: en" in study_text(bases, "vi", report="en")


def test_the_material_is_toml_that_people_can_read() -> None:
    for path in fragments.FOLDER.glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        assert tomllib.loads(text), path.name
        assert text.startswith("#"), path.name
    packed = gzip.compress("".join(p.read_text(encoding="utf-8") for p in fragments.FOLDER.glob("*.toml")).encode())
    assert len(packed) < 100_000
