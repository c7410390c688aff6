"""The learned component: it settles the rules' answers, alone or in batches, and never without a model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from analysis.text import pipeline
from analysis.text.annotate import Annotator
from analysis.text.learned import features, fit, model, whole
from analysis.text.learned.coded import examples, sentences
from analysis.text.learned.component import Learned, default_model
from analysis.text.learned.deciding import DEFAULTS, WITHOUT_TEXT, Decider
from analysis.text.learned.vectors import Vectors
from analysis.text.learned.whole import TEXT_CUE, TEXT_PAIN, Whole
from analysis.text.tokens import source_of
from data import gold
from data.records import Cue, Pain

POSTS = [
    "Mình 28t ở Hải Phòng, mua nồi Bếp Mây trên shopee được hai tuần đã bong chống dính, nhắn shop không ai trả lời",
    "My blender died after two weeks and support never answered. I'm 34, a nurse in Leeds.",
    "Máy êm, chưa thấy lỗi gì, 10 điểm",
    "",
    "🙂🙂🙂",
]


@pytest.fixture(scope="module")
def small() -> model.Model:
    """A model of the food posts, fitted here."""
    nlp = pipeline.build("vi", sensitive=True, learned=False)
    return fit.fit(list(examples(nlp, gold.training("vi", domain="food"))), Vectors(), {})


def test_a_fitted_model_tells_its_own_posts_with_pains_from_those_without(small: model.Model) -> None:
    fitted = list(examples(pipeline.build("vi", sensitive=True, learned=False), gold.training("vi", domain="food")))
    scores = small.score([e.seen for e in fitted])[:, small.labels.index("pain")]
    holds = np.array(["pain" in labels for e in fitted for labels in e.labels])
    assert scores[holds].mean() > scores[~holds].mean() + 1


def test_a_saved_model_gives_the_same_answers(small: model.Model, tmp_path: Path) -> None:
    path = tmp_path / "clauses.npz"
    small.save(path)
    again = model.load(path)
    nlp = pipeline.build("vi", sensitive=True, learned=False)
    seen = [e.seen for e in examples(nlp, gold.training("vi", domain="food")[:20])]
    assert again.labels == small.labels
    assert np.abs(again.score(seen) - small.score(seen)).max() < 0.15
    assert again.version == model.load(path).version


def test_the_words_that_counted_are_told(small: model.Model) -> None:
    nlp = pipeline.build("vi")
    doc = nlp("phở nguội ngắt mà chờ cả tiếng")
    seen = features.of(source_of(doc), "vi")
    told = small.explain(list(seen.features[0].named()), "pain")
    assert told
    assert all(name.partition(":")[0] in features.FAMILIES for name, _ in told)
    assert [abs(weight) for _, weight in told] == sorted((abs(weight) for _, weight in told), reverse=True)


def test_batches_and_single_texts_are_answered_alike() -> None:
    items = [{"id": str(number), "text": text} for number, text in enumerate(POSTS)]
    together = list(Annotator().annotate(items))
    alone = [Annotator().annotate_one(item) for item in items]
    assert together == alone


def test_the_pipeline_pipes_documents_as_the_annotator_does() -> None:
    annotator = Annotator(sensitive=False)
    nlp = pipeline.build("vi")
    texts = [text for text in POSTS if text]
    for text, doc in zip(texts, nlp.pipe(texts), strict=True):
        told = annotator.annotate_one({"id": "1", "text": text, "lang": "vi"})
        assert (tuple(doc._.pains), tuple(doc._.cues)) == (told.pains, told.cues)


def test_without_a_model_the_rules_answers_stand(tmp_path: Path) -> None:
    nlp = pipeline.build("vi")
    part = Learned("vi", tmp_path / "none.npz")
    doc = nlp.make_doc(POSTS[0])
    for name, component in nlp.pipeline:
        if name != "chandung_learned":
            component(doc)
    before = doc._.pains, doc._.cues
    assert part(doc)._.pains == before[0]
    assert doc._.cues == before[1]
    assert part.version == "none"


@pytest.mark.parametrize("lang", pipeline.LANGUAGES)
def test_both_languages_come_with_a_model_that_knows_every_pain_label(lang: str) -> None:
    fitted = model.load(default_model(lang))
    decider = Decider(fitted)
    assert set(decider.settings) == set(DEFAULTS)
    assert {"pain", "kind=complaint", "category=price", "severity=3", "behaviour=researching"} <= set(fitted.labels)


def test_no_post_of_the_unseen_domain_is_learned_from() -> None:
    for lang in pipeline.LANGUAGES:
        posts = fit.posts_of(lang)
        assert gold.UNSEEN_DOMAIN not in {post.domain for post in posts}
        tested = {post.id for post in gold.gold(lang, part=gold.TEST)}
        assert not tested & {post.id for post in posts}


def test_what_a_text_tells_moves_the_scores_of_its_clauses_and_most_of_all_the_likeliest() -> None:
    columns = {"pain": 0, "effort": 1, TEXT_PAIN: 2, TEXT_CUE: 3}
    scores = np.array([[0, 0, 1, 1], [0.5, 0, 1, 1], [0, 0, -2, -2.5]], dtype=np.float32)
    cues = np.array([False, True, False, False])
    moved = Whole(columns, 0).moved(scores, [2, 0, 1], cues, whole.DEFAULTS)
    assert moved[:, 0].tolist() == pytest.approx([0.3, 0.5 + 0.3 + 0.8, -2 * 1.2])
    assert moved[:, 1].tolist() == pytest.approx([0, 0, -1.5])
    assert (moved[:, 2:] == scores[:, 2:]).all()
    assert not scores[0, 0]


def test_a_model_that_tells_nothing_of_the_whole_text_answers_as_it_did(small: model.Model) -> None:
    kept = [place for place, label in enumerate(small.labels) if label not in (TEXT_PAIN, TEXT_CUE)]
    assert len(kept) == len(small.labels) - 2
    labels = [small.labels[place] for place in kept]
    older = Decider(model.Model(labels, small.table, small.weights[:, kept], small.vectors, {}))
    assert {name: older.settings[name] for name in WITHOUT_TEXT} == WITHOUT_TEXT
    assert Decider(small).settings == DEFAULTS
    nlp = pipeline.build("vi", sensitive=True, learned=False)
    read = list(examples(nlp, gold.training("vi", domain="food")[:20]))
    scores = small.score([example.seen for example in read])
    told = list(older.decide_all([e.source for e in read], [e.seen for e in read], scores[:, kept]))
    assert len(told) == len(read)
    assert any(pains for pains, _ in told)


def test_every_clause_of_a_post_bears_what_the_post_tells() -> None:
    nlp = pipeline.build("vi", sensitive=True, learned=False)
    for example in examples(nlp, gold.training("vi", domain="food")[:40]):
        for labels in example.labels:
            assert (TEXT_PAIN in labels, TEXT_CUE in labels) == (bool(example.post.pains), bool(example.post.cues))


def test_a_word_that_heads_a_post_says_nothing_of_an_update() -> None:
    read = Annotator(brands={"GreenCrate": []})
    for text in ("GreenCrate box turned up two days late", "Update: GreenCrate box turned up two days late"):
        assert [pain.category for pain in read.annotate_one({"id": "1", "text": text, "lang": "en"}).pains] == [
            "delivery"
        ]


def test_each_sentence_is_a_post_with_its_own_codes() -> None:
    text = "Máy chạy êm. Nhưng mới 3 tháng đã hỏng nguồn, gọi bảo hành không ai nghe! Chán. Mình 30 tuổi ở Huế nhé."
    start = text.index("mới 3")
    pains = tuple(
        Pain("complaint", "durability", "", 2, at, at + len(quote), quote, 1, "x")
        for quote in ("mới 3 tháng đã hỏng nguồn",)
        for at in (start,)
    )
    age = text.index("30 tuổi")
    cue = Cue("age", "30", "self", age, age + 7, "30 tuổi", 1, "x")
    post = gold.CodedPost("p", "vi", text, (cue,), pains)
    parts = list(sentences(post))
    assert [(part.id, part.text[:8]) for part in parts] == [("p", "Nhưng mớ"), ("p", "Mình 30 ")]
    assert [pain.quote == part.text[pain.start : pain.end] for part in parts for pain in part.pains] == [True]
    assert [part.text[cue.start : cue.end] for part in parts for cue in part.cues] == ["30 tuổi"]


def test_a_sentence_that_cuts_a_code_is_left_out() -> None:
    text = "Gửi đi bảo hành rồi. Ba tuần chưa thấy tin tức gì."
    pain = Pain("complaint", "service", "", 2, 0, len(text), text, 1, "x")
    assert list(sentences(gold.CodedPost("p", "vi", text, (), (pain,)))) == []
