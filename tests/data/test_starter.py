"""The starter study file loads again with exactly what was answered, whatever that was."""

import shlex
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from data import codebook
from data import starter as starting
from data.addresses import as_address, meant_by
from data.by_itself import channel
from data.commands import init
from data.errors import InputError
from data.starter import Answers, competitor_of, name_of, short_name, starter
from data.study_file import load
from data.surroundings import Place, Seen
from data.words import LANGUAGES, speak

PRINTED = st.characters(exclude_categories=("C", "Z"), exclude_characters="\u2028\u2029")


@pytest.fixture(autouse=True)
def _language_as_before() -> Iterator[None]:
    """``init`` speaks the report's language from then on; other tests of this process do not."""
    yield
    speak(None)


NAME = st.text(PRINTED | st.just(" "), min_size=1, max_size=40).map(str.strip).filter(bool)


def loaded(answers: Answers):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "study.yaml"
        path.write_text(starter(answers, date(2026, 11, 21)), encoding="utf-8")
        return load(path)


@settings(max_examples=60, deadline=None)
@given(names=st.lists(NAME, min_size=2, max_size=3, unique_by=str.casefold))
def test_names_come_back_as_they_were(names: list[str]) -> None:
    own, *others = names
    study = loaded(Answers("thu", own, "me@example.com", "vi", competitors=[(name, "") for name in others]))
    assert study.own.name == own
    assert [brand.name for brand in study.competitors] == others


@pytest.mark.parametrize(
    "name",
    [
        "yes",
        "null",
        "~",
        "12",
        "1e5",
        "2026-11-01",
        "- a",
        "a: b",
        "# a",
        "[a]",
        "'a",
        '"a"',
        "&a",
        "!a",
        "%a",
        "a #b",
        "🍼",
    ],
)
def test_what_yaml_would_take_for_something_else(name: str) -> None:
    assert loaded(Answers("thu", name, "me@example.com")).own.name == name


def test_what_cannot_be_seen_is_left_out() -> None:
    assert loaded(Answers("thu", "An\x7f\x00 Nhiên\u2028", "me@example.com")).own.name == "An Nhiên"


@pytest.mark.parametrize(
    ("text", "name"),
    [("Tã bỉm 2026", "ta-bim-2026"), ("  Đồ chơi & Bé ", "do-choi-be"), ("🍼", ""), ("A" * 200, "a" * 80)],
)
def test_short_names(text: str, name: str) -> None:
    assert short_name(text) == name


def test_nothing_is_assumed_that_nobody_said() -> None:
    study = loaded(Answers("thu", "An Nhiên", "me@example.com", sources=["https://forum.example/"]))
    assert study.own.target == []
    assert "privacy" not in study.model_fields_set
    assert study.competitors == []


def test_what_stands_as_an_example_is_right_without_its_mark() -> None:
    text = starter(Answers("thu", "An Nhiên", "me@example.com", sources=["https://forum.example/"]), date(2026, 11, 21))
    start = text.index("  # target:")
    end = text.index("\n\n", start)
    example = "\n".join(line.replace("# ", "", 1) for line in text[start:end].splitlines())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "study.yaml"
        path.write_text(text[:start] + example + text[end:], encoding="utf-8")
        assert len(load(path).own.target[0].assumptions) == 3


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("part", ["schedule", "alerts", "imports", "privacy"])
def test_every_part_that_is_offered_loads_without_its_mark(lang: str, part: str) -> None:
    speak(lang)
    try:
        text = starter(Answers("thu", "An Nhiên", "me@example.com", lang), date(2026, 11, 21))
    finally:
        speak(None)
    lines = text.splitlines()
    begin = next(n for n, line in enumerate(lines) if line.startswith(f"# {part}:"))
    for n in range(begin, len(lines)):
        if not lines[n].startswith(("#   ", f"# {part}:")):
            break
        lines[n] = lines[n].removeprefix("# ")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "study.yaml"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        assert part in load(path).model_fields_set


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("minicare.vn", "https://minicare.vn"),
        (" www.mini-care.com.vn/gia ", "https://www.mini-care.com.vn/gia"),
        ("http://a.example/", "http://a.example/"),
        ("MiniCare", "MiniCare"),
        ("Mini Care.vn nhé", "Mini Care.vn nhé"),
        ("1.99", "1.99"),
        ("127.0.0.1", "127.0.0.1"),
        ("MINICARE.VN/Gia", "https://minicare.vn/Gia"),
        ("HTTP://MiniCare.vn/Gia", "http://minicare.vn/Gia"),
        ("http:/minicare.vn", "http://minicare.vn"),
        ("//minicare.vn/", "https://minicare.vn/"),
        ("<https://minicare.vn/>,", "https://minicare.vn/"),
        ("www.facebook.com/MiniCare", "https://www.facebook.com/MiniCare"),
        ("facebook.com/groups/123?ref=x", "https://facebook.com/groups/123?ref=x"),
        ("tràsen.vn", "https://tràsen.vn"),
        ("trasen.vn:8443/a", "https://trasen.vn:8443/a"),
        ("Dr.Thanh", "Dr.Thanh"),
        ("127.0.0.1:8770/shop/", "http://127.0.0.1:8770/shop/"),
        ("192.168.1.5:8000", "http://192.168.1.5:8000"),
        ("Localhost:8771/x", "http://localhost:8771/x"),
        ("localhost", "localhost"),
        ("1.99:30", "1.99:30"),
        ("1,99", "1,99"),
        ("https://", "https://"),
    ],
)
def test_a_bare_host_is_an_address(text: str, address: str) -> None:
    assert as_address(text) == address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("htp://a.example/x", "http://a.example/x"),
        ("htpps://a.example", "https://a.example"),
        ("minicare.vn", "https://minicare.vn"),
        ("ftp://a.example/", None),
        ("javascript:alert(1)", None),
        ("abc", None),
    ],
)
def test_a_slip_of_the_keys_is_known(text: str, address: str | None) -> None:
    assert meant_by(text) == address


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://www.facebook.com/trasen", "trasen"),
        ("https://youtube.com/@trasen", "trasen"),
        ("https://facebook.com/caphemay.vn", "caphemay"),
        ("https://facebook.com/tra.sen", "tra.sen"),
        ("http://127.0.0.1:8822/", ""),
        ("https://mini-care.example/vn", "mini-care"),
        ("https://www.facebook.com/profile.php?id=1000", ""),
        ("https://www.facebook.com/groups/hoitrasen", "hoitrasen"),
    ],
)
def test_what_a_site_is_probably_called(address: str, name: str) -> None:
    assert name_of(address) == name


@pytest.mark.parametrize(
    ("text", "competitor"),
    [
        ("MiniCare", ("MiniCare", "")),
        ("MiniCare=https://minicare.example/", ("MiniCare", "https://minicare.example/")),
        ("https://www.mini-care.example/vn?a=b", ("mini-care", "https://www.mini-care.example/vn?a=b")),
        ("MiniCare = minicare.example", ("MiniCare", "https://minicare.example")),
        ("facebook.com/minicare", ("minicare", "https://facebook.com/minicare")),
        ("https://x.vn/", ("x", "https://x.vn/")),
        ("x.com/minicare", ("minicare", "https://x.com/minicare")),
        ("MiniCare=127.0.0.1:8770/shop/", ("MiniCare", "http://127.0.0.1:8770/shop/")),
    ],
)
def test_a_competitor_is_called_by_a_name(text: str, competitor: tuple[str, str]) -> None:
    assert competitor_of(text) == competitor


@pytest.mark.parametrize("text", ["http://127.0.0.1:8080/", "=https://b.example", "https://www.facebook.com/", ""])
def test_a_competitor_without_a_name_is_asked_for_one(text: str) -> None:
    with pytest.raises(InputError) as told:
        competitor_of(text)
    assert told.value.key == "competitor_unnamed"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_file_points_to_nothing_that_an_installed_program_lacks(lang: str) -> None:
    speak(lang)
    try:
        text = starter(Answers("thu"), date(2026, 11, 21))
    finally:
        speak(None)
    assert "docs/" not in text
    assert all(category in text for category in codebook.PAIN_CATEGORIES)


def test_the_questions_are_asked_in_whole_sentences(tmp_path: Path) -> None:
    said = [
        "https://annhien.example/",
        "An Nhiên",
        "",
        "me@annhien.example",
        "en",
        "",
        "https://www.mini-care.example/",
        "MiniCare",
    ]
    done = CliRunner().invoke(
        init, [str(tmp_path / "moi")], input="\n".join([*said, "", "https://forum.example/", "", "", "", ""]) + "\n"
    )
    assert done.exit_code == 0, done.output
    assert "?:" not in done.output
    study = load(tmp_path / "moi")
    assert study.own.name == "An Nhiên"
    assert [(brand.name, brand.sites) for brand in study.competitors] == [
        ("MiniCare", ["https://www.mini-care.example/"])
    ]


@pytest.mark.parametrize(("typed", "language"), [("tiếng việt", "vi"), ("Vietnamese", "vi"), ("Tiếng Anh", "en")])
def test_the_language_goes_by_its_name_too(tmp_path: Path, typed: str, language: str) -> None:
    said, study = asked(tmp_path / "moi", ["An Nhiên", "", "me@annhien.example", "fr", typed, *[""] * 6], "--no-look")
    assert study.language == language
    assert "Please type vi (Vietnamese) or en (English)." in said


def test_whoever_stops_is_told_that_nothing_was_written_and_how_to_go_on(tmp_path: Path) -> None:
    answers = ["An Nhiên", "", "me@annhien.example", "en", "annhien.example", "", "Mini Care", "minicare.example"]
    done = CliRunner().invoke(init, [str(tmp_path / "moi"), "--no-look"], input="\n".join(answers) + "\n")
    assert done.exit_code == 130
    assert not (tmp_path / "moi").exists()
    assert "nothing was written" in done.stderr
    told = shlex.split(done.stderr.strip().splitlines()[-1])
    assert told[:2] == ["chandung", "init"]
    done = CliRunner().invoke(init, told[2:], input="\n" * 7)
    assert done.exit_code == 0, done.output
    study = load(tmp_path / "moi")
    assert (study.own.name, study.contact, study.own.sites) == (
        "An Nhiên",
        "me@annhien.example",
        ["https://annhien.example"],
    )
    assert [(one.name, one.sites) for one in study.competitors] == [("Mini Care", ["https://minicare.example"])]


def test_whoever_stops_among_the_places_of_a_site_chooses_only_those_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def seen(address: str, _contact: str, about: str, *, bare: bool) -> Seen:
        feeds = [f"{address}/{name}" for name in ("feed", "blog", "news")]
        return Seen(address, None, tuple(Place(url, "read", about, url) for url in feeds))

    monkeypatch.setattr("data.interview.look_around", seen)
    answers = ["Trà Sen", "tra-sen", "me@trasen.example", "en", "", "Mây", "may.example", "1,3", "Mộc", "moc.example"]
    speak("vi")
    try:
        done = CliRunner().invoke(init, [str(tmp_path / "moi")], input="\n".join(answers) + "\n")
    finally:
        speak(None)
    assert done.exit_code == 130
    told = shlex.split(done.stderr.strip().splitlines()[-1])
    assert told[:4] == ["chandung", "--language", "vi", "init"]
    #          the places of Mộc; own site; a third competitor without a site; no more; sources, topics, schedule, alerts
    answers = ["2", "", "Sương", "", "", "", "", "", ""]
    said, study = asked(tmp_path / "moi", answers, *told[5:])
    assert said.count("Which of these?") == 1
    assert [brand.name for brand in study.competitors] == ["Mây", "Mộc", "Sương"]
    assert [source.url.removeprefix("https://") for source in study.sources] == [
        "may.example/feed", "may.example/news", "moc.example/blog"
    ]  # fmt: skip


def test_one_may_go_back_a_question(tmp_path: Path) -> None:
    #          name, study; back to the name twice; contact, language, site
    answers = ["An Nhien", "x", "<", "<", "An Nhiên", "moi", "me@annhien.example", "en", "annhien.example", ""]
    #          a competitor mistyped, back from his site; two; back from the third's question and from the first source
    answers += [
        "Miny",
        "<",
        "MiniCare",
        "",
        "Sumobi",
        "",
        "Suong",
        "",
        "<",
        "Sương",
        "",
        "",
        "<",
        "",
        "<",
        "<",
        "Mộc",
        "",
        "",
    ]
    answers += ["forum.example", "", "", "tuần", "<", "daily", ""]
    said, study = asked(tmp_path / "moi", answers, "--no-look")
    assert (study.study, study.own.name, study.own.sites) == ("moi", "An Nhiên", ["https://annhien.example"])
    assert [brand.name for brand in study.competitors] == ["MiniCare", "Sumobi", "Mộc"]
    assert [source.url for source in study.sources] == ["https://forum.example"]
    assert [job.what for job in study.schedule] == ["crawl"]
    assert "type < to go back" in said


def test_what_is_proposed_as_a_name_would_be_taken(tmp_path: Path) -> None:
    answers = [
        "An Nhiên",
        "",
        "me@annhien.example",
        "en",
        "",
        "facebook.com/caphemay.vn",
        "",
        "fb.com/caphemay",
        "Mây 2",
    ]
    said, study = asked(tmp_path / "moi", [*answers, *[""] * 5], "--no-look")
    assert [brand.name for brand in study.competitors] == ["caphemay", "Mây 2"]
    assert "the brand's name is asked for" not in said
    assert said.count("[caphemay]") == 1


def asked(folder: Path, answers: list[str], *options: str):
    done = CliRunner().invoke(init, [str(folder), *options], input="\n".join(answers) + "\n")
    assert done.exit_code == 0, done.output
    return done.output, load(folder)


def test_what_is_no_address_is_asked_for_again_and_no_odd_name_becomes_a_brand(tmp_path: Path) -> None:
    #          name; odd, and again odd, then right; study, contact, language
    answers = ["0", "1,99", "An Nhiên", "", "me@annhien.example", "en", "no address", " ANNHIEN.example ", ""]
    #          competitor, its site mistyped twice; odd ones, left; one that is meant; the own brand; a known one
    answers += [
        "MiniCare",
        "htp://minicare.example",
        "minicare",
        "minicare.example",
        "1,99",
        "",
        "333",
        "333",
        "",
        "an nhiên",
        "minicare",
        "127.0.0.1:8771/feed.xml",
        "Sumobi",
        "",
    ]
    answers += ["forum", "http:/forum.example/f/", "", "", "", ""]
    said, study = asked(tmp_path / "moi", answers, "--no-look")
    assert study.own.name == "An Nhiên"
    assert study.own.sites == ["https://annhien.example"]
    assert [(brand.name, brand.sites) for brand in study.competitors] == [
        ("MiniCare", ["https://minicare.example"]), ("333", []), ("Sumobi", ["http://127.0.0.1:8771/feed.xml"])
    ]  # fmt: skip
    assert [source.url for source in study.sources] == ["http://forum.example/f/"]
    assert said.count("is there already") == 2
    assert "If http://minicare.example is meant" in said


@pytest.mark.parametrize(
    ("lang", "said"),
    [("vi", "2026-11-21: chưa xem được. Không có ai"), ("en", "2026-11-21: could not be looked at. Nobody")],
)
def test_an_address_that_failed_stands_in_the_file_with_the_reason_and_the_day(lang: str, said: str) -> None:
    site = "https://minicare.example/"
    answers = Answers("thu", "An Nhiên", "me@example.com", lang, [site], [("MiniCare", site)], [site])
    answers.failed[site] = {"vi": "Không có ai ở đó:\nxem lại #1.", "en": "Nobody is there:\nlook #1."}
    speak(lang)
    try:
        text = starter(answers, date(2026, 11, 21))
        study = loaded(answers)
    finally:
        speak(None)
    assert text.count(f"# {said}") == 3
    assert [study.own.sites, study.competitors[0].sites, [one.url for one in study.sources]] == [[site]] * 3


def test_what_was_answered_is_written_even_where_it_makes_no_study(tmp_path: Path) -> None:
    options = [str(tmp_path / "moi"), "--no-look", "--contact", "nobody"]
    done = CliRunner().invoke(init, options, input="An Nhiên\n\nen\n\n\n\n\n\n\n")
    assert done.exit_code != 0
    assert "name: An Nhiên" in (tmp_path / "moi" / "study.yaml").read_text(encoding="utf-8")


def test_a_bare_host_is_asked_by_http_where_https_does_not_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def seen(address: str, *_: str, bare: bool) -> Seen:
        return Seen(address.replace("https:", "http:") if bare else address, None, ())

    monkeypatch.setattr("data.interview.look_around", seen)
    answers = ["An Nhiên", "", "me@annhien.example", "en", "annhien.example", "", "sumobi.example/vn", "Sumobi"]
    _, study = asked(
        tmp_path / "moi", [*answers, "MiniCare", "https://minicare.example", "", "forum.example", "", "", "", ""]
    )
    assert study.own.sites == ["http://annhien.example"]
    assert [brand.sites for brand in study.competitors] == [["http://sumobi.example/vn"], ["https://minicare.example"]]
    assert [source.url for source in study.sources] == ["http://forum.example"]


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("team@annhien.vn", "mailtos://${MAIL_USER}:${MAIL_PASSWORD}@${MAIL_SERVER}?to=team@annhien.vn"),
        ("https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "${ALERTS_URL}"),
        ("tgram://123456789:abcdefg_hijklmnop/12315544", "${ALERTS_URL}"),
        ("https://hooks.annhien.vn/chandung", "jsons://hooks.annhien.vn/chandung"),
        ("https://hooks.annhien.vn/5f2a1c9e8b7d4f00", "jsons://hooks.annhien.vn/${ALERTS_PATH}"),
        ("${SLACK_WEBHOOK}", "${SLACK_WEBHOOK}"),
        ("https://me:mine@annhien.vn/", None),
        ("slak://annhien", None),
        ("annhien", None),
    ],
)
def test_where_alerts_are_told_without_what_is_secret(typed: str, url: str | None) -> None:
    assert channel(typed) == url
    if url is not None:
        study = loaded(Answers("thu", "An Nhiên", "me@example.com", schedule="daily", alerts=url))
        assert [one.url for one in study.alerts.to] == [url]
        assert [one.steps for one in study.schedule] == [("crawl", "analyze", "report"), ("alerts",), ("digest",)]


def test_alerts_may_go_to_a_file_of_the_study() -> None:
    assert channel("tin-bao.txt") == "tin-bao.txt"
    assert [channel(name) for name in ("study.yaml", "../tin.txt", "C:\\tin.txt", "thu.db")] == [None] * 4
    study = loaded(Answers("thu", "An Nhiên", "me@example.com", schedule="daily", alerts="tin-bao.txt"))
    assert [(one.url, one.file) for one in study.alerts.to] == [(None, "tin-bao.txt")]


def test_a_secret_that_was_typed_is_nowhere_in_the_file_nor_in_what_is_said(tmp_path: Path) -> None:
    typed = "tgram://123456789:abcdefg_hijklmnop/12315544"
    options = ["--yes", "--schedule", "weekly", "--alerts", typed]
    done = CliRunner().invoke(init, [str(tmp_path), *options, "--language", "en"])
    assert done.exit_code == 0, done.output
    assert [one.what for one in load(tmp_path).schedule] == ["crawl", "digest"]
    assert "ALERTS_URL: the whole address" in done.output
    assert "chandung alerts --test" in done.output
    assert "abcdefg" not in done.output + (tmp_path / "study.yaml").read_text(encoding="utf-8")
    done = CliRunner().invoke(init, [str(tmp_path / "b"), "--yes", "--alerts", "annhien"])
    assert done.exit_code != 0
    assert not (tmp_path / "b").exists()


def test_a_file_where_the_folder_should_be_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "tep").write_text("x")
    with pytest.raises(InputError) as told:
        starting.write_new(tmp_path / "tep" / "study.yaml", "study: x\n")
    assert told.value.key == "study_folder_is_file"
    assert (tmp_path / "tep").read_text() == "x"
