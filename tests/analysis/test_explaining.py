"""``analyze --explain`` and ``annotate --explain`` as a user calls them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import pytest

from chandung import main
from data.words import speak
from tests.analysis.world import STUDY, Person, World

Run = Callable[..., tuple[int, str, str]]
WORDS = "Em ở Hà Nội, dùng MiniCare đêm nào cũng bị tràn, bé không bị hăm"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], world: World, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in the folder of a study with one post that has been analysed."""
    monkeypatch.chdir(world.folder)
    (world.folder / "study.yaml").write_text(json.dumps(STUDY, ensure_ascii=False), encoding="utf-8")
    with world.open() as store:
        world.fill(store, [Person("Lan", "MiniCare", words=WORDS)])

    def run(*arguments: str, lang: str = "en") -> tuple[int, str, str]:
        try:
            with pytest.raises(SystemExit) as ended:
                main(["--language", lang, *arguments])
        finally:
            speak(None)
        out = capsys.readouterr()
        return int(ended.value.code or 0), out.out, out.err

    code, _, err = run("analyze", "-q")
    assert code == 0, err
    return run


def test_a_post_is_explained_by_its_id_address_or_number(run: Run, world: World) -> None:
    [row] = json.loads(run("query", "select p.id, p.post_id, p.url from posts p", "--json")[1])
    for asked in (row["post_id"], row["url"], row["id"]):
        code, out, _ = run("analyze", "--explain", str(asked), lang="vi")
        assert code == 0
        assert "pains_terms.tsv:" in out
        assert "“bị hăm”" in out
        assert "bị phủ định bởi: “không bị”" in out
        [page] = (world.folder / "reports").glob("why-1-*.html")
        assert str(page) in out
        assert '<html lang="vi">' in page.read_text(encoding="utf-8")


def test_for_scripts_there_is_json(run: Run) -> None:
    code, out, _ = run("analyze", "--explain", "1", "--json")
    told = json.loads(out)
    assert code == 0
    assert told["text"] == WORDS
    pains = [one for one in told["answers"] if "pain" in one]
    assert pains[0]["lines"][0]["file"] == "pains_terms.tsv"
    assert told["blocked"][0]["reason"] == "negated"
    assert {clause["text"] for clause in told["clauses"]} >= {"Em ở Hà Nội"}


def test_what_cannot_be_explained_is_told(run: Run, world: World) -> None:
    code, _, err = run("analyze", "--explain", "999")
    assert code == 2
    assert "“999”" in err
    with world.open() as store:
        from datetime import UTC, datetime

        store.purge(texts_before=datetime(2100, 1, 1, tzinfo=UTC), pages_before=None)
    code, _, err = run("analyze", "--explain", "1")
    assert code == 2
    assert "keep_texts_for" in err


def test_answers_of_other_words_are_told_to_be_old(run: Run, world: World) -> None:
    (world.folder / "study.yaml").write_text(
        json.dumps({**STUDY, "lexicons": ["ours.csv"]}, ensure_ascii=False), encoding="utf-8"
    )
    (world.folder / "ours.csv").write_text("term;code;weight\nbị tràn;;0\ntràn;;0\n", encoding="utf-8")
    code, _, err = run("analyze", "--explain", "1")
    assert code == 0
    assert "read with other words" in err
    run("analyze", "-q")
    assert run("analyze", "--explain", "1")[2] == ""


def test_a_typed_text_is_explained(run: Run, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    page = world.folder / "why.html"
    code, out, _ = run("annotate", "--explain", "the battery dies // after two hours", "--output", str(page))
    assert code == 0
    assert out.startswith("the battery dies // after two hours")
    assert "chandung_pains" in out
    assert page.exists()
    monkeypatch.setattr("sys.stdin", io.StringIO("máy hay bị lag"))
    assert "pains_terms: " in run("annotate", "--explain", "-", lang="vi")[1]
    assert run("annotate", "--explain", " ")[0] == 2
    brand = json.loads(run("annotate", "--explain", "MNC hay bị tràn", "--study", str(world.folder), "--json")[1])
    assert brand["lang"] == "vi"

    code, out, _ = run("annotate", "--explain", "Ce produit est vraiment mauvais et il ne marche pas du tout")
    assert code == 0
    assert "(fr)" in out
    code, _, err = run("annotate", "nothing-here.jsonl")
    assert code == 2
    assert "nothing-here.jsonl" in err
