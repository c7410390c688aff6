"""``chandung eval`` from outside: what it measures, what it tells, and what it refuses to show."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import chandung
from analysis.labels.training import is_held
from analysis.text import evaluate
from analysis.text.annotate import Annotator
from analysis.text.label_sets import of_labels
from data import gold
from data.labels import Label
from data.records import Pain
from data.store import open_store
from data.words import speak
from tests.small_study import TEXTS, write_study

_once = cache(Annotator)
Run = Callable[..., "Done"]
PHONE = "mình 28 tuổi ở Hà Nội, máy này hay bị nóng"


@dataclass
class Done:
    code: object
    out: str
    err: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """The command line in this process: starting one of its own takes longer than what it does."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr(evaluate, "Annotator", _once)
    speak("en")

    def call(*arguments: str) -> Done:
        with pytest.raises(SystemExit) as ending:
            chandung.main(list(arguments))
        told = capsys.readouterr()
        return Done(ending.value.code or 0, told.out, told.err)

    yield call
    speak(None)


def line(name: str = "1", *, by: str = "", at: str = "", text: str = PHONE, **codes: Any) -> dict[str, Any]:
    cues = [{"attribute": "age", "value": "28", "who": "self", "quote": "28 tuổi"}]
    pains = [{"kind": "complaint", "category": "performance", "target": "máy", "severity": 2, "quote": "hay bị nóng"}]
    whole = {
        "id": name,
        "language": "vi",
        "text": text,
        "cues": cues,
        "pains": pains,
        "labelled_by": by,
        "labelled_at": at,
    }
    return whole | codes


def written(path: Path, *lines: dict[str, Any]) -> str:
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in lines), encoding="utf-8")
    return str(path)


def test_gold_posts_are_measured_in_a_table(run: Run) -> None:
    done = run("eval", "--language", "en", "--domain", "baby")
    assert done.code == 0
    assert "English: 22 posts, gold posts, development half" in done.out
    assert "cues of the author" in done.out
    assert "of 100 that are read" in done.out
    assert "label at least 100" in done.out


def test_figures_come_as_csv_and_json(run: Run) -> None:
    done = run("eval", "--language", "en", "--by", "domain", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert {row["group"] for row in rows} == {*gold.domains("en"), "macro"} - {gold.UNSEEN_DOMAIN}
    assert 0 <= float(rows[0]["low"]) <= float(rows[0]["value"]) <= float(rows[0]["high"]) <= 1
    found = json.loads(run("eval", "--language", "en", "--by", "attribute", "--format", "json").out)
    assert found["posts"]["en"] == len(gold.gold("en", part="development"))
    height = next(row for row in found["figures"] if row["group"] == "height_cm")
    assert not height["enough"]


@pytest.mark.parametrize("options", [("--gold", "test"), ("--gold", "all"), ("--gold", "all", "--domain", "pets")])
def test_posts_that_nobody_should_see_are_not_listed(run: Run, options: tuple[str, ...]) -> None:
    refused = run("eval", *options, "--misses")
    assert refused.code == 2
    assert "--yes-show-test" in refused.err
    assert refused.out == ""


def test_the_unseen_domain_has_no_development_half(run: Run) -> None:
    assert "pets" in run("eval", "--domain", "pets").err
    assert "pets" in run("eval", "--domain", "pest").err


def test_misses_are_listed_with_what_was_read(run: Run, tmp_path: Path) -> None:
    labels = written(tmp_path / "labels.jsonl", line())
    answers = [{"attribute": "age", "value": "82", "who": "self", "quote": "28 tuổi", "source_component": "someone"}]
    told = {"id": "1", "cues": answers, "pains": [{**line()["pains"][0], "category": "quality"}]}
    predictions = written(tmp_path / "predictions.jsonl", told, {"id": "other"})
    done = run("eval", labels, "--predictions", predictions, "-v")
    assert done.code == 0
    assert f"1 | {PHONE}" in done.out
    assert "missed: age · 28 · self “28 tuổi”" in done.out
    assert "made up: age · 82 · self “28 tuổi”  [someone]" in done.out
    assert "otherwise: complaint · performance · 2 “hay bị nóng” → complaint · quality · 2" in done.out
    assert "not\u00a0enough" in done.out


def test_labels_may_be_a_table(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    head = "id,language,text,attribute,value,who,quote"
    path.write_text(f'{head}\n1,vi,"{PHONE}",age,28,self,28 tuổi\n', encoding="utf-8-sig")
    found = json.loads(run("eval", "--labels", str(path), "--format", "json").out)
    assert next(row for row in found["figures"] if row["measure"] == "cues")["coded"] == 1
    path.write_text(f'{head}\n1,vi,"{PHONE}",age,28,self,29 tuổi\n', encoding="utf-8-sig")
    assert "29 tuổi" in run("eval", "--labels", str(path)).err


def test_predictions_of_other_posts_are_refused(run: Run, tmp_path: Path) -> None:
    labels = written(tmp_path / "labels.jsonl", line("1"), line("2", text="ok"), line("3", cues=[], pains=[]))
    assert run("eval", "--labels", labels).code == 2  # the quotes do not stand in post 2
    labels = written(tmp_path / "labels.jsonl", line("1"), line("3", cues=[], pains=[]))
    assert run("eval", "--labels", labels, "--predictions", written(tmp_path / "p.jsonl", {"id": "9"})).code == 2
    torn = tmp_path / "torn.jsonl"
    torn.write_text('{"id": "1"}\n{"id"\n', encoding="utf-8")
    assert "line 2" in run("eval", "--labels", labels, "--predictions", str(torn)).err
    some = run("eval", "--labels", labels, "--predictions", written(tmp_path / "p.jsonl", {"id": "1"}))
    assert "1 post has no line" in some.err


def test_labels_that_contradict_each_other_are_listed_and_the_newest_counts(run: Run, tmp_path: Path) -> None:
    older = line(by="Lan", at="2026-11-01T08:00:00Z")
    newer = line(by="Minh", at="2026-11-02T08:00:00Z", cues=[])
    labels = written(tmp_path / "labels.jsonl", newer, older)
    done = run("eval", "--labels", labels)
    assert "1 contradiction between labels" in done.out
    assert "1: Lan: age 28 (self); later Minh: nothing" in done.out
    found = json.loads(run("eval", "--labels", labels, "--format", "json").out)
    assert next(row for row in found["figures"] if row["measure"] == "cues")["coded"] == 0
    assert len(found["contradictions"]) == 1


def test_whoever_corrects_themselves_does_not_contradict(run: Run, tmp_path: Path) -> None:
    labels = written(
        tmp_path / "labels.jsonl", line(by="Lan", at="2026-11-01"), line(by="Lan", at="2026-11-02", pains=[])
    )
    assert "contradiction" not in run("eval", "--labels", labels).out


def test_the_same_words_cannot_be_two_ages(run: Run, tmp_path: Path) -> None:
    cues = [{"attribute": "age", "value": value, "who": "self", "quote": "28 tuổi"} for value in ("28", "29")]
    done = run("eval", "--labels", written(tmp_path / "labels.jsonl", line(cues=cues)))
    assert "1: age 28 (self); later age 29 (self)" in done.out


def test_a_studys_labels_are_measured_once_somebody_is_done_with_a_post(run: Run, tmp_path: Path) -> None:
    study = write_study(tmp_path)
    nothing = run("eval", "--labels", str(study))
    assert nothing.code == 2
    with open_store(study.with_name("small.db")) as store:
        keys = [row["id"] for row in store.query("select id, text from posts order by id")]
        text = TEXTS[0]
        quote = text.split(",")[0]
        pain = Pain("complaint", "quality", "", 2, 0, len(quote), quote, 1.0, "")
        store.save_labels([Label(keys[0], "Lan", "added", datetime(2026, 11, 1, tzinfo=UTC), pain)])
    assert "1 post has labels" in run("eval", "--labels", str(study)).err
    with open_store(study.with_name("small.db")) as store:
        store.save_labels(
            [
                Label(keys[0], "Lan", "done", datetime(2026, 11, 1, tzinfo=UTC)),
                Label(keys[0], "Minh", "rejected", datetime(2026, 11, 2, tzinfo=UTC), pain),
                Label(keys[0], "Minh", "done", datetime(2026, 11, 2, tzinfo=UTC)),
            ]
        )
    for given in (study, study.parent, study.with_name("small.db")):
        done = run("eval", "--labels", str(given))
        assert done.code == 0, done.err
        assert "1 contradiction" in done.out


def test_what_a_studys_model_learned_from_is_not_measured_with(tmp_path: Path) -> None:
    study = write_study(tmp_path)
    with open_store(study.with_name("small.db")) as store:
        rows = list(store.query("select id, post_id from posts where lang in ('vi', 'en')"))
        store.save_labels([Label(row["id"], "Lan", "nothing", datetime(2026, 11, 1, tzinfo=UTC)) for row in rows])
    whole = of_labels(study)
    assert (len(whole.posts), whole.learned) == (len(rows), 0)
    (tmp_path / "model").mkdir()
    study.write_text(study.read_text(encoding="utf-8") + "text: {pains_model: model}\n", encoding="utf-8")
    held = of_labels(study)
    assert [post.id for post in held.posts] == [row["post_id"] for row in rows if is_held(row["post_id"])]
    assert held.learned == len(rows) - len(held.posts)


def test_gold_and_labels_are_not_asked_for_at_once(run: Run, tmp_path: Path) -> None:
    assert run("eval", "--gold", "test", "--labels", str(tmp_path)).code == 2
    assert run("eval", "--labels", str(tmp_path / "none.jsonl")).code == 2
