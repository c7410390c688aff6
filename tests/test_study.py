"""The study file: every wrong thing is answered with the line, the field, what was expected, and the nearest right word."""

from pathlib import Path

import pytest

from data.errors import InputError
from data.study import MARKET, Study, schema
from data.study_file import load, notes
from data.words import LANGUAGES, entry, speak

GOOD = """\
study: thu
contact: research@example.com
own:
  name: An Nhiên
  sites: [https://annhien.example/]
  target:
    - segment: Mẹ bỉm
      assumptions:
        - {attribute: age, expect: 25-34, at_least: 0.5}
        - {pain: price, expect: top 3}
competitors:
  - name: MiniCare
    aliases: [mini care, MNC]
  - name: Sumobi
sources:
  - url: https://forum.example/f/1/
    keywords: [bỉm]
"""


@pytest.fixture(autouse=True)
def quiet_language():
    yield
    speak(None)


def complaint(tmp_path: Path, text: str | bytes, lang: str = "en") -> str:
    path = tmp_path / "study.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    speak(lang)
    with pytest.raises(InputError) as wrong:
        load(tmp_path)
    return str(wrong.value)


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def test_a_good_file_loads(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(GOOD, encoding="utf-8")
    study = load(tmp_path)
    assert [brand.name for brand in study.brands] == ["An Nhiên", "MiniCare", "Sumobi"]
    assert study.brand_of("mini care") == "MiniCare"
    assert study.brand_of(MARKET) is None
    assert [source.url for source in study.all_sources()] == ["https://forum.example/f/1/", "https://annhien.example/"]
    assert study.database == tmp_path / "thu.db"
    assert study.own.target[0].assumptions[1].top == 3


# (what to replace, by what, the part that stands in the wrong line, the field, what must be said)
WRONG = [
    ("contact:", "contct:", "contct", "contct", "Did you mean “contact”?"),
    ("  name: An Nhiên\n", "", "own:", "own", "“name” is missing. Write it among the fields of own"),
    ("    keywords: [bỉm]", "    keyword: [bỉm]", "keyword:", "sources[1].keyword", "Did you mean “keywords”?"),
    ("segment: Mẹ bỉm", "segmnt: Mẹ bỉm", "segmnt", "own.target[1].segmnt", "Did you mean “segment”?"),
    ("attribute: age", "attribute: agee", "agee", "own.target[1].assumptions[1].attribute", "Did you mean “age”?"),
    ("pain: price", "pain: prise", "prise", "own.target[1].assumptions[2].pain", "Did you mean “price”?"),
    ("{pain: price, expect", "{pain: price, attribute: age, expect", "pain: price", "assumptions[2]", "only one of them"),
    ("25-34, at_least: 0.5", "25-34", "25-34", "assumptions[1]", "needs at_least, at_most"),
    ("expect: 25-34", "expect: trẻ", "trẻ", "assumptions[1].expect", "an age or a range such as 25-34"),
    ("at_least: 0.5", "at_least: 50", "at_least", "assumptions[1].at_least", "50 % is written 0.5"),
    ("at_least: 0.5", "at_least: 1.2", "at_least", "assumptions[1].at_least", "no share from 0 to 1"),
    ("at_least: 0.5", "at_least: -2", "at_least", "assumptions[1].at_least", "no share: expected a number from 0 to 1"),
    ("at_least: 0.5", "at_least: 0", "at_least", "assumptions[1].at_least", "holds whatever the data say"),
    ("at_least: 0.5", "at_most: 1", "at_most", "assumptions[1].at_most", "holds whatever the data say"),
    ("at_least: 0.5", "at_least: 1", "at_least", "assumptions[1].at_least", "could ever support exactly 1"),
    ("expect: 25-34", "expect: 200", "200", "assumptions[1].expect", "nobody's age is “200”"),
    ("expect: 25-34", "expect: 34-25", "34-25", "assumptions[1].expect", "the smaller one first"),
    ("expect: 25-34", "expect: []", "age", "assumptions[1].expect", "is empty"),
    ("expect: top 3", "expect: top 0", "top 0", "assumptions[2].expect", "expected top 1 to top 15".capitalize()),
    ("expect: top 3", "expect: top 40", "top 40", "assumptions[2].expect", "“top 40” says nothing"),
    ("expect: top 3", "expect: top 3, at_least: 0.2", "top 3", "assumptions[2].expect", "are two assumptions"),
    ("pain: price", "pain: other", "other", "assumptions[2].expect", "is no theme"),
    ("attribute: age, expect: 25-34", "attribute: location, expect: top 3", "top 3", "assumptions[1].expect", "is for pains alone"),
    ("attribute: age, expect: 25-34", "attribute: income, expect: cao", "cao", "assumptions[1].expect", "low, middle or high"),
    ("attribute: age, expect: 25-34", "attribute: child_age, expect: nhỏ", "nhỏ", "assumptions[1].expect", "18m, 3y"),
    ("at_least: 0.5", "at_least: 0.5, minimum_n: 1", "minimum_n", "assumptions[1].minimum_n", "≥ 2"),
    ("at_least: 0.5", "at_least: 0.5, retired: mai", "retired", "assumptions[1].retired", "a date as YYYY"),
    ("at_least: 0.5", "at_least: 0.5, at_most: 0.2", "at_most", "assumptions[1].at_least", "is above at_most"),
    ("{attribute: age, expect: 25-34", "{attribute: gender, expect: femal", "femal", "assumptions[1].expect", "Did you mean “female”?"),
    ("name: Sumobi", "name: MiniCare", "name: MiniCare\nsources", "competitors[2].name", "two brands are called “MiniCare”"),
    ("name: Sumobi", "name: MNC", "name: MNC", "competitors[2].name", "already belongs to MiniCare"),
    ("[mini care, MNC]", "[mini care, an nhiên]", "an nhiên", "competitors[1].aliases[2]", "already belongs to An Nhiên"),
    ("[mini care, MNC]", "[mini care, Mini Care]", "Mini Care", "competitors[1].aliases[2]", "given twice for MiniCare"),
    ("https://forum.example/f/1/", "forum.example", "forum.example", "sources[1].url", "Is https://forum.example meant?"),
    ("https://forum.example/f/1/", "https://toi:geheim@forum.example/", "geheim", "sources[1].url", "a name or a password must not"),
    ("https://annhien.example/", "https://toi:geheim@annhien.example/", "geheim", "own.sites[1]", "a name or a password must not"),
    ("contact: research@example.com", "contact: https://toi:geheim@example.com/", "contact", "contact", "a name or a password"),
    ("    keywords: [bỉm]", "    kind: form", "kind", "sources[1].kind", "Did you mean “forum”?"),
    ("    keywords: [bỉm]", "    about: Minicar", "about", "sources[1].about", "Did you mean “MiniCare”?"),
    ("    keywords: [bỉm]", "    delay: nhanh", "delay", "sources[1].delay", "expected a number"),
    ("    keywords: [bỉm]", "    delay: -1", "delay", "sources[1].delay", "≥ 0"),
    ("    keywords: [bỉm]", "    keywords: bỉm", "keywords", "sources[1].keywords", "expected a list"),
    ("    keywords: [bỉm]", "    since: hôm qua", "since", "sources[1].since", "a date as YYYY"),
    ("    keywords: [bỉm]", "    since: 2026-13", "since", "sources[1].since", "a date as YYYY"),
    ("    keywords: [bỉm]", "    token: EAAB12345", "token", "sources[1].token", "must not stand in the study file"),
    ("    keywords: [bỉm]", "    timezone: Hanoi", "timezone", "sources[1].timezone", "Asia/Ho_Chi_Minh"),
    ("contact: research@example.com", "contact: ai đó", "contact", "contact", "an e-mail address or a web address"),
    ("study: thu", "study: thử nghiệm!", "study:", "study", "one short name"),
    ("study: thu", "study: thu\nlanguage: fr", "language", "language", "not one of: vi, en"),
    ("study: thu", "study: thu\ntimezone: Mars/One", "timezone", "timezone", "no time zone “Mars/One”"),
    ("study: thu", "study: thu\nprivacy: {keep_texts_for: mãi}", "privacy", "privacy.keep_texts_for", "a duration such as 365d"),
    ("study: thu", "study: thu\nprivacy: {minimum_group: 0}", "privacy", "privacy.minimum_group", "≥ 1"),
    ("study: thu", "study: thu\nschedule: [{what: crawl, every: daily}]", "schedule", "schedule[1].every", "five cron words"),
    ("study: thu", 'study: thu\nschedule: [{what: crawl, every: "99 3 * * *"}]', "schedule", "schedule[1].every", "“99” does not exist"),
    ("study: thu", 'study: thu\nschedule: [{what: crawl, every: "0 3 * * funday"}]', "schedule", "schedule[1].every", "or mon to sun"),
    ("study: thu", "study: thu\nschedule: [{what: crwl, every: 0 3 * * *}]", "schedule", "schedule[1].what", "Did you mean “crawl”?"),
    ("study: thu", 'study: thu\nschedule: [{what: crawl, every: "0 3 * * *", jitter: 1.5}]', "jitter", "[1].jitter", "a whole number"),
    ("study: thu", 'study: thu\nschedule: [{what: crawl, every: "0 3 * * *", at_most_hours: 200}]', "hours", "at_most_hours", "≤ 168,"),
    ("study: thu", "study: thu\nalerts: {to: [{file: thu.db}]}", "alerts", "alerts.to[1].file", "ends in .txt or .md"),
    ("study: thu", "study: thu\nimports: [{file: ../../etc/passwd, kind: survey}]", "imports", "imports[1].file", "leads out of"),
    ("study: thu", "study: thu\nimports: [{file: /etc/passwd, kind: survey}]", "imports", "imports[1].file", "leads out of"),
    ("study: thu", 'study: thu\nimports: [{file: "C:\\\\x.csv", kind: survey}]', "imports", "imports[1].file", "leads out of"),
    ("  - name: Sumobi", "  - Sumobi", "Sumobi", "competitors[2]", "expected fields with values"),
    ("own:\n", "own:\n  own: {}\n", "own: {}", "own.own", "there is no field “own” here"),
]  # fmt: skip


@pytest.mark.parametrize(("good", "wrong", "part", "field", "said"), WRONG)
def test_a_wrong_thing_is_named_with_its_line(
    good: str, wrong: str, part: str, field: str, said: str, tmp_path: Path
) -> None:
    assert good in GOOD
    text = GOOD.replace(good, wrong, 1)
    sentence = complaint(tmp_path, text)
    line = line_of(text, part.split("\n")[0]) if "\n" not in part else text[: text.index(part)].count("\n") + 1
    assert f"line {line}, " in sentence, sentence
    assert f"{field}: " in sentence, sentence
    assert said in sentence


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("study: thu\nown:\n\tname: x\n", 3, "tab"),
        ("study: thu\nstudy: b\n", 2, "twice"),
        ("study: thu\nnote: @x\n", 2, "begins"),
        ("study: thu\nnote: *x\n", 2, "begins"),
        ("study: thu\nnote: rẻ: đẹp\n", 2, "colons"),
        ("study: thu\n  contact: a@example.com\n", 2, "deeper"),
        ("study thu\ncontact: a@example.com\n", 2, "deeper"),
        ("study: thu\nsources: [{url: a}\nown:\n  name: x\n", 2, "bracket"),
        ('study: "thu\nown:\n  name: x\n', 1, "quote"),
        ("study: thu\ncontact\nown:\n  name: x\n", 2, "no_colon"),
        ("sources:\n  - url: a\n    kind: forum\n   delay: 1\n", 4, "indent"),
        ("own:\n    name: x\n  sites: [a]\n", 3, "indent"),
        ("study: thu\n---\nstudy: b\n", 2, "documents"),
        ('study: thu\nnote: "C:\\x"\n', 2, "backslash"),
        ("study: thu\nnote: a\x07\n", 2, "invisible"),
    ],
)
def test_a_fault_of_yaml_is_told_with_its_line_and_what_to_look_for(
    text: str, line: int, key: str, lang: str, tmp_path: Path
) -> None:
    said = complaint(tmp_path, text, lang)
    expected = entry(f"study.yaml.{key}", lang).partition("{")[0]
    assert f"{'line' if lang == 'en' else 'dòng'} {line}: " in said
    assert expected in said
    for word in ("<", "stream", "token", "mapping", "scalar", "block", "#x"):
        assert word not in said.partition("study.yaml, ")[2]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("address", ["https://toi:geheim@forum.example/", "htps://toi:geheim@forum.example/"])
def test_a_password_in_an_address_is_not_repeated(address: str, lang: str, tmp_path: Path) -> None:
    sentence = complaint(tmp_path, GOOD.replace("https://forum.example/f/1/", address), lang)
    assert "sources[1].url" in sentence
    assert "geheim" not in sentence


def test_a_date_that_is_still_to_come_is_pointed_out(tmp_path: Path) -> None:
    for since, noted in (("2099-01", True), ("2099", True), ("2026-01-31", False)):
        text = GOOD.replace("    keywords: [bỉm]", f"    since: {since}")
        (tmp_path / "study.yaml").write_text(text, encoding="utf-8")
        said = [note for note in notes(load(tmp_path)) if "since" in note]
        assert [since in note and "https://forum.example/f/1/" in note for note in said] == [True] * noted


@pytest.mark.parametrize(("good", "wrong", "part", "field", "said"), WRONG)
def test_the_same_is_said_in_vietnamese(
    good: str, wrong: str, part: str, field: str, said: str, tmp_path: Path
) -> None:
    sentence = complaint(tmp_path, GOOD.replace(good, wrong, 1), "vi")
    assert "dòng " in sentence
    assert f"{field}: " in sentence, sentence
    assert not {"expected", "Did you mean", "the required", "there is"} & set(sentence.split())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_missing_field_is_said_of_the_file_as_it_is_called(lang: str, tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(GOOD.replace("contact: research@example.com\n", ""), encoding="utf-8")
    speak(lang)
    with pytest.raises(InputError) as wrong:
        load(path)
    said = str(wrong.value)
    assert said.startswith(f"{path}, ")
    assert "study.yaml" not in said
    assert "“contact: …”" in said, "it says what to write"
    assert {"en": "at the left margin", "vi": "sát lề trái"}[lang] in said


def test_an_alias_that_is_the_name_again_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(GOOD.replace("[mini care, MNC]", "[minicare, MNC]"), encoding="utf-8")
    study = load(tmp_path)
    assert study.competitors[0].names == ["MiniCare", "MNC"]
    assert study.brand_of("minicare") == "MiniCare"


@pytest.mark.parametrize(
    "every",
    [
        "0 3 * * *",
        "*/15 * * * *",
        "0 7 * * 1",
        "0 7 * * mon-fri",
        "5,35 0-6/2 1,15 JAN,jul 0",
        "0  3 *  * 7",
        "59 23 31 12 sun",
    ],
)
def test_schedules_that_a_clock_knows(every: str, tmp_path: Path) -> None:
    text = GOOD.replace("study: thu", f'study: thu\nschedule: [{{what: crawl, every: "{every}"}}]')
    (tmp_path / "study.yaml").write_text(text, encoding="utf-8")
    assert load(tmp_path).schedule[0].every == " ".join(every.split())


@pytest.mark.parametrize(
    "every",
    ["60 3 * * *", "0 24 * * *", "0 3 0 * *", "0 3 32 * *", "0 3 * 13 *", "0 3 * * 8", "5-1 * * * *", "*/0 * * * *", "1/5 * * * *",
     "mon 3 * * *", "1,,2 * * * *", "- * * * *", "* * * *", "* * * * * *", "１ * * * *"],
)  # fmt: skip
def test_schedules_that_no_clock_knows(every: str, tmp_path: Path) -> None:
    said = complaint(tmp_path, GOOD.replace("study: thu", f'study: thu\nschedule: [{{what: crawl, every: "{every}"}}]'))
    assert "line 2, schedule[1].every: " in said


def test_an_import_may_lie_in_a_folder_below(tmp_path: Path) -> None:
    (tmp_path / "tep").mkdir()
    (tmp_path / "tep" / "a.csv").write_text("x", encoding="utf-8")
    (tmp_path / "study.yaml").write_text(GOOD + "imports: [{file: tep/a.csv, kind: survey}]\n", encoding="utf-8")
    assert load(tmp_path).imports[0].file == "tep/a.csv"


@pytest.mark.parametrize(
    ("contact", "source", "said"),
    [
        ("you@example.com", "https://forum.vn/", True),
        ("https://www.example.org/me", "https://forum.vn/", True),
        ("lan@annhien.vn", "https://forum.vn/", False),
        ("https://annhien.vn/lien-he", "https://forum.vn/", False),
        ("lan@myexample.com", "https://forum.vn/", False),
        ("you@example.com", "http://127.0.0.1:8000/", False),
    ],
)
def test_the_contact_of_an_example_is_pointed_out(contact: str, source: str, said: bool, tmp_path: Path) -> None:
    text = f"study: thu\ncontact: {contact}\nown: {{name: An Nhiên}}\nsources: [{{url: {source}}}]\n"
    (tmp_path / "study.yaml").write_text(text, encoding="utf-8")
    found = notes(load(tmp_path))
    assert bool(found) is said
    assert all(contact in sentence for sentence in found)


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    text = (
        GOOD.replace("contact:", "contct:")
        .replace("kind", "x")
        .replace("    keywords: [bỉm]", "    delay: x\n    pages: 0")
    )
    lines = complaint(tmp_path, text).splitlines()
    assert len(lines) == 4


def test_every_fault_of_an_assumption_is_said_at_once(tmp_path: Path) -> None:
    wrong = GOOD.replace(
        "{attribute: age, expect: 25-34, at_least: 0.5}", "{attribute: gender, expect: femle, at_least: 70}"
    )
    said = complaint(tmp_path, wrong)
    assert "assumptions[1].expect" in said
    assert "“female”" in said
    assert "assumptions[1].at_least" in said
    assert said.count("assumptions[1]") == 2
    both = complaint(tmp_path, wrong.replace("at_least: 70", "at_least: 0.7, at_most: 0.2"))
    assert "femle" in both
    assert "is above at_most" in both


def test_what_concerns_the_whole_file_is_said_with_the_rest(tmp_path: Path) -> None:
    text = GOOD.replace("contact:", "contct:").replace("    keywords: [bỉm]", "    about: Minicar")
    said = complaint(tmp_path, text + "imports: [{file: ../a.csv, kind: survey}]\n")
    for part in ("contct", "Did you mean “MiniCare”?", "“../a.csv” leads out"):
        assert part in said
    assert len(said.splitlines()) == 4


def test_the_file_is_named_as_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "study.yaml").write_text("study: thu\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for given in (Path("w"), Path("w/study.yaml")):
        with pytest.raises(InputError) as wrong:
            load(given)
        assert str(wrong.value).startswith(f"{Path('w/study.yaml')}, ")


def test_values_are_shown_as_yaml_writes_them(tmp_path: Path) -> None:
    for value, shown in (
        ("&a [*a]", "“[…]”"),
        ("{a: 1}", "“{…}”"),
        ("", "“null”"),
        ("yes", "“yes”"),
        ("true", "“true”"),
    ):
        said = complaint(tmp_path, GOOD.replace("study: thu", f"study: thu\nlanguage: {value}"))
        assert shown in said, said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "should consist of fields"),
        ("[1, 2]", "should consist of fields"),
        ("study: [", "not valid YAML"),
        ("study: a\nstudy: b\n", "not valid YAML"),
        ("study: a\n\tcontact: b\n", "not valid YAML"),
        ("study: *nowhere\n", "not valid YAML"),
        ("study: !!python/object/apply:os.system ['true']\n", "study"),
        (b"study: \xff\xfe\n", "not saved as UTF-8"),
        ("a: " + "[" * 60 + "]" * 60, "nested"),
        ("a: " + "[" * 5000, "study"),
        ("x" * 2_000_001, "larger than 2 MB"),
        ("study: \x00\n", "not valid YAML"),
        (
            "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"
            + "".join(f"d{n}: &d{n} [*c, *c, *c]\n" for n in range(20)),
            "no field",
        ),
    ],
)
def test_what_is_no_study_is_refused_in_a_sentence(text: str | bytes, said: str, tmp_path: Path) -> None:
    assert said in complaint(tmp_path, text)


def test_a_cycle_of_anchors_is_refused(tmp_path: Path) -> None:
    assert complaint(tmp_path, "study: &a\n  - *a\n")


def test_anchors_that_multiply_cost_no_memory(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    assert complaint(tmp_path, "\n".join(lines))


def test_a_missing_file_or_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    speak("en")
    with pytest.raises(InputError, check=lambda wrong: wrong.key == "no_study"):
        load()
    with pytest.raises(InputError, check=lambda wrong: wrong.key == "no_such_study"):
        load(tmp_path / "nowhere.yaml")


def test_an_import_that_is_not_there_is_told_and_stops_nothing(tmp_path: Path) -> None:
    speak("en")
    text = GOOD + "imports: [{file: mất.csv, kind: survey}]\n"
    (tmp_path / "study.yaml").write_text(text, encoding="utf-8")
    study = load(tmp_path)
    assert any("no file “mất.csv”" in said for said in notes(study))


def test_lexicons_lie_in_the_study_s_folder_once_and_a_missing_one_is_pointed_out(tmp_path: Path) -> None:
    for names, said in (("../ours.csv", "outside"), ("ours.csv, ours.csv", "twice"), ("/etc/words.csv", "outside")):
        text = GOOD + f"lexicons: [{names}]\n"
        told = complaint(tmp_path, text)
        assert f"line {line_of(text, 'lexicons:')}" in told
        assert {"outside": "leads out", "twice": "twice"}[said] in told
    (tmp_path / "study.yaml").write_text(GOOD + "lexicons: [below/ours.csv]\n", encoding="utf-8")
    study = load(tmp_path)
    assert study.lexicon_files == (tmp_path / "below" / "ours.csv",)
    assert any("“ours.csv”" in note for note in notes(study))


def test_a_file_with_a_mark_of_windows_loads(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load(tmp_path).study == "thu"


def test_a_token_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("    token: ${FB_TOKEN}", '    token: "${FB_TOKEN}"'):
        (tmp_path / "study.yaml").write_text(GOOD.replace("    keywords: [bỉm]", text), encoding="utf-8")
        source = load(tmp_path).sources[0]
        monkeypatch.delenv("FB_TOKEN", raising=False)
        with pytest.raises(InputError, check=lambda wrong: wrong.key == "no_secret"):
            source.secret()
        monkeypatch.setenv("FB_TOKEN", "bí mật")
        assert source.secret() == "bí mật"
    flow = GOOD.replace(
        "  - url: https://forum.example/f/1/\n    keywords: [bỉm]",
        "  - {url: https://forum.example/, token: ${FB_TOKEN}}",
    )
    (tmp_path / "study.yaml").write_text(flow, encoding="utf-8")
    assert load(tmp_path).sources[0].secret() == "bí mật"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_schema_describes_every_part(lang: str) -> None:
    whole = schema()
    for name, part in {"Study": whole, **whole["$defs"]}.items():
        assert part["additionalProperties"] is False
        for field, value in part["properties"].items():
            assert value.get("description"), f"{name}.{field} has no description"
    assert Study.model_validate(
        {"study": "a", "contact": "https://a.example", "own": {"name": "B", "sites": ["https://b.example"]}}
    )
