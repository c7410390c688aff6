"""Fitting a text classifier on a study's labels, and measuring it against what is there on labels held back.

The classifier (:mod:`analysis.text.pains_model`) sees our own answers beside the words, so it need only learn where they are
wrong (stacking: Wolpert 1992). It is kept only where it is better than what is there by more than chance: the 95 % interval of
the difference, over posts drawn anew with both readings of each (a paired bootstrap: Efron and Tibshirani 1993), lies above 0.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import srsly
from spacy.tokens import Doc, DocBin
from spacy.training.initialize import init_nlp
from spacy.training.loop import train as spacy_train
from spacy.util import load_config
from spacy.vocab import Vocab

from analysis.statistics import Interval
from analysis.text.annotate import Annotator
from analysis.text.evaluate import read_posts
from analysis.text.matching import compare
from analysis.text.pains_model import PAIN, category_of, seen_in
from analysis.text.takeover import load
from analysis.text.tokens import source_of
from data.folding import words
from data.gold import CodedPost

CONFIG = Path(__file__).parent / "pains.cfg"
#: Fewer posts coded whole, or fewer pains in either part of them, teach and tell nothing.
LEAST_POSTS, LEAST_PAINS, LEAST_HELD = 100, 30, 15
_HELD = 4
_DEV = 5
_ROUNDS = 2000
_THRESHOLDS = (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)
#: A clause as the model sees it, and the category of its pain, if it tells one.
Example = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training came to. Of the readings on the held-back posts ``before`` is what is there, ``after`` the new one;
    each is the F1 of pains found on their words and with their category."""

    posts: int
    learned_from: int
    held: int
    pains_held: int
    before: Interval
    after: Interval
    gain: Interval

    @property
    def better(self) -> bool:
        return self.gain.low > 0


def is_held(post_id: str) -> bool:
    """Whether a post is held back: a quarter of them, by a hash of the id, so that it never changes and nobody chooses."""
    return _hash(f"held {post_id}") % _HELD == 0


def _hash(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16)


def parted(posts: Iterable[CodedPost]) -> tuple[list[CodedPost], list[CodedPost]]:
    """The posts to learn from, and those that are held back."""
    parts: tuple[list[CodedPost], list[CodedPost]] = ([], [])
    for post in posts:
        parts[is_held(post.id)].append(post)
    return parts


def unlike(posts: Iterable[CodedPost], held: Iterable[CodedPost]) -> list[CodedPost]:
    """The posts whose words are not those of a post held back: who has seen the answers passes every test."""
    seen = {tuple(words(post.text)) for post in held}
    return [post for post in posts if tuple(words(post.text)) not in seen]


def pains_in(posts: Iterable[CodedPost]) -> int:
    return sum(len(post.pains) for post in posts)


# Examples


def examples(posts: Iterable[CodedPost], reader: Annotator) -> Iterator[Example]:
    """Each clause of ``posts`` as the model sees it, and the category of the pain that people found in it, if they did."""
    for post in posts:
        nlp = reader.pipeline(post.language)
        source = source_of(nlp(post.text))
        seen = list(seen_in(source))
        coded: dict[int, str] = {}
        for pain in post.pains:
            shared = [min(pain.end, one.end) - max(pain.start, one.start) for one in seen]
            if shared and max(shared) > 0:
                coded.setdefault(shared.index(max(shared)), pain.category)
        yield from ((one.words, coded.get(place)) for place, one in enumerate(seen))


def _written(pairs: Sequence[Example], categories: Sequence[str], path: Path) -> Path:
    """The examples in spaCy's own format. Of a clause without a pain nothing is said of categories."""
    vocab, kept = Vocab(), DocBin()
    for seen, category in pairs:
        doc = Doc(vocab, words=seen.split())
        told = {name: float(name == category) for name in categories} if category is not None else {}
        doc.cats = {PAIN: float(category is not None), **told}
        kept.add(doc)
    kept.to_disk(path)
    return path


def fit(posts: Sequence[CodedPost], reader: Annotator, folder: Path) -> Path:
    """A model fitted on ``posts``; a fifth of them say when to stop, and from how sure on a clause tells a pain.

    ``folder`` is for what is needed on the way.
    """
    learn = list(examples((post for post in posts if _hash(f"dev {post.id}") % _DEV), reader))
    categories = sorted({category for _, category in learn if category is not None})
    watch = examples((post for post in posts if not _hash(f"dev {post.id}") % _DEV), reader)
    known = [pair for pair in watch if pair[1] is None or pair[1] in categories]
    overrides = {
        "paths.train": str(_written(learn, categories, folder / "train.spacy")),
        "paths.dev": str(_written(known, categories, folder / "dev.spacy")),
    }
    nlp = init_nlp(load_config(CONFIG, overrides=overrides, interpolate=False))
    quiet = io.StringIO()
    (folder / "out").mkdir()
    spacy_train(nlp, folder / "out", stdout=quiet, stderr=quiet)
    model = folder / "out" / "model-best"
    _note(model, {"least": _least(model, known)})
    return model


def _least(model: Path, pairs: Sequence[Example]) -> float:
    """From how sure on most pains are found with their category, and fewest others."""
    nlp = load(str(model))
    docs = nlp.pipe(Doc(nlp.vocab, words=seen.split()) for seen, _ in pairs)
    scored = [
        (doc.cats[PAIN], category_of(doc.cats) == coded, coded is not None)
        for doc, (_, coded) in zip(docs, pairs, strict=True)
    ]
    coded = sum(is_pain for *_, is_pain in scored)

    def f1(least: float) -> float:
        said = [right for sure, right, _ in scored if sure >= least]
        return 2 * sum(said) / (len(said) + coded) if said or coded else 0.0

    return max(_THRESHOLDS, key=f1)


def _note(model: Path, facts: Mapping[str, object]) -> None:
    """Write into the model's ``meta.json`` what is ours."""
    meta = dict(srsly.read_json(model / "meta.json"))
    srsly.write_json(model / "meta.json", {**meta, "chandung": {**meta.get("chandung", {}), **facts}})


# Measuring


def measured(held: Sequence[CodedPost], before: Annotator, after: Annotator, posts: int, learned_from: int) -> Trained:
    """Both readings of the posts held back, side by side."""
    one, other = _counts(held, before), _counts(held, after)
    drawn = np.random.default_rng(0).multinomial(len(held), np.full(len(held), 1 / len(held)), size=_ROUNDS)
    first, second = _f1(drawn @ one), _f1(drawn @ other)
    values = [float(_f1(table.sum(axis=0, keepdims=True))[0]) for table in (one, other)]
    return Trained(
        posts=posts,
        learned_from=learned_from,
        held=len(held),
        pains_held=pains_in(held),
        before=_interval(values[0], first),
        after=_interval(values[1], second),
        gain=_interval(values[1] - values[0], second - first),
    )


def _counts(posts: Sequence[CodedPost], reader: Annotator) -> np.ndarray[Any, Any]:
    """Of each post how many pains were found with their category, coded and read."""
    read = read_posts(posts, reader)
    rows = []
    for post in posts:
        pairs = compare(post, read.get(post.id)).pains
        right = sum(
            coded is not None and found is not None and coded.category == found.category for coded, found in pairs
        )
        rows.append((right, len(post.pains), sum(found is not None for _, found in pairs)))
    return np.array(rows, dtype=float)


def _f1(sums: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    both = sums[:, 1] + sums[:, 2]
    found: np.ndarray[Any, Any] = np.divide(2 * sums[:, 0], both, out=np.zeros(len(sums)), where=both > 0)
    return found


def _interval(value: float, samples: np.ndarray[Any, Any]) -> Interval:
    low, high = np.percentile(samples, [2.5, 97.5])
    return Interval(value, float(low), float(high))


# Keeping


def keep(model: Path, there: Path, trained: Trained) -> None:
    """Put a model in its place in the study's folder, with its figures in ``meta.json``; an earlier one goes."""
    _note(model, {**asdict(trained), "trained_at": datetime.now(UTC).isoformat(timespec="seconds")})
    there.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{there.name}-", dir=there.parent))
    shutil.copytree(model, beside / "new")
    if there.exists():
        there.rename(beside / "old")
    (beside / "new").rename(there)
    shutil.rmtree(beside, ignore_errors=True)
