"""The text pipeline over the store: every post that is new, changed, labelled, or was read by an older version, once."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.brand_roles import Place, told
from data.folding import fold
from data.labels import Label, overlaid
from data.records import Annotation, Pain
from data.store import PostReading, PostToRead, Store
from data.store.versions import OTHER, UNREAD, Versions, as_json
from data.study import Study
from data.study_text import package_of

if TYPE_CHECKING:
    from analysis.text.annotate import Annotator

WHAT = "read"
#: Before the languages, where a run notes its versions.
_OF = "text:"
#: Rises whenever the same post may be found to be about another brand, or to say something else of it.
RESOLVER = "6"
_SHORTEST_FOLDED = 5
_GAP = r"[\s\-_.]{0,2}"
_PARTED = re.compile(r"[\s\-_.]+")
#: (posts read so far, posts to read)
Progress = Callable[[int, int], None]
_WAITING = f"select count(*) as posts from posts p left join annotations a on a.post = p.id where {UNREAD}"  # noqa: S608


class Brands:
    """Finds the study's brands in a text by their names and aliases, whole words, letter case aside.

    A name of five letters or more is also known without its tone marks (``an nhien``), unless another brand is called so.
    """

    def __init__(self, study: Study) -> None:
        self._study = study
        self._owner: dict[str, str] = {}
        forms: set[str] = set()
        for spelling in (_whole, fold):
            for brand in study.brands:
                for name in map(spelling, brand.names):
                    key = _key(name)
                    if not key or (spelling is fold and len(key) < _SHORTEST_FOLDED):
                        continue
                    if self._owner.setdefault(key, brand.name) == brand.name:
                        forms.add(_GAP.join(map(re.escape, _PARTED.split(name.strip(" -_.")))))
        self._pattern = _any_of(forms)
        unmeant = (spelling(phrase) for brand in study.brands for phrase in brand.not_in for spelling in (_whole, fold))
        self._unmeant = _any_of({_GAP.join(map(re.escape, _PARTED.split(phrase.strip(" -_.")))) for phrase in unmeant})

    def named(self, text: str) -> list[str]:
        """The brands that ``text`` names, first named first."""
        return list(dict.fromkeys(name for _, _, name in self.places(text)))

    def places(self, text: str) -> list[Place]:
        """Where ``text`` names a brand: start, end, brand, in order."""
        named = self._every(text)
        unmeant = [match.span() for match in self._unmeant.finditer(text)] if named else []
        return [one for one in named if not any(start <= one[0] and one[1] <= stop for start, stop in unmeant)]

    def _every(self, text: str) -> list[Place]:
        found = (
            (match.start(), match.end(), self._owner.get(_key(match.group()))) for match in self._pattern.finditer(text)
        )
        return [(start, stop, name) for start, stop, name in found if name]

    def about(self, post: PostToRead) -> tuple[tuple[str, str], ...]:
        """The brands a post is about, each with how it is known: its own words, else its source, else its thread's title.

        A title that names several brands says of none that the post is about it.
        """
        named = [(name, "text") for name in self.named(post.text)]
        if named:
            ours = post.source_brand
            in_source = [(ours, "source")] if ours and ours not in dict(named) else []
            return (*named, *in_source)
        if post.source_brand:
            return ((post.source_brand, "source"),)
        in_title = self.named(post.thread_title or "")
        return ((in_title[0], "thread"),) if len(in_title) == 1 else ()

    def blamed(
        self, pains: Iterable[Pain], mentions: Sequence[tuple[str, str]], text: str = ""
    ) -> tuple[str | None, ...]:
        """For each pain the brand it blames: its target where that is one, else the only brand the post is about.

        The source's brand gives way to brands that the post names. A problem of life blames no brand by itself, and no pain one whose
        name stands in ``text`` only where it is not meant.
        """
        named = [name for name, how in mentions if how == "text"] or [name for name, _ in mentions]
        only = named[0] if len(named) == 1 else None
        unmeant = (
            {name for _, _, name in self._every(text)} - set(self.named(text)) if self._unmeant.search(text) else set()
        )
        targets = ((pain, self._target(pain.target)) for pain in pains)
        return tuple(
            (None if target in unmeant else target) or (None if pain.kind == "problem" else only)
            for pain, target in targets
        )

    def _target(self, target: str) -> str | None:
        if not target:
            return None
        named = self.named(target)
        return self._study.brand_of(target) or (named[0] if named else None)


def _any_of(forms: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(forms, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest_first) or '(?!)'})(?!\w)", re.IGNORECASE)


def _whole(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _key(name: str) -> str:
    return _PARTED.sub("", name).casefold()


def annotator(study: Study, instead: Sequence[Mapping[str, Any]] | None = None) -> Annotator:
    """The text pipelines as the study asks for them; ``instead`` answers in place of what the study lets take over."""
    from analysis.text.annotate import Annotator

    return Annotator(
        brands={brand.name: brand.aliases for brand in study.brands},
        sensitive=study.privacy.sensitive,
        lexicons=study.lexicon_files,
        default_language=study.language,
        takeovers=takeovers(study) if instead is None else instead,
    )


def takeovers(study: Study, *, without_model: bool = False) -> list[dict[str, Any]]:
    """What the study lets answer in place of our components, as ``analysis.text.takeover.add`` wants it."""
    found: list[dict[str, Any]] = []
    for one in study.text.take_over:
        place = one.pipeline if package_of(one.pipeline) else str(study.folder / one.pipeline.replace("\\", "/"))
        settings = {**one.model_dump(), "pipeline": place, "sensitive": study.privacy.sensitive}
        found.append({"factory": "chandung_takeover", **settings})
    if study.text.pains_model is not None and not without_model:
        path = study.folder / study.text.pains_model.replace("\\", "/")
        found.append({"factory": "chandung_pains_model", "path": str(path)})
    return found


def fingerprint(study: Study) -> str:
    """A digest of the files and settings that the pipelines are built from, without building them.

    Raises ``LexiconError`` where the study's own lexicon files cannot be used.
    """
    from analysis import text
    from analysis.text.lexicon import FOLDER
    from analysis.text.lexicon_own import digest as own_lexicons

    digest = hashlib.sha256(
        study.model_dump_json(include={"own", "competitors", "privacy", "language", "text"}).encode()
    )
    digest.update(RESOLVER.encode())
    digest.update(own_lexicons(study.lexicon_files).encode())
    for part in takeovers(study):
        from analysis.text.takeover import digest as of_pipeline

        digest.update(of_pipeline(part.get("pipeline") or part["path"]).encode())
    code = Path(next(iter(text.__path__)))
    for path in sorted([*code.rglob("*.py"), *FOLDER.glob("*/lexicon/*.tsv"), *FOLDER.glob("*/model/*.npz")]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def last_versions(store: Store, study: Study) -> Versions | None:
    """The versions that read the posts last, if the pipelines would be built from the same files and settings today."""
    rows = store.query(
        "select versions from runs where what = :what and state = 'done' order by run_id desc limit 1", {"what": WHAT}
    )
    versions: dict[str, str] = next((json.loads(row["versions"]) for row in rows), {})
    same = versions.get("fingerprint") == fingerprint(study)
    return {lang.removeprefix(_OF): told for lang, told in versions.items() if lang.startswith(_OF)} if same else None


def versions_for(reader: Annotator, study: Study) -> dict[str, str]:
    """What the readings in each language depend on: the pipelines, the study's own lexicons, and the names of the brands."""
    from analysis.text.lexicon_own import digest

    names = ";".join("=".join([*brand.names, *(f"!{one}" for one in brand.not_in)]) for brand in study.brands)
    found = {}
    for lang, version in reader.versions.items():
        own = f" lexicons:{digest(study.lexicon_files, lang)}" if study.lexicons and lang != OTHER else ""
        found[lang] = f"{version} resolver:{RESOLVER} brands:{names} sensitive:{study.privacy.sensitive}{own}"
    return found


def waiting(store: Store, versions: Versions) -> int:
    """How many posts these versions have not read."""
    return int(next(store.query(_WAITING, {"versions": as_json(versions)}))["posts"])


def read(
    store: Store,
    study: Study,
    build: Callable[[Study], Annotator] = annotator,
    *,
    progress: Progress = lambda _done, _all: None,
    batch_size: int = 1000,
) -> int:
    """Read every waiting post and return their number. Each batch is one transaction; a killed run goes on where it was.

    The pipelines are built only where there is something to read.
    """
    store.screen_posts()
    known = last_versions(store, study)
    if known is not None and not waiting(store, known):
        return 0
    reader = build(study)
    versions = versions_for(reader, study)
    total = waiting(store, versions)
    if not total:
        return 0
    brands, done = Brands(study), 0
    run = store.begin_run(
        WHAT, {**{f"{_OF}{lang}": told for lang, told in versions.items()}, "fingerprint": fingerprint(study)}
    )
    try:
        for batch in store.posts_to_read(versions, batch_size=batch_size):
            labels = store.labels_of(post.key for post in batch)
            store.save_annotations(run, versions, _readings(batch, brands, reader, labels))
            done += len(batch)
            progress(done, total)
    except BaseException as error:
        store.end_run(run, "interrupted" if isinstance(error, KeyboardInterrupt) else "failed", {"posts": done})
        raise
    store.end_run(run, "done", {"posts": done})
    return done


def _readings(
    batch: Sequence[PostToRead], brands: Brands, reader: Annotator, labels: Mapping[int, Sequence[Label]]
) -> Iterable[PostReading]:
    items = ({"id": post.key, "text": post.text, "posted_at": post.posted_at} for post in batch)
    for post, annotation in zip(batch, reader.annotate(items), strict=True):
        yield _reading(post, overlaid(annotation, labels.get(post.key, ()), post.text), brands)


def _reading(post: PostToRead, annotation: Annotation, brands: Brands) -> PostReading:
    mentions = brands.about(post)
    relations = tuple(told(post.text, brands.places(post.text))) if mentions and mentions[0][1] == "text" else ()
    return PostReading(post, annotation, mentions, brands.blamed(annotation.pains, mentions, post.text), relations)
