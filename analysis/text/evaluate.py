"""How well texts are read: precision, recall and F1 against coded posts, with 95 % bootstrap intervals over posts.

Posts are resampled whole and not their answers, since the answers of one post are right or wrong together (Efron 1979).
Where all or none is right, no resampling varies, and the bounds are Wilson's. A figure that rests on fewer than
:data:`LEAST` coded answers is no figure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from analysis.statistics import Floats, Interval, share
from analysis.text.annotate import Annotator
from analysis.text.matching import Compared, compare
from data.codebook import COUNTED
from data.gold import HARD, CodedPost
from data.records import Annotation

LEAST = 10
ROUNDS = 1000
#: In the order in which they are shown. ``cues``, ``pain_posts``, ``pains`` and ``pains_counted`` (those sure enough to be counted in
#: reports) are F1, the others shares; of ``silent``, the
#: posts with nothing coded in which something was read, less is better.
MEASURES = ("cues", "who", "pain_posts", "pains", "pains_counted", "category", "kind", "severity", "silent")
F1 = frozenset({"cues", "pain_posts", "pains", "pains_counted"})
BY = ("attribute", "category", "kind", "domain", "hard")
#: The mean of the domains' figures, each domain of the same weight; posts that are not hard.
MACRO, PLAIN = "macro", "plain"

#: Measure and group → right, coded, read.
Counts = dict[tuple[str, str], tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: ``right`` of ``coded`` and of ``read`` answers, over ``posts`` posts.

    For an F1 ``precision`` is right of read and ``recall`` right of coded. ``estimate`` is ``None`` where nothing was coded
    or read.
    """

    measure: str
    group: str
    posts: int
    coded: int
    read: int
    right: int
    estimate: Interval | None

    @property
    def precision(self) -> float | None:
        return self.right / self.read if self.read and self.measure in F1 else None

    @property
    def recall(self) -> float | None:
        return self.right / self.coded if self.coded and self.measure in F1 else None

    @property
    def enough(self) -> bool:
        """Whether it rests on enough that was coded to be told."""
        return self.estimate is not None and self.coded >= LEAST


def read_posts(posts: Iterable[CodedPost], annotator: Annotator | None = None) -> dict[str, Annotation]:
    """What Chandung reads in each post (its id → annotation), body attributes included."""
    annotator = annotator or Annotator(sensitive=True)
    items = ({"id": post.id, "text": post.text, "lang": post.language, "posted_at": post.posted_at} for post in posts)
    return {annotation.id: annotation for annotation in annotator.annotate(items)}


def compared(posts: Iterable[CodedPost], read: Mapping[str, Annotation]) -> list[Compared]:
    """Each post beside what was read in it; a post that is not in ``read`` counts as read without an answer."""
    return [compare(post, read.get(post.id)) for post in posts]


def evaluate(posts: Sequence[Compared], by: str | None = None, *, rounds: int = ROUNDS) -> list[Figure]:
    """The figures over ``posts``, which should be of one language: each measure, or one ``by`` (:data:`BY`).

    By attribute, category and kind there is one figure each; by domain and by what makes posts hard, all measures of each,
    and over domains their mean (:data:`MACRO`).
    """
    if by in ("attribute", "category", "kind"):
        found = _figures([_counts_by(post, by) for post in posts], rounds)
        return sorted(found, key=lambda figure: (-figure.coded, figure.group))
    if by == "domain":
        return _by_domain(posts, rounds)
    if by == "hard":
        return _by_hard(posts, rounds)
    return _figures([_counts(post) for post in posts], rounds)


def _counts(post: Compared, group: str = "") -> Counts:
    cues = [pair for pair in post.cues if pair[0] and pair[1]]
    pains = [(coded, read) for coded, read in post.pains if coded and read]
    n, m = len(cues), len(pains)
    hurts, told = bool(post.post.pains), any(read for _, read in post.pains)
    same = {
        name: sum(getattr(coded, name) == getattr(read, name) for coded, read in pains)
        for name in ("category", "kind", "severity")
    }
    return {
        ("cues", group): (n, len(post.post.cues), sum(read is not None for _, read in post.cues)),
        ("who", group): (sum(coded.who == read.who for coded, read in cues if coded and read), n, n),
        ("pain_posts", group): (hurts and told, hurts, told),
        ("pains", group): (m, len(post.post.pains), sum(read is not None for _, read in post.pains)),
        ("pains_counted", group): (
            sum(read.confidence >= COUNTED for _, read in pains),
            len(post.post.pains),
            sum(read is not None and read.confidence >= COUNTED for _, read in post.pains),
        ),
        **{(name, group): (right, m, m) for name, right in same.items()},
        ("silent", group): (post.silent and post.answered, post.silent, post.silent),
    }


def _counts_by(post: Compared, by: str) -> Counts:
    measure = "cues" if by == "attribute" else "pains"
    pairs = post.cues if by == "attribute" else post.pains
    coded = Counter(getattr(one, by) for one, _ in pairs if one)
    read = Counter(getattr(other, by) for _, other in pairs if other)
    right = Counter(
        getattr(one, by) for one, other in pairs if one and other and getattr(one, by) == getattr(other, by)
    )
    return {(measure, name): (right[name], coded[name], read[name]) for name in coded.keys() | read.keys()}


def _by_domain(posts: Sequence[Compared], rounds: int) -> list[Figure]:
    found: list[Figure] = []
    samples: dict[str, list[tuple[Figure, Floats]]] = {}
    for domain in sorted({post.post.domain for post in posts}):
        counts = [_counts(post, domain) for post in posts if post.post.domain == domain]
        for figure, sample in _sampled(counts, rounds):
            found.append(figure)
            samples.setdefault(figure.measure, []).append((figure, sample))
    return found + [_mean(measure, of_it) for measure, of_it in samples.items()]


def _mean(measure: str, domains: Sequence[tuple[Figure, Floats]]) -> Figure:
    posts, coded, read, right = (
        sum(getattr(figure, name) for figure, _ in domains) for name in ("posts", "coded", "read", "right")
    )
    told = [(figure.estimate.value, sample) for figure, sample in domains if figure.estimate]
    inside = None
    if told:
        samples = np.stack([sample for _, sample in told])
        samples = samples[:, ~np.isnan(samples).all(axis=0)]
        low, high = np.percentile(np.nanmean(samples, axis=0), [2.5, 97.5])
        inside = Interval(fmean(value for value, _ in told), float(low), float(high))
    return Figure(measure, MACRO, posts, coded, read, right, inside)


def _by_hard(posts: Sequence[Compared], rounds: int) -> list[Figure]:
    def of(group: str, wanted: Callable[[Compared], bool]) -> list[Figure]:
        return _figures([_counts(post, group) for post in posts if wanted(post)], rounds)

    found = of(PLAIN, lambda post: not post.post.hard)
    for kind in HARD:
        found += of(kind, lambda post, kind=kind: kind in post.post.hard)  # type: ignore[misc]
    return found


def _figures(posts: Sequence[Counts], rounds: int) -> list[Figure]:
    return [figure for figure, _ in _sampled(posts, rounds)]


def _sampled(posts: Sequence[Counts], rounds: int) -> list[tuple[Figure, Floats]]:
    """Each figure over ``posts``, and its values in ``rounds`` resamples of them (not a number where there was nothing)."""
    keys = list(dict.fromkeys(key for post in posts for key in post))
    if not keys:
        return []
    table = np.array([[post.get(key, (0, 0, 0)) for key in keys] for post in posts], dtype=float)
    n = len(posts)
    drawn = np.random.default_rng(0).multinomial(n, np.full(n, 1 / n), size=rounds).astype(float)
    samples = _f1((drawn @ table.reshape(n, -1)).reshape(rounds, len(keys), 3))
    sums, values = table.sum(axis=0), _f1(table.sum(axis=0))
    found = []
    for place, (measure, group) in enumerate(keys):
        right, coded, read = (int(count) for count in sums[place])
        inside = _interval(values[place], samples[:, place], right, max(coded, read))
        figure = Figure(measure, group, n, coded, read, right, inside)
        found.append((figure, samples[:, place]))
    return found


def _f1(counts: Floats) -> Floats:
    """Twice the right ones among all that was coded or read; for a share, where both are the same, the share."""
    both = counts[..., 1] + counts[..., 2]
    found: Floats = np.divide(2 * counts[..., 0], both, out=np.full(both.shape, np.nan), where=both > 0)
    return found


def _interval(value: float, samples: Floats, right: int, n: int) -> Interval | None:
    if not n:
        return None
    if right in (0, n):
        return share(right, n)
    low, high = np.nanpercentile(samples, [2.5, 97.5])
    return Interval(float(value), float(low), float(high))
