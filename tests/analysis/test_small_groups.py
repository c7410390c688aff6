"""Below the minimum group nothing is told: not in the model, not in either rendering, not by subtraction.

Whole studies with many small groups are made up, and every number of their reports is held against who is really in them.
"""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields, is_dataclass
from html import unescape
from pathlib import Path

import pytest

from analysis import audience, findings, frames
from analysis.exporting import hiding as exported
from analysis.report import hiding, html, markdown, sentences, withholding
from analysis.report.build import build
from analysis.report.model import Cell, Estimate, Report
from analysis.report.sections import compared
from analysis.report.speech import Speech
from data.store import open_store
from data.study import MARKET
from tests.analysis.shown import plain
from tests.analysis.world import BE, MINI, OWN, Kind, Person, World, crowd, letters

MINIMUM = 5
AUDIENCES = (MARKET, OWN, MINI, BE)
#: Fields of the model that count people; posts, sources and assumptions are no people.
OF_PEOPLE = {"people", "count", "n", "n_own", "told", "audience", "authors"}
SCATTERED = Kind(
    {
        "gender": {"female": 0.9, "male": 0.1},
        "age": {"22": 0.1, "27": 0.4, "30-39": 0.3, "45": 0.1, "50": 0.1},
        "location": {"Hà Nội": 0.5, "Huế": 0.1, "Nghệ An": 0.1, "Hồ Chí Minh": 0.3},
        "price_sensitivity": {"low": 0.8, "high": 0.2},
        "value": {"safety": 0.4, "natural": 0.1, "price": 0.3, "brand": 0.2},
        "interest": {"hiking": 0.2, "đọc sách": 0.2, "nấu ăn": 0.6},
        "education": {"bachelor": 0.5, "student": 0.5},
    },
    {"safety_health": 0.04, "price": 0.3, "delivery": 0.1, "service": 0.05, "availability": 0.2},
    silent=0.5,
)


@pytest.fixture(scope="module", params=[1, 2, 3, 4])
def small(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, frames.People]:
    """A study of audiences from nobody to sixty people."""
    sizes = random.Random(request.param)
    world = World(tmp_path_factory.mktemp(f"small{request.param}"))
    with world.open() as store:
        people = [p for seed, brand in enumerate((OWN, MINI, BE, None)) for p in _some(brand, sizes, seed)]
        world.fill(store, people)
        world.page(
            store, "https://minicare.example/", promises=("Giá rẻ nhất", "An toàn cho da nhạy cảm", "Giao 2 giờ")
        )
        findings.find(store, world.study)
        return build(store, world.study, "2026-11-21T03:00:00+00:00"), frames.load(store, world.study)


def _some(brand: str | None, sizes: random.Random, seed: int) -> list[Person]:
    return crowd(brand, SCATTERED, sizes.choice([0, 3, 6, 12, 25, 60]), 100 * sizes.randint(1, 99) + seed)


def _walk(part: object, path: str = "report") -> Iterator[tuple[str, str, object]]:
    """Every field of the model: path, name and value."""
    if is_dataclass(part) and not isinstance(part, type):
        for field in fields(part):
            value = getattr(part, field.name)
            yield path, field.name, value
            yield from _walk(value, f"{path}.{field.name}")
    elif isinstance(part, tuple):
        for place, item in enumerate(part):
            yield from _walk(item, f"{path}[{place}]")


def _groups(people: frames.People, brand: str) -> dict[tuple[str, str], float]:
    """How many people of an audience are really in each group."""
    rows = people.of(audience.code(people).people, brand)
    return {
        (str(attribute), str(code)): float(group["weight"].sum())
        for (attribute, code), group in rows.groupby(["attribute", "code"])
    }


def test_no_number_of_people_in_the_model_is_below_the_minimum(small: tuple[Report, frames.People]) -> None:
    counted = 0
    for path, name, value in _walk(small[0]):
        if name in OF_PEOPLE and isinstance(value, (int, float)) and not path.endswith(".pages"):
            counted += 1
            assert value == 0 or value >= MINIMUM - 1e-6, f"{path}.{name} = {value}"
    assert counted > 20


def test_who_is_left_over_cannot_be_worked_out(small: tuple[Report, frames.People]) -> None:
    """Of those who tell an attribute, the number told leaves nobody over, or enough."""
    told: list[Estimate | None] = [c.estimate for _, _, c in _walk(small[0]) if isinstance(c, Cell)]
    for competitor in small[0].competitors:
        for d in competitor.differences:
            if d.estimate is not None and d.attribute != "pain":
                told += [d.theirs, d.ours]
    for e in told:
        assert e is not None
        left = e.n - e.count
        assert e.at_least or left < 1e-6 or left >= MINIMUM - 1e-6, e


def test_small_groups_have_no_share_no_rank_no_difference_and_no_quotes(small: tuple[Report, frames.People]) -> None:
    report, people = small
    for brand in AUDIENCES:
        few = {group for group, n in _groups(people, brand).items() if n < MINIMUM}
        hurt = people.pains_of(brand).groupby("category")["author"].nunique()
        few |= {("pain", str(category)) for category, n in hurt.items() if n < MINIMUM}
        shown = {e.subject for e in report.evidence if e.brand == brand and e.side is None}
        portrait = next(p for p in report.portraits if p.brand == brand)
        cells = {(t.attribute, c.value) for t in portrait.traits for c in t.cells}
        cells |= {("pain", h.category) for h in portrait.hurts}
        assert not few & (shown | cells)
        for c in report.competitors:
            for d in c.differences:
                if brand in (c.name, OWN) and (d.attribute, d.value) in few:
                    assert d.estimate is d.low is d.high is None
        for check in (c for s in report.segments for c in s.checks if c.brand == brand):
            if check.pain and ("pain", check.pain) in few:
                assert check.value is None
                assert check.met is None


def test_quotes_are_of_groups_that_may_be_told(small: tuple[Report, frames.People]) -> None:
    for block in small[0].evidence:
        assert block.people.count >= MINIMUM
        assert len(block.quotes) <= block.people.count


_NUMBER = r"(?<![\d.,–])(\d+)"
#: How the renderings tell a number of people. "Fewer than 5" says none; people quoted and people still needed are no group.
TOLD = {
    "vi": (
        rf"(?<!dưới )(?<!khoảng ){_NUMBER}(?:/\d+)? người",
        rf"n = {_NUMBER}",
        rf"trong {_NUMBER} người",
        r"· (\d+) không nói",
    ),
    "en": (
        rf"(?<!than )(?<!about )(?<!quoted: ){_NUMBER}(?: of \d+)? (?:people|person)",
        rf"n = {_NUMBER}",
        r"· (\d+) do not",
    ),
}


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("render", [html.render, markdown.render])
def test_neither_rendering_tells_a_number_below_the_minimum(
    small: tuple[Report, frames.People], lang: str, render: object
) -> None:
    assert callable(render)
    text = re.sub(r"<style>.*?</style>|<code>.*?</code>", " ", str(render(small[0], lang)), flags=re.DOTALL)
    text = re.sub(r"<[^>]+>", "", unescape(text)).replace("\u00a0", " ")
    text = re.sub(r"“[^”]*”|^>.*$", "", text, flags=re.MULTILINE)
    found: dict[int, str] = {}
    for pattern in TOLD[lang]:
        found.update({int(m[1]): text[max(0, m.start() - 60) : m.end() + 20] for m in re.finditer(pattern, text)})
    assert found
    # Whole sentences about the method name the minimum and the thirty people that decide; nothing below is told.
    assert not {n: near for n, near in found.items() if 0 < n < MINIMUM}


@pytest.mark.parametrize(
    ("count", "n", "told"),
    [
        (3, 4, None),  # too few tell anything
        (4, 40, None),  # too few tell this
        (5, 40, (5, False)),
        (0, 40, (0, False)),  # nobody is no group
        (40, 40, (40, False)),  # and nobody is left over
        (36, 40, (35, True)),  # four others could be worked out
        (35, 40, (35, False)),
        (5, 6, None),  # "at least 5 of 6" would tell of the one
        (6, 10, (5, True)),
        (4.5, 9, None),  # people who count in part add up to too few
    ],
)
def test_one_rule_decides(count: float, n: int, told: tuple[int, bool] | None) -> None:
    said = hiding.estimate(count, n, count / n, 0.1, 0.9, MINIMUM)
    assert (None if said is None else (said.count, said.at_least)) == told


def test_silence_about_a_pain_is_no_group() -> None:
    said = hiding.estimate(37, 40, 37 / 40, 0.8, 0.98, MINIMUM, rest_is_silent=True)
    assert said == Estimate(37, 40, 37 / 40, 0.8, 0.98)


def test_a_rank_of_one_complainer_is_no_rank(world: World) -> None:
    """The brand's people tell of seven pains, each only once or twice."""
    pains = ["price", "price", "service", "delivery", "quality", "design", "safety_health"]
    with world.open() as store:
        world.fill(
            store, [Person(f"người {c}", MINI, (), [("complaint", p)]) for c, p in zip("abcdefg", pains, strict=True)]
        )
        findings.find(store, world.study)
        report = build(store, world.study, "2026-11-21T03:00:00+00:00")
    check = report.segments[0].of(3, MINI)
    assert check is not None
    assert (check.verdict, check.value, check.few, check.n) == ("not_enough", None, True, 7)
    assert "hạng" not in html.render(report, "vi").split('id="a0-3"')[1].split("</ul>")[0]


def test_a_difference_is_not_told_where_one_side_is_too_few(world: World) -> None:
    """One of 60 there and 30 of 60 here are surely different; the number would tell that it is one."""
    with world.open() as store:
        people = [_values(f"{MINI} {i:02}", MINI, "natural" if i < 1 else "price") for i in range(60)]
        people += [_values(f"{OWN} {i:02}", OWN, "natural" if i < 30 else "price") for i in range(60)]
        world.fill(store, people)
        findings.find(store, world.study)
        report = build(store, world.study, "2026-11-21T03:00:00+00:00")
    found = {d.value: d for d in report.competitors[0].differences if d.attribute == "value"}
    assert found["natural"].verdict == "different"
    assert (found["natural"].estimate, found["natural"].theirs) == (None, None)
    page = unescape(html.render(report, "vi"))
    assert f"{MINI}: dưới 5 người; {OWN}: 50%" in page
    assert "−48" not in page
    assert "98%" not in page, "59 of 60 would tell of the one"


def _values(name: str, brand: str, value: str) -> Person:
    letters = "".join(chr(ord("a") + int(digit)) for digit in name if digit.isdigit())
    return Person(f"{brand} {letters}", brand, [("value", value, None)])


def test_differences_of_an_earlier_version_are_left_out_until_the_next_analysis(analysed: World) -> None:
    """They were kept without the numbers that decide whether they may be told."""
    with analysed.open() as store:
        rows = [dict(row) for row in store.query("select * from comparisons")]
        before = [
            {**r, "detail": '{"n_own": 90, "by_chance": null}'} for r in rows if r["measure"][:11] == "difference:"
        ]
        store.replace_rows("comparisons", [*before, *(r for r in rows if r["measure"][:11] != "difference:")])
        report = build(store, analysed.study, "2026-11-21T03:00:00+00:00")
        store.replace_rows("comparisons", rows)
    assert [c.differences for c in report.competitors] == [(), ()]


def test_nobody_is_told_as_nobody_and_a_few_as_a_few(world: World) -> None:
    """Of two brands' people nobody tells of delivery at one; at the other one does, though hardly anybody tells of any pain."""
    with world.open() as store:
        people = [Person(f"ta {letters(i)}", OWN, (), [("complaint", "delivery")]) for i in range(20)]
        people += [Person(f"mini {letters(i)}", MINI, (), [("complaint", "price")] if i < 9 else ()) for i in range(20)]
        people += [
            Person(f"be {letters(i)}", BE, (), [("complaint", "safety_health")] if i < 1 else ()) for i in range(20)
        ]
        world.fill(store, people)
        findings.find(store, world.study)
        report = build(store, world.study, "2026-11-21T03:00:00+00:00")
        zeros = {
            (r["brand"], r["category"])
            for r in store.query("select brand, category from pain_shares where authors = 0")
        }
    assert zeros == {(OWN, "price"), (MINI, "delivery"), (BE, "delivery"), (BE, "price")}
    assert [c.portrait.unheard for c in report.competitors] == [{"delivery"}, {"delivery", "price"}]
    check, silent = (report.segments[0].of(3, brand) for brand in (BE, MINI))
    assert check is not None
    assert silent is not None
    assert (check.few, silent.few) == (True, False)
    page = plain(html.render(report, "vi"))
    assert "không ai trong 20 người nói đến" in page, "nobody is told as nobody"
    assert (
        Speech("vi").tell("fewer_than", n=MINIMUM)
        not in re.search(r'class="heat".*?</table>', html.render(report, "vi"), re.S)[0]
    )  # type: ignore[index]
    assert "dưới 5 người" in sentences.result(check, MINIMUM, Speech("vi"))


@pytest.mark.parametrize(
    ("count", "whole", "told"), [(17, 21, (16, True)), (17, 22, (17, False)), (17, 17, (17, False)), (6, 9, None)]
)
def test_who_tells_a_pain_without_complaining_cannot_be_worked_out(
    count: int, whole: int, told: tuple[int, bool] | None
) -> None:
    said = hiding.part(count, whole, 100, count / 100, 0.1, 0.3, MINIMUM)
    assert (said and (said.count, said.at_least)) == told


def _who(brand: str, groups: dict[tuple[str, str], int], start: int) -> Iterator[Person]:
    """People of one brand alone: so many of each home and pain."""
    for (home, pain), count in groups.items():
        for _ in range(count):
            hurts = [("complaint", pain)] if pain else []
            yield Person(f"khách {letters(start)}", brand, [("location", home, None)], hurts)
            start += 1


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Report, World]]:
    """Three audiences without anybody in common: 43, 38 and 28, of whom 33, 7 and 3 complain of prices; 41 of the 43 live in Hà Nội."""
    world = World(tmp_path_factory.mktemp("apart"))
    people = [
        *_who(OWN, {("Hà Nội", "price"): 33, ("Hà Nội", "delivery"): 8, ("Huế", "delivery"): 2}, 0),
        *_who(MINI, {("Hà Nội", "price"): 7, ("Hà Nội", "delivery"): 23, ("Nghệ An", "delivery"): 8}, 100),
        *_who(BE, {("Hà Nội", "price"): 3, ("Hà Nội", "delivery"): 17, ("Nghệ An", "delivery"): 8}, 200),
    ]
    with world.open() as store:
        world.fill(store, people)
        findings.find(store, world.study)
        yield build(store, world.study, "2026-11-21T03:00:00+00:00"), world


def _exact(estimate: Estimate | None) -> float | None:
    return None if estimate is None or estimate.at_least else estimate.count


def test_an_adversary_cannot_subtract_brands_from_the_market(apart: tuple[Report, World]) -> None:
    report, _ = apart
    brands = [report.ours, *(c.portrait for c in report.competitors)]
    prices = [_exact(h.estimate if (h := p.hurt("price")) else None) for p in brands]
    assert prices.count(None) == 1  # the three who complain of Bé's prices are hidden
    market = report.market.hurt("price")
    assert market is not None
    assert market.estimate.at_least
    assert market.estimate.count == 40  # what is told of the others anyway
    homes = [[c for t in p.traits if t.attribute == "location" for c in t.cells] for p in brands]
    assert [_exact(next((c.estimate for c in cells if c.value == "Hà Nội"), None)) for cells in homes].count(None) == 1
    told = [c for t in report.market.traits if t.attribute == "location" for c in t.cells]
    assert told
    assert all(c.estimate.at_least for c in told)  # of values that add up, none may be exact


def test_nor_from_the_rest_of_the_market_nor_from_an_export(apart: tuple[Report, World]) -> None:
    _, world = apart
    with open_store(world.study.database, read_only=True) as store:
        found = compared.section(store, world.study, Speech("vi"))
        rows = [dict(row) for row in store.query("select * from pain_shares")]
    for pain in ("giá cao",):
        for line in _lines_about(found, pain):
            assert "76" not in line  # 33 of 109 are ours: 10 of the 76 others are 7 and 3
    kept, _ = exported.told("pain_shares", rows, MINIMUM)
    assert {row["brand"] for row in kept if row["category"] == "price"} == {OWN, MINI}
    assert {row["brand"] for row in kept if row["category"] == "delivery"} == set(AUDIENCES)


def test_nor_from_strengths_nor_comparisons_nor_the_questions(apart: tuple[Report, World]) -> None:
    _, world = apart
    with open_store(world.study.database, read_only=True) as store:
        strengths = [dict(row) for row in store.query("select * from strengths")]
        comparisons = [dict(row) for row in store.query("select * from comparisons")]
        hurting = {row["category"]: row for row in store.named("top_pains", brand="")}
        brands = {row["brand"]: row for row in store.named("pain_brand_by_brand", category="price")}
    kept, _ = exported.told("strengths", strengths, MINIMUM)
    prices = {row["brand"]: row for row in kept if (row["side"], row["category"]) == ("complaint", "price")}
    assert set(prices) == {OWN, MINI}  # of 10 others 7 are MiniCare's: three are left
    assert all(row["authors_others"] is row["difference"] is row["p_value"] is None for row in prices.values())
    assert [row["share"] is not None for row in prices.values()] == [True, True]
    delivery = [row for row in kept if (row["side"], row["category"]) == ("complaint", "delivery")]
    assert len(delivery) == 3
    assert all(row["authors_others"] for row in delivery)
    found, _ = exported.told("comparisons", comparisons, MINIMUM)
    homes = [row for row in found if row["attribute"] == "location" and row["measure"].endswith(":Hà Nội")]
    assert homes
    assert all(row["value"] is row["detail"] is None for row in homes)  # two of ours live elsewhere than in Hà Nội
    assert (hurting["price"]["authors"], hurting["price"]["at_least"], hurting["price"]["posts"]) == (40, 1, None)
    assert not hurting["delivery"]["at_least"]
    assert set(brands) == {MARKET, OWN, MINI}
    assert (brands[MARKET]["authors"], brands[MARKET]["low"]) == (40, None)


_ONE_MONTH = """
update posts set posted_at = '2026-11-10T03:00:00Z';
update pains set posted_at = '2026-11-10T03:00:00Z';
delete from series where subject = 'pain';
insert into series (brand, subject, attribute, value, step, period, whole, authors, n, share, low, high) values
    ('market', 'pain', 'pain', 'price', 'month', '2026-10', 1, 40, 109, 0.37, 0.3, 0.4), ('market', 'pain', 'pain', 'price', 'month', '2026-11', 1, 43, 109, 0.39, 0.3, 0.5),
    ('An Nhiên', 'pain', 'pain', 'price', 'month', '2026-10', 1, 33, 43, 0.7, 0.6, 0.8), ('An Nhiên', 'pain', 'pain', 'price', 'month', '2026-11', 1, 33, 43, 0.7, 0.6, 0.8),
    ('MiniCare', 'pain', 'pain', 'price', 'month', '2026-10', 1, 7, 38, 0.2, 0.1, 0.3), ('MiniCare', 'pain', 'pain', 'price', 'month', '2026-11', 1, 7, 38, 0.2, 0.1, 0.3),
    ('Bé Yêu', 'pain', 'pain', 'price', 'month', '2026-10', 1, 0, 28, 0, 0, 0.1), ('Bé Yêu', 'pain', 'pain', 'price', 'month', '2026-11', 1, null, null, null, null, null);
delete from trends where subject = 'pain';
insert into trends (brand, subject, attribute, value, step, periods, authors, verdict, odds, jumps, forecast_verdict, forecast, tries) values
    ('market', 'pain', 'pain', 'price', 'month', 9, 43, 'rises', 1.2, '[]', 'short', '[]', 0), ('An Nhiên', 'pain', 'pain', 'price', 'month', 9, 33, 'rises', 1.2, '[]', 'short', '[]', 0),
    ('MiniCare', 'pain', 'pain', 'price', 'month', 9, 7, 'rises', 1.2, '[]', 'short', '[]', 0), ('Bé Yêu', 'pain', 'pain', 'price', 'month', 9, 3, 'rises', 1.2, '[]', 'short', '[]', 0);
"""  # noqa: E501


def test_nor_from_the_questions_of_a_month_or_of_what_rises(apart: tuple[Report, World], tmp_path: Path) -> None:
    path = tmp_path / "one-month.db"
    with closing(sqlite3.connect(apart[1].study.database)) as world, closing(sqlite3.connect(path)) as database:
        world.backup(database)
        database.executescript(_ONE_MONTH)
    with open_store(path, read_only=True) as store:
        month = {row["category"]: row for row in store.named("pains_this_month", brand="", month="2026-11")}
        ours = {row["category"]: row for row in store.named("pains_this_month", brand=OWN, month="2026-11")}
        months = {row["period"]: row for row in store.named("pain_month_by_month", brand="", category="price")}
        rising = {brand: next(store.named("pains_rising_and_falling", brand=brand)) for brand in ("", *AUDIENCES[1:])}
    assert (month["price"]["authors"], month["price"]["at_least"], month["price"]["posts"]) == (40, 1, None)
    assert (month["delivery"]["authors"], month["delivery"]["at_least"]) == (66, 0)
    assert (ours["price"]["authors"], ours["price"]["at_least"]) == (33, 0)
    assert (months["2026-10"]["authors"], months["2026-10"]["at_least"]) == (40, 0)  # nobody is no group
    assert (months["2026-11"]["authors"], months["2026-11"]["at_least"], months["2026-11"]["low"]) == (40, 1, None)
    assert [row["authors"] for row in rising.values()] == [None, 33, 7, None]


def _compared(value: str, theirs: float, ours: float, n: int = 60, n_own: int = 60) -> dict[str, object]:
    detail = f'{{"n_own": {n_own}, "counts": [{theirs}, {ours}]}}'
    return {"brand": MINI, "attribute": "age", "measure": f"lift:{value}", "value": 1.0, "n": n, "detail": detail}


def test_of_values_that_add_up_another_goes_with_the_small_one() -> None:
    ages = [_compared("18-24", 3, 10), _compared("25-34", 32, 30), _compared("35-44", 25, 20)]
    kept, _ = exported.told("comparisons", ages, MINIMUM)
    assert [row["value"] for row in kept] == [None, 1.0, None]
    unnamed = [
        _compared("25-34", 32, 30),
        _compared("35-44", 25, 20),
    ]  # three of theirs told an age that is not compared
    kept, _ = exported.told("comparisons", unnamed, MINIMUM)
    assert [row["value"] for row in kept] == [1.0, None]
    both = [_compared("25-34", 32, 30), _compared("35-44", 28, 30)]
    assert exported.told("comparisons", both, MINIMUM) == (both, 0)


def _lines_about(part: object, word: str) -> Iterator[str]:
    for _, name, value in _walk(part):
        if name == "rows" and isinstance(value, list | tuple):
            yield from (str(row) for row in value if word in str(row))


def test_an_answer_about_the_market_tells_no_group_of_a_brand(world: World) -> None:
    """Ten of ten of one brand are women and two of twenty of another: the market's twelve of thirty would tell the two."""
    names = [first + second for first in "abcdef" for second in "ghijkl"]
    people = [Person(f"người {name}", MINI, (("gender", "female", None),)) for name in names[:10]]
    people += [
        Person(f"khách {name}", OWN, (("gender", "female" if place < 2 else "male", None),))
        for place, name in enumerate(names[:20])
    ]
    with world.open() as store:
        world.fill(store, people)
        findings.find(store, world.study)
        assert list(store.query("select count, n from verdict_history where brand = 'market' and count is not null"))
        gone, about = withholding.read(store, 5), withholding.assumptions(store)
        assert gone.covers("gender", "female")
        for table in ("verdicts", "verdict_history", "verdicts_by_kind"):
            rows = [row for row in store.query(f"select * from {table}") if row["assumption"].endswith(".gender")]
            told, _ = exported.told(table, rows, 5, gone, about)
            market = [row for row in told if row["brand"] == "market"]
            assert market
            assert {row["share"] for row in market} == {None} == {row["n"] for row in market}
            assert any(row["share"] for row in told if row["brand"] != "market")
        asked = [r for r in store.named("assumptions_checked", assumption="", brand="market") if "gender" in r["claim"]]
        assert asked
        assert {row["share"] for row in asked} == {None}
        beside = store.named("evidence_side_by_side", brand="market", attribute="gender")
        assert not [row for row in beside if row["kind"] == "posts"]
    with closing(sqlite3.connect(world.study.database)) as database, database:
        database.execute("update assumptions set expected = 'laptop' where attribute = 'gender'")
    with world.open() as store:
        asked = [r for r in store.named("assumptions_checked", assumption="", brand="market") if "gender" in r["claim"]]
        assert {row["share"] for row in asked} == {None}, "“top” in a value's name is no rank"


def test_the_market_over_time_tells_no_more_than_its_whole() -> None:
    row = {
        "subject": "pain",
        "attribute": "pain",
        "value": "price",
        "step": "month",
        "period": "2026-10-01",
        "whole": 1,
    }
    figures = {"authors": 12.0, "n": 30, "share": 0.4, "low": 0.2, "high": 0.6}
    rows = [{"brand": brand, **row, **figures} for brand in ("market", MINI)]
    told, out = exported.told("series", rows, MINIMUM, withholding.Withheld({("pain", "price"): 9.0}), {})
    assert [one["authors"] for one in told] == [None, 12.0]
    assert out == 1
    assert exported.told("series", rows, MINIMUM) == (rows, 0)


def test_the_questions_tell_no_side_that_is_too_few(world: World) -> None:
    """Of ten who tell their gender one is a man: neither he nor, by him, the nine are told."""
    names = [first + second for first in "abcdef" for second in "ghijkl"]
    told = [(("gender", "female", None),)] * 9 + [(("gender", "male", None),)]
    people = [Person(f"người {name}", MINI, tells) for name, tells in zip(names, told, strict=False)]
    people += [Person(f"khách {name}", OWN, (("gender", "male", None),)) for name in names[:12]]
    with world.open() as store:
        world.fill(store, people)
        world.page(store, "https://minicare.example/", audiences=("Dành cho mẹ bỉm",))
        findings.find(store, world.study)
        checked = [r for r in store.named("assumptions_checked", assumption="", brand=MINI) if "gender" in r["claim"]]
        assert [(row["share"], row["low"], row["n"]) for row in checked] == [(None, None, 10)]
        differ = [r for r in store.named("how_they_differ", brand=MINI) if r["attribute"] == "gender"]
        assert not [r for r in differ if r["measure"].startswith(("difference:", "lift:"))]
        claimed = [r for r in store.named("claimed_and_told", brand=MINI) if r["attribute"] == "gender"]
        assert [(row["authors"], row["share"]) for row in claimed] == [(None, None)]
        rows, _ = exported.told("claims", list(store.query("select * from claims where attribute = 'gender'")), 5)
        assert [(row["authors"], row["n"], row["share"]) for row in rows] == [(None, None, None)]
