"""Words that go with complaints: found where people use them, never the known ones, never out of a few people's posts."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator

import pytest

from analysis.lexicons.decisions import refused
from analysis.lexicons.suggest import FEWEST_PEOPLE, Suggested, suggest
from analysis.statistics import log_odds
from analysis.text.lexicon_own import lines_of
from chandung import main
from data.store import Store
from data.study_file import load
from data.words import speak
from tests.analysis.world import BE, MINI, STUDY, Person, World, letters

NEUTRAL = ("bỉm này mua ở siêu thị gần nhà", "hôm qua thấy trên kệ ở siêu thị", "con mình dùng loại này từ nhỏ")


def _market(world: World, *, unhappy: int = 40, happy: int = 60, brand: str = MINI) -> Iterator[Person]:
    for number in range(unhappy):
        own = " ".join(letters(number * place + place) for place in range(3, 12))
        words = f"{own} {NEUTRAL[number % 3]}, dùng cái là lòi xòi luôn, gọi 0912345{number:03} không ai nghe."
        yield Person(f"buồn {number}", brand, hurts=[("complaint", "quality")], words=words)
    for number in range(happy):
        own = " ".join(letters(number * place + place) for place in range(13, 22))
        yield Person(f"vui {number}", brand, words=f"{own} {NEUTRAL[number % 3]}, êm ru")


@pytest.fixture
def store(world: World) -> Iterator[Store]:
    with world.open() as store:
        yield store


def _terms(found: Suggested) -> list[str]:
    return [one.term for one in found.suggestions]


def test_a_word_of_complaints_is_proposed_with_its_people_category_and_quotes(world: World, store: Store) -> None:
    world.fill(store, _market(world))
    found = suggest(store, world.study)
    assert (found.complaining, found.others, found.enough) == (40, 60, True)
    [one] = [one for one in found.suggestions if "lòi xòi" in one.term]
    assert (one.language, one.code, one.people, one.others) == ("vi", "quality", 40, 0)
    assert one.z > 3
    assert one.q < 0.01
    assert len(one.quotes) == 3
    assert all("lòi xòi" in quote for quote in one.quotes)
    assert not any("0912" in quote for quote in one.quotes), "quotes are masked"
    assert not {"siêu thị", "êm ru", "loại này"} & set(_terms(found))


def test_what_the_lexicons_know_is_not_proposed(world: World, store: Store) -> None:
    people = [
        Person(one.name, one.brand, one.tells, one.hurts, words=one.words.replace("lòi xòi", "bị tràn"))
        for one in _market(world)
    ]
    world.fill(store, people)
    assert not any("tràn" in term for term in _terms(suggest(store, world.study)))


@pytest.mark.parametrize("known", ["mỗi tội", "tuy nhiên", "đồng nghiệp"])
def test_words_of_any_area_are_not_proposed(world: World, store: Store, known: str) -> None:
    people = [
        Person(
            one.name, one.brand, one.tells, one.hurts, words=one.words.replace("lòi xòi luôn", f"lòi xòi, {known} thì")
        )
        for one in _market(world)
    ]
    world.fill(store, people)
    terms = _terms(suggest(store, world.study))
    assert terms
    assert not any(known in term for term in terms)


def test_stars_say_nothing_of_a_category(world: World, store: Store) -> None:
    world.fill(
        store, [*_market(world), Person("giao chậm", MINI, hurts=[("complaint", "delivery")], words="giao chậm")]
    )
    with sqlite3.connect(world.study.database) as db:
        db.execute("update posts set rating = 1")
    assert suggest(store, world.study).complaining == 101
    found = suggest(store, world.study, category="delivery")
    assert (found.complaining, found.others) == (1, 100)


def test_one_person_has_one_vote_however_much_they_write(world: World, store: Store) -> None:
    talker = Person("nói nhiều", MINI, hurts=[("complaint", "quality")], posts=60, words="hàng nát bươm thật")
    world.fill(store, [*_market(world), talker])
    assert not any("nát bươm" in term for term in _terms(suggest(store, world.study)))


def test_a_few_people_are_not_enough_for_an_answer(world: World, store: Store) -> None:
    world.fill(store, _market(world, unhappy=FEWEST_PEOPLE - 1))
    found = suggest(store, world.study)
    assert not found.enough
    assert found.suggestions == ()


def test_refused_words_and_those_of_too_few_people_stay_away(world: World, store: Store) -> None:
    world.fill(store, _market(world))
    first = _terms(suggest(store, world.study))
    refused = [("vi", term) for term in first]
    assert not set(_terms(suggest(store, world.study, refused=refused))) & set(first)
    assert not suggest(store, world.study, at_least=41).suggestions


def test_a_brand_or_category_can_be_looked_at_alone(world: World, store: Store) -> None:
    world.fill(store, [*_market(world), *_market(world, brand=BE, unhappy=0, happy=5)])
    assert suggest(store, world.study, brand=BE).complaining == 0
    assert any("lòi xòi" in term for term in _terms(suggest(store, world.study, brand=MINI)))
    found = suggest(store, world.study, category="durability")
    assert (found.complaining, found.enough) == (0, False)


def test_log_odds_are_those_of_the_paper() -> None:
    """Worked by hand from equations 16, 19 and 22 of Monroe, Colaresi and Quinn (2008)."""
    found = log_odds([8, 2], [2, 8], 100, 100, prior=20)
    assert found.delta[0] == pytest.approx(1.1513, abs=1e-3)
    assert found.z[0] == pytest.approx(1.7269, abs=1e-3)
    assert found.z[0] == pytest.approx(-found.z[1])
    assert found.p[0] == pytest.approx(0.0421, abs=1e-3)


def test_the_proposals_are_walked_through_and_answered(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (world.folder / "study.yaml").write_text(_yaml(), encoding="utf-8")
    with world.open() as store:
        world.fill(store, _market(world))
    monkeypatch.setattr("sys.stdin", io.StringIO("b\nn\nqualty\nn\ndesign\nt\n"))
    with pytest.raises(SystemExit) as ended:
        main(["--language", "vi", "lexicon", "suggest", str(world.folder), "--review"])
    speak(None)
    out = capsys.readouterr()
    assert not ended.value.code
    assert "“quality”" in out.err, "a wrong code is told, and the walk goes on"
    assert "Đã nhận 1 từ, bỏ 1 từ." in out.out
    study = load(world.folder)
    assert len(refused(study)) == 1
    [line] = lines_of(study.lexicon_files)
    assert (line.code, line.language) == ("design", "vi")
    with world.open() as store:
        terms = _terms(suggest(store, study, refused=refused(study)))
    assert line.term not in terms
    assert refused(study)[0][1] not in terms


def test_proposals_are_written_for_scripts(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    (world.folder / "study.yaml").write_text(_yaml(), encoding="utf-8")
    with world.open() as store:
        world.fill(store, _market(world, unhappy=3))
    for how in ("--json", "--csv"):
        with pytest.raises(SystemExit) as ended:
            main(["--language", "en", "lexicon", "suggest", str(world.folder), how])
        speak(None)
        out = capsys.readouterr()
        assert not ended.value.code
        assert "Not enough data: people who complain 3" in out.err
        assert out.out.strip() in ("[]", "")


def _yaml() -> str:
    from ruamel.yaml import YAML

    text = io.StringIO()
    YAML(typ="safe").dump(STUDY, text)
    return text.getvalue()
