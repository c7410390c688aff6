"""The learned model measured by folds: ``python -m tests.learned_folds [vi|en]``.

Each fifth of the development posts is read by a model fitted on the other posts; the figures of several settings are printed.
The test half of the gold posts and the unseen domain are not touched.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator, Sequence

from analysis.text import pipeline
from analysis.text.evaluate import compared, evaluate
from analysis.text.learned import fit, whole
from analysis.text.learned.coded import Example, examples
from analysis.text.learned.deciding import CUE_FROM, CUE_KEPT, DEFAULTS, PAIN_FROM, PAIN_KEPT, WITHOUT_TEXT, Decider
from analysis.text.learned.model import Model
from analysis.text.learned.vectors import Floats
from data import gold
from data.records import Annotation

_FOLDS = 5
Read = tuple[Example, Floats, Model]


def folds(lang: str, most: int = _FOLDS) -> Iterator[Read]:
    """Every development post with the scores of a model that has not learned from it."""
    nlp = pipeline.build(lang, sensitive=True, learned=False)
    posts = fit.posts_of(lang)
    everything = list(examples(nlp, posts))
    taught = list(examples(nlp, fit.with_sentences(posts)))
    development = {post.id for post in gold.gold(lang, part=gold.DEVELOPMENT)}
    vectors = fit.vectors_of(lang)
    for fold in range(most):
        held = [e for e in everything if e.post.id in development and zlib.crc32(e.post.id.encode()) % _FOLDS == fold]
        left_out = {example.post.id for example in held}
        model = fit.fit([e for e in taught if e.post.id not in left_out], vectors, {})
        scores = model.score([e.seen for e in held])
        at = 0
        for example in held:
            yield example, scores[at : at + len(example.seen.clauses)], model
            at += len(example.seen.clauses)


def figures(lang: str, read: Sequence[Read], settings: dict[str, float] | None, by: str | None = None) -> str:
    """One line of figures for ``settings``; the rules' own where ``None``."""
    answers: dict[str, Annotation] = {}
    for example, scores, model in read:
        pains, cues = tuple(example.source.pains), tuple(example.source.cues)
        if settings is not None:
            decider = Decider(model)
            decider.set(**settings)
            pains, cues = decider.decide(example.source, example.seen, scores)
        answers[example.post.id] = Annotation(id=example.post.id, lang=lang, cues=cues, pains=pains)
    found = evaluate(compared([example.post for example, _, _ in read], answers), by, rounds=1)
    return ("\n" if by else " ").join(
        f"{f.measure}{' ' + f.group if by else ''} {f.estimate.value:.3f}"
        + (f" (P {f.precision:.2f} R {f.recall:.2f})" if f.precision is not None and f.recall is not None else "")
        for f in found
        if f.estimate is not None
    )


def main(lang: str, most: int, by: str | None) -> None:
    """Print the rules' figures, then those of settings around the default ones."""
    read = list(folds(lang, most))
    print("rules  ", figures(lang, read, None))
    print("default", figures(lang, read, {}))
    print("clauses alone", figures(lang, read, dict.fromkeys(whole.DEFAULTS, 0.0) | WITHOUT_TEXT))
    for shift in (-0.6, -0.3, 0.3, 0.6):
        moved = {name: DEFAULTS[name] + shift for name in (PAIN_FROM, PAIN_KEPT)}
        print(f"pains {shift:+}", figures(lang, read, moved))
    for shift in (-1.5, 1.5):
        print(f"pains kept {shift:+}", figures(lang, read, {PAIN_KEPT: DEFAULTS[PAIN_KEPT] + shift}))
    for shift in (-0.8, -0.4, 0.4, 0.8):
        print(f"cues {shift:+}", figures(lang, read, {CUE_FROM: DEFAULTS[CUE_FROM] + shift}))
    for shift in (-1.0, 1.0):
        print(f"cues kept {shift:+}", figures(lang, read, {CUE_KEPT: DEFAULTS[CUE_KEPT] + shift}))
    if by:
        print(figures(lang, read, {}, by))


if __name__ == "__main__":
    told = sys.argv[1:]
    main(told[0] if told else "vi", int(told[1]) if len(told) > 1 else _FOLDS, told[2] if len(told) > 2 else None)
