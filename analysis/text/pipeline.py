"""The whole pipeline as one spaCy ``Language`` per language, its components by name."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from spacy.attrs import LOWER, NORM
from spacy.language import Language

from analysis.text import parallel, versions
from analysis.text.phrases import uncollected

LANGUAGES = ("vi", "en")
COMPONENTS = (
    "chandung_normalise",
    "chandung_phrases",
    "chandung_clauses",
    "chandung_pains",
    "chandung_cues",
    "chandung_learned",
)
#: In characters. spaCy's own limit is meant for parsers; ours read a long text in linear time.
_LONGEST_TEXT = 100_000_000
#: Modules whose import registers the factories.
_MODULES = ("tokens", "components", "clauses", "pains", "cues", "learned.component")


def build(
    lang: str = "vi",
    *,
    brands: Mapping[str, Sequence[str]] | None = None,
    sensitive: bool = False,
    lexicon_files: Sequence[Path] = (),
    takeovers: Sequence[Mapping[str, Any]] = (),
    learned: bool = True,
) -> Language:
    """The pipeline of one language (``vi`` or ``en``).

    ``brands`` maps a brand to its other spellings; ``sensitive`` lets the body attributes through; ``lexicon_files``
    are laid over our own lexicons; ``takeovers`` are what answers in place of our components (:mod:`analysis.text.takeover`).
    Without ``learned`` the rules' answers stand as they are.
    """
    with uncollected():
        return _build(lang, brands or {}, sensitive, lexicon_files, takeovers, learned)


def _build(
    lang: str,
    brands: Mapping[str, Sequence[str]],
    sensitive: bool,
    lexicon_files: Sequence[Path],
    takeovers: Sequence[Mapping[str, Any]],
    learned: bool,
) -> Language:
    for module in _MODULES:
        if importlib.util.find_spec(f"analysis.text.{module}"):
            importlib.import_module(f"analysis.text.{module}")
    tokenizer = {"@tokenizers": "chandung.Tokenizer.v1"}
    nlp = parallel.blank(lang, {"nlp": {"tokenizer": tokenizer}})
    vocab: Any = nlp.vocab
    # A new word costs spaCy a dozen features (shape, like_url …) that none of our components reads.
    vocab.lex_attr_getters = {LOWER: str.lower, NORM: str.lower}
    nlp.max_length = _LONGEST_TEXT
    files = [str(path) for path in lexicon_files]
    named = {name: list(spellings) for name, spellings in brands.items()}
    settings: dict[str, dict[str, Any]] = {
        "chandung_normalise": {"lexicon_files": files},
        "chandung_pains": {"lexicon_files": files},
        "chandung_phrases": {"lexicon_files": files, "brands": named},
        "chandung_cues": {"sensitive": sensitive},
        "chandung_learned": {"sensitive": sensitive},
    }
    for name in COMPONENTS:
        if not Language.has_factory(name) or (name == "chandung_learned" and not learned):
            continue
        nlp.add_pipe(name, config=settings.get(name, {}))
    if takeovers:
        importlib.import_module("analysis.text.takeover").add(nlp, takeovers)
    return nlp


def version(nlp: Language) -> str:
    """What an answer in this language depends on, as one string: a digest of each component's code and files, of how the language
    of a text is found, and of the lexicons.
    """
    lang = nlp.lang or ""
    parts = [f"{name.removeprefix('chandung_')}={_version_of(part, lang)}" for name, part in nlp.pipeline]
    return f"{lang}:{','.join(parts)},lexicon={versions.lexicon(lang)},language={versions.detection()}"


def _version_of(part: object, lang: str) -> str:
    """A component's version and the digest of its code; one of them for a component that has the other not."""
    told = str(getattr(part, "version", "")), versions.code(type(part).__module__, lang)
    return "-".join(filter(None, told)) or "?"
