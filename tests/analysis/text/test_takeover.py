"""Other spaCy pipelines in place of our components: trained here, saved, named in a study, and read with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.training import Example

from analysis.read import annotator, fingerprint, takeovers
from data.errors import InputError
from data.records import Annotation
from data.study import Study
from data.study_file import load, notes
from data.words import speak

HOT = "máy này hay bị nóng"
TEXT = f"Mình ở Hà Nội, {HOT}. Giao hàng nhanh"


@pytest.fixture(autouse=True)
def in_english() -> Any:
    speak("en")
    yield
    speak(None)


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny text classifier: what is hot is a matter of heat, everything else is fine."""
    nlp = spacy.blank("vi", config={"nlp": {"tokenizer": {"use_pyvi": False}}})
    categories = nlp.add_pipe("textcat")
    for label in ("heat", "fine"):
        categories.add_label(label)
    texts = {HOT: "heat", "nóng quá": "heat", "Mình ở Hà Nội": "fine", "Giao hàng nhanh": "fine"}
    examples = [
        Example.from_dict(nlp.make_doc(text), {"cats": {"heat": said == "heat", "fine": said == "fine"}})
        for text, said in texts.items()
    ]
    optimizer = nlp.initialize(lambda: examples)
    for _ in range(30):
        nlp.update(examples, sgd=optimizer)
    path = tmp_path_factory.mktemp("classifier") / "heat"
    nlp.to_disk(path)
    return path


@pytest.fixture(scope="module")
def ruler(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pipeline that knows one town, as any trained one knows many."""
    nlp = spacy.blank("xx")
    nlp.add_pipe("entity_ruler").add_patterns(
        [{"label": "GPE", "pattern": "Hà Nội"}, {"label": "DATE", "pattern": "nhanh"}]
    )  # type: ignore[attr-defined]
    path = tmp_path_factory.mktemp("ruler") / "towns"
    nlp.to_disk(path)
    return path


def study(folder: Path, **text: Any) -> Study:
    fields = {
        "study": "thu",
        "contact": "a@example.com",
        "own": {"name": "An Nhiên"},
        "sources": [{"url": "https://forum.example/"}],
        "text": text,
    }
    (folder / "study.yaml").write_text(json.dumps(fields), encoding="utf-8")
    return load(folder)


def answers(of: Study) -> Annotation:
    return annotator(of).annotate_one({"id": "1", "text": TEXT, "lang": "vi"})


def test_a_trained_classifier_takes_over_the_pains(classifier: Path) -> None:
    part = {"pipeline": "heat", "labels": {"heat": "complaint/performance"}}
    [pain] = answers(study(classifier.parent, take_over=[part])).pains
    assert (pain.kind, pain.category, TEXT[pain.start : pain.end]) == ("complaint", "performance", pain.quote)
    assert "nóng" in pain.quote
    assert pain.source_component.startswith("vi_pipeline")


def test_entities_take_over_the_attributes_they_tell_and_no_others(ruler: Path) -> None:
    part = {"pipeline": "towns", "component": "cues", "read": "ents", "labels": {"GPE": "location", "DATE": ""}}
    plain, taken = answers(study(ruler.parent)), answers(study(ruler.parent, take_over=[part]))
    [place] = [cue for cue in taken.cues if cue.attribute == "location"]
    assert (place.value, place.who, place.quote) == ("Hà Nội", "self", "Hà Nội")
    assert place.source_component.startswith("xx_")
    assert [cue for cue in taken.cues if cue.attribute != "location"] == [
        cue for cue in plain.cues if cue.attribute != "location"
    ]


def test_a_spacy_config_takes_over_too(tmp_path: Path) -> None:
    """As a config of spacy-llm does: whatever stands in it is built by the factories that are installed."""
    nlp = spacy.blank("xx")
    nlp.add_pipe("entity_ruler", config={"ent_id_sep": "||"})
    nlp.config.to_disk(tmp_path / "towns.cfg")
    part = {"pipeline": "towns.cfg", "component": "cues", "read": "ents", "labels": {"GPE": "location"}}
    assert [cue for cue in answers(study(tmp_path, take_over=[part])).cues if cue.attribute == "location"] == []


def test_a_new_pipeline_has_posts_read_again(ruler: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(ruler, tmp_path / "towns")
    part = {"pipeline": "towns", "component": "cues", "read": "ents", "labels": {"GPE": "location"}}
    of = study(tmp_path, take_over=[part])
    before = fingerprint(of), annotator(of).version
    (tmp_path / "towns" / "meta.json").write_text(
        (tmp_path / "towns" / "meta.json")
        .read_text(encoding="utf-8")
        .replace('"version":"0.0.0"', '"version":"0.0.1"'),
        encoding="utf-8",
    )
    after = fingerprint(of), annotator(of).version
    assert before[0] != after[0]
    assert before[1] != after[1]
    assert fingerprint(study(tmp_path)) not in (before[0], after[0])
    assert takeovers(study(tmp_path)) == []


def test_a_model_that_is_not_there_is_noted_before_anything_stops(tmp_path: Path) -> None:
    of = study(
        tmp_path, pains_model="models/pains", take_over=[{"pipeline": "package:vi_my_ner"}, {"pipeline": "heat"}]
    )
    said = [note for note in notes(of) if note.startswith("text:")]
    assert [("heat" in note, "models/pains" in note) for note in said] == [(True, False), (False, True)]


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"pipeline": "gone"}, "gone cannot be used"),
        ({"pipeline": "package:no_such_pipeline_here"}, "package:no_such_pipeline_here cannot be used"),
    ],
)
def test_what_is_not_there_is_told(tmp_path: Path, part: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as error:
        answers(study(tmp_path, take_over=[part]))
    assert said in str(error.value)
    assert "study.yaml" in str(error.value)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"pipeline": "x", "labels": {"A": "heat"}}, "“heat” is no code of the codebook"),
        ({"pipeline": "x", "component": "cues", "read": "ents", "labels": {"A": "gender=woman"}}, "“gender=woman”"),
        ({"pipeline": "x", "component": "cues"}, "cues cannot be read from categories"),
        ({"pipeline": "package:../x"}, "is no package's name"),
        ({"pipeline": "../outside"}, "outside"),
        ({"pipeline": "x", "lables": {}}, "labels"),
    ],
)
def test_a_wrong_line_of_the_study_is_told_by_its_place(tmp_path: Path, part: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as error:
        study(tmp_path, take_over=[part])
    assert "line 1, text.take_over[1]" in str(error.value)
    assert said in str(error.value)
