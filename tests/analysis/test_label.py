"""``chandung label``: in the terminal, out into files and back."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import chandung
from analysis.known_findings import state
from analysis.labels.desk import coder_name
from analysis.labels.naming import choices, meaning
from analysis.read import read
from analysis.text.label_sets import of_labels
from data.codebook import VALUES
from data.gold import read_coded
from data.labelled import done_posts
from data.records import Annotation, Pain
from data.store import Store, open_store
from data.study_file import load
from data.words import LANGUAGES, entry, speak
from tests.small_study import write_study


@pytest.fixture(autouse=True)
def in_english() -> Any:
    speak("en")
    yield
    speak(None)


class Reader:
    """A reader that knows one thing: what is hot is a pain."""

    versions: Mapping[str, str] = {"vi": "reader 1", "en": "reader 1"}

    def annotate(self, items: Iterable[Mapping[str, Any]]) -> Iterator[Annotation]:
        for item in items:
            start = item["text"].find("hay bị nóng")
            pain = Pain("complaint", "performance", "MiniCare", 2, start, start + 11, "hay bị nóng", 0.9, "reader 1")
            yield Annotation(str(item["id"]), "vi", pains=(pain,) if start >= 0 else ())


def read_again(study: Path) -> int:
    with open_store(load(study).database) as store:
        return read(store, load(study), lambda _: Reader())  # type: ignore[arg-type,return-value]


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """The small study as the reader reads it: of its posts one tells a pain."""
    path = write_study(tmp_path)
    read_again(path)
    return path


def run(study: Path, *words: str, keys: str = "") -> Result:
    arguments = ["label", str(study), "--as", "lan", *words]
    return CliRunner().invoke(chandung.command_line(), arguments, input=keys)


def opened(study: Path) -> Store:
    return open_store(load(study).database, read_only=True)


def labels(study: Path) -> list[tuple[str, str, str | None]]:
    with opened(study) as store:
        rows = store.query("select coder, verdict, quote from labels order by label_id")
        return [(row["coder"], row["verdict"], row["quote"]) for row in rows]


def test_keys_say_what_is_right_and_the_next_analysis_goes_by_it(study: Path) -> None:
    done = run(study, "--words", "MiniCare", keys="nd")
    assert done.exit_code == 0, done.output
    assert "hay bị nóng[1]" in done.output
    assert labels(study) == [("lan", "rejected", "hay bị nóng"), ("lan", "done", None)]
    assert read_again(study) == 1
    with opened(study) as store:
        assert list(store.query("select 1 from pains")) == []


def test_labels_that_no_analysis_has_seen_make_the_findings_old(study: Path) -> None:
    def now() -> str:
        with opened(study) as store:
            return state(store, load(study))

    before = now()
    run(study, "--words", "MiniCare", keys="nd")
    labelled = now()
    read_again(study)
    assert len({before, labelled, now()}) == 3


def test_change_and_add_ask_field_by_field(study: Path) -> None:
    # A code may be cut short; an empty answer keeps what stands.
    changed = "c" + "\n".join(["", "qual", "", "3", "bị nóng", ""])
    added = "ac" + "\n".join(["beha", "repeat", "", "mới mua", ""])
    done = run(study, "--words", "MiniCare", "--limit", "1", keys=changed + added + "dq")
    assert done.exit_code == 0, done.output
    with opened(study) as store:
        rows = list(store.query("select verdict, category, severity, value, quote, was from labels order by label_id"))
    assert [(row["verdict"], row["category"] or row["value"], row["quote"]) for row in rows[:2]] == [
        ("changed", "quality", "bị nóng"),
        ("added", "repeat_buyer", "mới mua"),
    ]
    assert json.loads(rows[0]["was"])["category"] == "performance"


@pytest.mark.parametrize("typed", [".", "\n".join([""] * 5), "\n".join(["", "."])])
def test_a_change_can_be_left(study: Path, typed: str) -> None:
    done = run(study, "--words", "MiniCare", keys=f"c{typed}\nq")
    assert "a dot (.) leaves the answer as it was" in done.output
    assert "Left as it was." in done.output
    assert labels(study) == []


def test_help_says_what_the_codes_mean(study: Path) -> None:
    told = run(study, "--words", "MiniCare", keys="?q").output
    for means in (entry("codebook.kinds")["complaint"], entry("codebook.categories")["performance"]):
        assert means in told
    asked = run(study, "--words", "MiniCare", keys="c?\n.\nq").output
    assert entry("codebook.kinds")["unmet_need"] in asked


def test_every_code_has_a_meaning_in_both_languages() -> None:
    for lang in LANGUAGES:
        for field in ("attribute", "kind", "category", "severity"):
            assert all(meaning(field, code, lang=lang) for code in choices(field, sensitive=True)), (lang, field)
        for attribute, values in VALUES.items():
            assert all(meaning("value", value, attribute, lang) for value in values), (lang, attribute)


def test_words_that_are_not_in_the_post_are_not_kept(study: Path) -> None:
    done = run(study, "--words", "MiniCare", keys="c" + "\n".join(["", "", "", "", "bị lạnh", ""]) + "q")
    assert "Not kept: the quote “bị lạnh” does not stand in the text" in done.output
    assert labels(study) == []


def test_who_is_done_with_a_post_agrees_with_what_others_said_of_it(study: Path) -> None:
    run(study, "--words", "MiniCare", keys="yq")
    run(study, "--as", "minh", "--words", "MiniCare", keys="d")
    assert labels(study) == [
        ("lan", "accepted", "hay bị nóng"),
        ("minh", "accepted", "hay bị nóng"),
        ("minh", "done", None),
    ]
    assert "Nobody contradicts anybody" in run(study, "--contradictions").output


def test_back_and_undo(study: Path) -> None:
    done = run(study, keys="s" + "b" + "0" + "u" + "q")
    assert done.exit_code == 0, done.output
    assert done.output.count("1 of 5") == 3
    assert labels(study) == []


def test_samples(study: Path) -> None:
    def first(*words: str) -> str:
        return run(study, *words, keys="q").output

    assert "hay bị nóng" in first("--sample", "unsure", "--category", "performance")
    assert "hay bị nóng" not in first("--sample", "empty")
    assert "There is no post to label this way" in first("--attribute", "income")
    assert "There is no post" in first("--source", "elsewhere.example")
    assert "5 posts in this round" in first("--source", "forum.example")
    wrong = run(study, "--category", "prise")
    assert isinstance(wrong.exception, Exception)
    assert "price" in str(wrong.exception)


def test_hostile_posts_do_not_repaint_the_terminal(study: Path) -> None:
    done = run(study, keys="sssss")
    assert "\u202e" not in done.output
    assert "\x1b[31m" not in done.output


@pytest.mark.parametrize("ending", ["jsonl", "csv", "xlsx"])
def test_labels_go_out_and_come_back(study: Path, tmp_path: Path, ending: str) -> None:
    run(study, "--words", "MiniCare", keys="yd")
    run(study, "--words", "bỉm", keys="0")
    run(study, "--words", "dung tot", keys="n" * 3 + "q")
    file = tmp_path / f"labels.{ending}"
    done = run(study, "--export", str(file))
    assert "2 posts written" in done.output
    assert {post.labelled_by for post in of_labels(file).posts} == {"lan"}, "what “chandung eval” reads"
    if ending == "jsonl":
        one, other = sorted(read_coded(file), key=lambda post: post.id)
        assert (one.id, one.labelled_by, [pain.quote for pain in one.pains]) == (
            "forum.example/p0",
            "lan",
            ["hay bị nóng"],
        )
        assert other.pains == ()
        assert one.brands == {"MiniCare": ("mini care",)}
    again = run(study, "--import", str(file))
    assert "Posts taken: 0. Known already: 2. Lines that could not be used: 0." in again.output
    with open_store(load(study).database) as store:
        store.forget_labels([row["label_id"] for row in store.query("select label_id from labels")])
    back = run(study, "--import", str(file))
    assert "Posts taken: 2" in back.output
    assert [one[:2] for one in labels(study)] == [("lan", "accepted"), ("lan", "done"), ("lan", "nothing")]


@pytest.mark.parametrize("ending", ["jsonl", "csv", "xlsx"])
def test_two_peoples_labels_stay_apart_on_the_way_out_and_back(study: Path, tmp_path: Path, ending: str) -> None:
    run(study, "--words", "MiniCare", keys="yd")
    changed = "c" + "\n".join(["", "qual", "", "3", "bị nóng", ""])
    run(study, "--as", "an", "--state", "all", "--words", "MiniCare", keys=changed + "d")
    differing = run(study, "--contradictions").output
    file = tmp_path / f"labels.{ending}"
    assert "1 post written" in run(study, "--export", str(file)).output
    kept = labels(study)
    for _ in range(2):
        again = run(study, "--import", str(file))
        assert "Posts taken: 0. Known already: 2. Lines that could not be used: 0." in again.output
        run(study, "--export", str(file))
    assert labels(study) == kept
    assert run(study, "--contradictions").output == differing
    with open_store(load(study).database) as store:
        store.forget_labels([row["label_id"] for row in store.query("select label_id from labels")])
    assert "Posts taken: 2" in run(study, "--import", str(file)).output
    assert {coder for coder, *_ in labels(study)} == {"lan", "an"}
    with opened(study) as store:
        [post] = done_posts(store)
    assert [pain.category for pain in post.pains] == ["quality"], "the later word still holds"


def test_a_file_of_old_that_names_several_people_together_is_known(study: Path, tmp_path: Path) -> None:
    run(study, "--words", "MiniCare", keys="yd")
    run(study, "--as", "an", "--state", "all", "--words", "MiniCare", keys="d")
    file = tmp_path / "old.jsonl"
    run(study, "--export", str(file))
    line = json.loads(file.read_text(encoding="utf-8").splitlines()[0])
    del line["coder"]
    file.write_text(json.dumps({**line, "labelled_by": "lan, an"}), encoding="utf-8")
    assert "Posts taken: 0. Known already: 1." in run(study, "--import", str(file)).output
    assert {coder for coder, *_ in labels(study)} == {"lan", "an"}


def test_labels_of_somebody_who_is_not_done_are_left_out_and_told(study: Path, tmp_path: Path) -> None:
    run(study, "--words", "MiniCare", keys="yd")
    run(study, "--as", "an", "--state", "all", "--words", "MiniCare", keys="nq")
    told = run(study, "--export", str(tmp_path / "x.jsonl")).output
    assert "somebody else has begun and is not done" in told


@pytest.mark.parametrize("name", ["x.txt", "x", "x.xls"])
def test_a_file_of_another_form_is_refused(study: Path, tmp_path: Path, name: str) -> None:
    done = run(study, "--export", str(tmp_path / name))
    assert "possible are .jsonl, .csv, .xlsx" in str(done.exception)
    assert not (tmp_path / name).exists()


def test_every_wrong_row_is_told_with_its_own_number_and_the_nearest_code(study: Path, tmp_path: Path) -> None:
    names = "id,kind,category,severity,quote"
    good = "forum.example/p0,complaint,quality,2,bị nóng"
    rows = [good, good.replace("quality", "performence"), good, good.replace("bị nóng", "bị lạnh")]
    told = imported(study, tmp_path / "in.csv", names, *rows)
    assert "Line 3: “performence” is no category of the codebook, perhaps “performance” was meant" in told
    assert "Line 5: the quote “bị lạnh” does not stand" in told
    assert "Line 2" not in told
    assert "Lines that could not be used: 2." in told
    told = imported(study, tmp_path / "in.csv", names, *[good.replace("quality", "prise")] * 14)
    assert told.count("Line ") == 10
    assert "… and 4 more lines." in told


def test_a_broken_workbook_is_told_in_a_sentence(study: Path, tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"PK no workbook")
    assert "no Excel workbook" in str(run(study, "--import", str(tmp_path / "x.xlsx")).exception)


def test_bad_lines_are_told_by_number(study: Path, tmp_path: Path) -> None:
    text = "Điện thoại MiniCare mới mua mà hay bị nóng"
    whole = {"id": "forum.example/p0", "language": "vi", "text": text, "cues": [], "pains": []}
    pain = {"kind": "complaint", "category": "performance", "target": "", "severity": 2, "quote": "bị nóng"}
    lines = [
        {**whole, "pains": [pain], "labelled_by": "minh", "labelled_at": "2026-11-20"},
        {**whole, "pains": [{**pain, "category": "heat"}]},
        {**whole, "pains": [{**pain, "quote": "bị lạnh"}]},
        {**whole, "id": "elsewhere/1", "text": "không có ở đây"},
        {**whole, "id": "elsewhere/2", "pains": [{**pain, "quote": "hay bị nóng"}], "labelled_by": "mai"},
    ]
    file = tmp_path / "in.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines) + "{oops\n", encoding="utf-8")
    done = run(study, "--import", str(file))
    assert done.exit_code == 1
    assert "Posts taken: 2. Known already: 0. Lines that could not be used: 4." in done.output
    assert "Line 2: “heat” is no category of the codebook; there are: price, quality" in done.output
    assert "Line 3: the quote “bị lạnh” does not stand" in done.output
    assert "Line 4: the study has no post with the id “elsewhere/1”" in done.output
    assert "Line 6: this is not a JSON object" in done.output
    listed = run(study, "--contradictions")
    assert "Nobody contradicts anybody" in listed.output, "the same code on overlapping words is no contradiction"
    run(study, "--words", "MiniCare", "--state", "all", keys="0")
    listed = run(study, "--contradictions")
    assert "lan (" in listed.output
    assert "nothing here" in listed.output


@pytest.mark.skipif(os.name == "nt", reason="Windows reads keys from the console, whatever the input is")
def test_without_a_terminal_it_says_what_to_use_instead(study: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "chandung", "label", str(study)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        start_new_session=True,
        env={**os.environ, "CHANDUNG_LANG": "en", "PYTHONUTF8": "1"},
    )
    assert done.returncode == 2
    assert "needs a terminal" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_coder_puts_one_pain_in_the_place_of_two(study: Path, tmp_path: Path) -> None:
    text = "Điện thoại MiniCare mới mua mà hay bị nóng"
    pain = {"kind": "complaint", "target": "", "severity": 2, "quote": "bị nóng"}
    for coder, categories in (("minh", ("quality", "price")), ("hoa", ("service",)), ("mai", ("service", "price"))):
        pains = [{**pain, "category": category} for category in categories]
        line = {"id": "forum.example/p0", "language": "vi", "text": text, "pains": pains, "labelled_by": coder}
        file = tmp_path / f"{coder}.jsonl"
        file.write_text(json.dumps(line), encoding="utf-8")
        for taken, known in ((1, 0), (0, 1)):
            told = f"Posts taken: {taken}. Known already: {known}. Lines that could not be used: 0."
            assert told in run(study, "--import", str(file)).output
        read_again(study)
        with opened(study) as store:
            rows = store.query("select category, source_component from pains order by category")
            got = [(row["category"], row["source_component"]) for row in rows]
        assert got == [(category, f"label:{coder}") for category in sorted(categories)]


def test_a_table_needs_its_columns(study: Path, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([["id", "value"], ["1", "x"]])
    done = run(study, "--import", str(file))
    assert "quote" in str(done.exception)


def imported(study: Path, file: Path, names: str, *rows: str) -> str:
    file.write_text("\n".join((names, *rows)), encoding="utf-8")
    return run(study, "--import", str(file)).output


def test_a_table_without_texts_knows_posts_by_their_ids(study: Path, tmp_path: Path) -> None:
    names = "id,lang,kind,category,severity,quote"
    rows = ["forum.example/p0,vi,complaint,quality,2,bị nóng", "forum.example/p99,vi,complaint,quality,2,bị nóng"]
    told = imported(study, tmp_path / "in.csv", names, *rows)
    assert "Posts taken: 1. Known already: 0. Lines that could not be used: 1." in told
    assert "Line 3: the study has no post with the id “forum.example/p99”" in told
    told = imported(study, tmp_path / "in.csv", "id,lang,quote", "forum.example/p0,vi,bị nóng")
    assert "Line 2: “severity” is missing." in told
    told = imported(study, tmp_path / "in.csv", names, "forum.example/p0,,complaint,price,2,bị nóng")
    assert "Posts taken: 1." in told, "the language is found out"


def test_what_a_table_says_against_itself_is_told_by_row(study: Path, tmp_path: Path) -> None:
    names = "id,language,attribute,value,who,kind,category,severity,quote,labelled_by"
    post = "forum.example/p0,vi"
    pain, nothing = f"{post},,,,complaint,quality,2,bị nóng,", f"{post},,,,,,,,"
    woman, man = (f"{post},gender,{value},self,,,,MiniCare," for value in ("female", "male"))
    both = f"{post},gender,female,self,complaint,quality,2,bị nóng,"
    for rows, line, why in (
        ([pain, both], 3, "this one tells both"),
        ([pain, woman, man], 4, "gender “female” and “male”"),
        ([pain, nothing], 3, "tells nothing"),
        ([nothing, pain], 2, "tells nothing"),
    ):
        told = imported(study, tmp_path / "in.csv", names, *rows)
        assert f"Line {line}: " in told
        assert why in told
        assert "Posts taken: 0." in told
    told = imported(study, tmp_path / "in.csv", names, f"{woman}minh", f"{man}hoa")
    assert "Posts taken: 2." in told, "two people may differ"


@pytest.mark.parametrize(
    ("given", "name"), [("Lan  Anh ", "Lan Anh"), ("<b>x</b>", "bxb"), ("\x1b[31m", "31m"), ("a" * 99, "a" * 40)]
)
def test_a_coder_has_a_plain_short_name(given: str, name: str) -> None:
    assert coder_name(given) == name
