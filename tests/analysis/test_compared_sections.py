"""The report's sections "claimed and actual" and "compared": what they tell, in both languages, and what they never tell."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path

import pytest

from analysis import findings
from analysis.report import html, markdown
from analysis.report.blocks import Bars, Block, Card, Cards, Cell, Fold, Items, Section, Table, Text, every
from analysis.report.build import build
from analysis.report.model import Report
from analysis.report.sections import claimed, compared, lessons, segments
from analysis.report.sections.compared import Told
from analysis.report.speech import Speech
from data.records import Offer
from data.store import Store
from data.store.found import Parameters
from data.words import entry
from tests.analysis.test_small_groups import MINIMUM, SCATTERED, TOLD
from tests.analysis.world import BE, HOSTILE, LIKE_OURS, MINI, OWN, STUDY, Kind, Person, World, crowd


def _sections(store: Store, world: World, lang: str) -> list[Section]:
    say = Speech(lang)
    found = [module.section(store, world.study, say) for module in (claimed, compared)]
    return [section for section in found if section]


def _texts(blocks: Iterable[Block]) -> Iterator[str]:
    """Every sentence and cell of some blocks."""
    for block in every(blocks):
        if isinstance(block, Text):
            yield block.text
        elif isinstance(block, Items):
            yield from (text.text for text in block.texts)
        elif isinstance(block, Bars):
            yield block.title
            yield from (f"{bar.label} {bar.told} {bar.n}" for bar in block.rows)
        elif isinstance(block, Table):
            yield block.title
            for row in block.rows:
                yield from (f"{c.text} {c.note or ''}" if isinstance(c, Cell) else c for c in row)
            yield block.note or ""
        elif isinstance(block, Cards):
            yield from (card.title for card in block.cards)
        elif isinstance(block, Fold):
            yield block.title


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_both_sections_stand_in_the_report(analysed: World, analysed_store: Store, report: Report, lang: str) -> None:
    sections = _sections(analysed_store, analysed, lang)
    assert [s.key for s in sections] == ["claimed", "compared"]
    told = Told(analysed_store, analysed.study, Speech(lang)).voice()
    voice = [bar.key for block in told if isinstance(block, Bars) for bar in block.rows]
    assert {"p-own", "p-1"} <= set(voice), "how many speak of a brand leads to who they are"
    for render in (html.render, markdown.render):
        page = unescape(render(report, lang, sections))
        assert all(f'id="{place}"' in page and f"#{place}" in page for place in voice)
        for section in sections:
            assert section.title in page
        assert "An toàn cho da nhạy cảm" in page
    assert "{" not in " ".join(text for s in sections for text in _texts(s.blocks))


def test_markdown_is_escaped_once(analysed: World, analysed_store: Store, report: Report) -> None:
    page = markdown.render(report, "vi", _sections(analysed_store, analysed, "vi"))
    assert "\\\\" not in page
    assert "\n| --- | --- |" in page
    assert "\n### MiniCare\n" in page


def test_what_is_said_of_the_audience_like_ours(analysed: World, analysed_store: Store) -> None:
    claims, comparison = _sections(analysed_store, analysed, "en")
    told = "\n".join(_texts(claims.blocks))
    assert "people complain of" in told
    assert "gender: women" in told
    told = "\n".join(_texts(comparison.blocks))
    assert "not seen to differ beyond chance" in told
    assert "very different" in told or "fairly different" in told
    assert f"The people of {MINI} are quite like those {OWN} aims at" in told
    assert f"The people of {BE} are" not in told, "nothing is to be learnt of an audience unlike ours"


def test_alike_on_the_whole_and_apart_in_some_are_one_sentence(
    analysed: World, analysed_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Told(analysed_store, analysed.study, Speech("vi"))
    query = analysed_store.query

    def undecided(sql: str, parameters: Parameters = ()) -> Iterator[dict[str, object]]:
        for row in query(sql, parameters):
            yield {**row, "verdict": "unknown"} if row.get("measure") == "overall" else row

    real = "select brand from comparisons where measure like 'difference:%' and verdict = 'different' and brand <> 'market'"
    brand = next(query(real))["brand"]
    [before] = told.against_whom(brand)
    monkeypatch.setattr(analysed_store, "query", undecided)
    [after] = told.against_whom(brand)
    assert "nhìn chung" not in before.text
    assert "nhìn chung chưa thấy khác quá mức ngẫu nhiên, chỉ khác rõ ở những điểm trong bảng dưới" in after.text


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_verdict_has_its_words(lang: str) -> None:
    verdicts = entry("claimed.verdicts", lang)
    assert set(verdicts) == {
        "met", "missed", "open", "not_enough", "not_kept", "complained", "few", "none", "opening", "unpromised",
    }  # fmt: skip
    assert set(entry("compare.offers", "vi")) == set(entry("compare.offers", "en"))
    assert set(entry("compare.proofs", lang)) == {
        "award",
        "certificate",
        "endorse",
        "expert",
        "press",
        "prize",
        "rating",
    }


@pytest.fixture(scope="module", params=[1, 2, 3])
def small(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    """A study of audiences from nobody to sixty people, some of whom change brands."""
    sizes = random.Random(request.param)
    world = World(tmp_path_factory.mktemp(f"few{request.param}"))
    with world.open() as store:
        people = []
        for seed, brand in enumerate((OWN, MINI, BE, None)):
            size = sizes.choice([0, 3, 6, 12, 25, 60])
            people += crowd(brand, SCATTERED, size, 100 * sizes.randint(1, 99) + seed)
        world.fill(store, people)
        offers = (Offer("M", 200000.0, "VND", "200k"),)
        world.page(
            store, "https://minicare.example/", promises=("Giá rẻ nhất", "An toàn cho da nhạy cảm", "Giao 2 giờ"),
            audiences=("dành cho mẹ bỉm ở Hà Nội", "cho người 25-34 tuổi"), offers=offers,
        )  # fmt: skip
        findings.find(store, world.study)
    return world


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_number_of_people_below_the_minimum_is_told(small: World, lang: str) -> None:
    with small.open() as store:
        sections = _sections(store, small, lang)
    page = "\n".join(text for section in sections for text in _texts(section.blocks)).replace("\u00a0", " ")
    page = re.sub(r"“[^”]*”", "", page)
    found = [int(m[1]) for pattern in TOLD[lang] for m in re.finditer(pattern, page)]
    found += [int(m[1]) for m in re.finditer(r"(?<!\d)(\d+)(?:/| of )\d+ (?:người|people)", page)]
    assert not [n for n in found if 0 < n < MINIMUM]


def test_what_pages_and_people_write_is_never_markup(world: World) -> None:
    with world.open() as store:
        loud = [
            Person(f"người {a}{b}", MINI, (), [("complaint", "price")], words=f"{HOSTILE} {a}{b}")
            for a in "abcde"
            for b in "fghij"
        ]
        world.fill(store, [*crowd(OWN, LIKE_OURS, 40, 1), *loud])
        world.page(
            store,
            "https://minicare.example/",
            promises=(f"Giá rẻ nhất {HOSTILE}",),
            audiences=(f"cho mẹ bỉm {HOSTILE}",),
        )
        findings.find(store, world.study)
        sections = _sections(store, world, "vi")
        report = build(store, world.study, "2026-11-21T03:00:00+00:00")
    for render in (html.render, markdown.render):
        page = render(report, "vi", sections)
        assert "<script>alert(1)" not in page
        assert "0912 345 678" not in page
    assert not re.search(r"(?<!\\)\]\(javascript:", markdown.render(report, "vi", sections))


def test_without_competitors_there_is_nothing_to_compare(tmp_path_factory: pytest.TempPathFactory) -> None:
    world = World(tmp_path_factory.mktemp("alone"), {**STUDY, "competitors": []})
    with world.open() as store:
        world.fill(store, crowd(OWN, LIKE_OURS, 40, 1))
        findings.find(store, world.study)
        assert _sections(store, world, "vi") == []


@pytest.mark.parametrize("people", [[], [Person("một người", MINI)], crowd(OWN, Kind({}, {}), 30, 1)])
def test_nobody_and_a_few_are_no_error(world: World, people: list[Person]) -> None:
    with world.open() as store:
        world.fill(store, people)
        findings.find(store, world.study)
        for section in _sections(store, world, "vi"):
            assert not re.search(r"(?<!dưới )\b[1-4] người", "\n".join(_texts(section.blocks)))


@pytest.mark.parametrize(
    ("counts", "low", "high", "told"),
    [((20, 5), 1.2, 9.0, True), ((0, 20), 0.0, 0.6, False), ((20, 0), 1.1, 277.0, False), ((20, 9), 0.9, 4.0, False)],
)
def test_a_ratio_stands_only_where_it_says_something(
    counts: tuple[int, int], low: float, high: float, told: bool
) -> None:
    assert compared._has_ratio({"low": low, "high": high}, counts) is told


@pytest.mark.parametrize(
    ("authors", "said"),
    [
        (0, "nobody tells at least three"),
        (3, "fewer than 5 people tell at least three"),
        (40, "only 40 people tell at least three"),
    ],
)
def test_why_no_segments_were_looked_for_is_a_sentence(world: World, authors: int, said: str) -> None:
    found = {"outcome": "too_few", "authors": authors, "attributes": "[]"}
    with world.open() as store:
        blocks = list(segments._found(segments.Told(store, world.study, Speech("en")), [], found))
    assert said in " ".join(_texts(blocks))


def test_the_rest_of_the_market_says_that_pains_count_whoever_is_blamed(analysed: World, analysed_store: Store) -> None:
    said = " ".join(_texts([*compared.Told(analysed_store, analysed.study, Speech("en")).overlap("market")]))
    pain = "select 1 from comparisons where brand = 'market' and attribute = 'pain' and measure like 'diff%' and verdict = 'different'"
    assert ("whichever brand is blamed" in said) is bool(list(analysed_store.query(pain)))


def test_what_is_complained_of_less_is_nothing_to_learn(analysed: World, analysed_store: Store) -> None:
    rows = list(analysed_store.query("select * from lessons where measure = 'complaint'"))
    assert {row["lesson"] for row in rows if row["verdict"] in ("strength", "kept")} == {"less_blamed"}
    told = Told(analysed_store, analysed.study, Speech("vi"))
    for card in lessons.cards(told):
        avoided = re.search(r"Nên tránh: (.*)\.", _texts_of(card))
        assert avoided is None or re.fullmatch(r"“[^”]+”((, | và )“[^”]+”)*", avoided[1]), (
            "names have commas of their own"
        )
        assert "Nên học: " not in _texts_of(card) or "Nên học: chưa thấy điều gì nổi bật" in _texts_of(card)
    less = [_texts_of(card) for card in lessons.cards(told) if "ít bị chê" in _texts_of(card).lower()]
    assert less
    assert all("bật hẳn; đáng xem thêm những điều ít bị chê hơn nơi khác: “" in text for text in less)
    for brand in (MINI, BE):
        for block in lessons.blocks(told, brand):
            if isinstance(block, Table):
                assert block.title == f"Ở {brand} ít bị chê hơn"
                shown = [cell for row in block.rows for cell in row if isinstance(cell, Cell) and cell.about]
                assert all("n\u00a0=" in cell.text for cell in shown), shown


def test_of_an_audience_unlike_ours_only_what_to_avoid_is_told(
    analysed: World, analysed_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, query = Told(analysed_store, analysed.study, Speech("vi")), analysed_store.query

    def unlike(sql: str, parameters: Parameters = ()) -> Iterator[dict[str, object]]:
        for row in query(sql, parameters):
            yield {**row, "fits": "far"} if "fits" in row else row

    monkeypatch.setattr(analysed_store, "query", unlike)
    texts = [_texts_of(card) for card in lessons.cards(told)]
    assert any("Nên tránh: “" in text for text in texts)
    assert all("Nên học" not in text for text in texts)
    [first, *others] = lessons.blocks(told, MINI)
    assert isinstance(first, Text)
    assert "không giống khách mà An Nhiên nhắm tới" in first.text
    assert others


def _texts_of(card: Card) -> str:
    return " ".join(_texts(card.blocks))


def test_with_few_data_one_line_says_that_there_is_nothing_to_learn_yet(tmp_path: Path) -> None:
    world = World(tmp_path)
    with world.open() as store:
        world.fill(store, [Person(f"người {a}{b}", MINI, (), [("complaint", "price")]) for a in "abcd" for b in "ef"])
        findings.find(store, world.study)
        cards = list(lessons.cards(Told(store, world.study, Speech("vi"))))
    assert [(c.about, _texts_of(c)) for c in cards] == [(MINI, "Chưa đủ dữ liệu để nói nên học gì, nên tránh gì.")]
