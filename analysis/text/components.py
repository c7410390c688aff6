"""The ground of the pipeline as spaCy components: ``chandung_normalise`` and ``chandung_phrases``.

They work behind any tokenizer; each says what it needs and what it leaves. ``doc._.norms`` are the normal forms as a
plain list, ``doc._.phrases`` the lexicon's phrases by position, both counted in the words of our own tokenizer.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from spacy.attrs import NORM
from spacy.language import Language
from spacy.tokens import Doc

from analysis.text import lexicon as lexicons
from analysis.text import saved
from analysis.text.language import syllable
from analysis.text.normalise import Normaliser, nfc
from analysis.text.phrases import PhraseFinder, Restorer, Trie, trie
from analysis.text.tokens import Source, Tokenizer, source_of
from data.errors import InputError

#: The attributes of ``doc._``; they are kept in the document's :class:`~analysis.text.tokens.Source`.
EXTENSIONS = ("norms", "phrases", "clauses", "pains", "cues", "posted_at")
_QUOTED_LINES = re.compile(r"^>(?:[ >][^\n]*)?$(?:\n>(?:[ >][^\n]*)?$)*", re.M)
#: “> 3 tháng” alone on its line is an amount.
_QUOTES_WORDS = re.compile(r"^[> ]+[^\s\d>]", re.M)


def _extension(name: str) -> None:
    def read(doc: Doc) -> Any:
        return getattr(source_of(doc), name)

    def write(doc: Doc, value: Any) -> None:
        setattr(source_of(doc), name, value)

    if not Doc.has_extension(name):
        Doc.set_extension(name, getter=read, setter=write)


for _name in EXTENSIONS:
    _extension(_name)
saved.register()

#: How many words the table of marks remembers.
_MOST_SEEN = 100_000
_MARK = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
#: Capital letters are names of models and vitamins; these few are teencode in capitals too.
_CAPITAL_TEENCODE = frozenset("EKJ")


class _Marks(dict[str, int]):
    """Word → how many of its letters have a mark. Remembers what it has seen."""

    def __missing__(self, word: str) -> int:
        if len(self) > _MOST_SEEN:
            self.clear()
        self[word] = count = len(_MARK.findall(nfc(word)))
        return count


_MARKS = _Marks()


_LEFT_BY = {"norms": "chandung_normalise", "phrases": "chandung_phrases", "clauses": "chandung_clauses"}


def _is_unset(value: object) -> bool:
    """Whether no component has set ``value``: what has run and found nothing leaves a list."""
    return value is None or value == ()


class Component:
    """A pipeline component that reads a document and leaves something in it: in its :class:`~analysis.text.tokens.Source`,
    which ``doc._`` shows. Without a ``Doc``, :meth:`annotate` does the same.
    """

    #: What the answers depend on besides the code and the lexicons, whose changes :mod:`analysis.text.versions` sees.
    version = ""
    #: What must stand in a document before.
    needs: tuple[str, ...] = ("norms", "phrases", "clauses")

    def annotate(self, source: Source) -> None:
        """Do the component's work."""
        raise NotImplementedError

    def annotate_all(self, sources: Sequence[Source]) -> None:
        """The same for many documents: faster where a component works on all of them at once."""
        for source in sources:
            self.annotate(source)

    def __call__(self, doc: Doc) -> Doc:
        """The same to a ``Doc``. Raises ``InputError`` where a component that this one needs has not run."""
        source = source_of(doc)
        if source.words and (missing := [_LEFT_BY[name] for name in self.needs if _is_unset(getattr(source, name))]):
            raise InputError("component_missing", component=type(self).__name__.lower(), missing=", ".join(missing))
        self.annotate(source)
        return doc

    def to_bytes(self, **_: Any) -> bytes:
        return b""

    def from_bytes(self, _data: bytes, **_: Any) -> Component:
        return self

    def to_disk(self, _path: str | Path, **_: Any) -> None:
        return None

    def from_disk(self, _path: str | Path, **_: Any) -> Component:
        return self


@lru_cache(maxsize=8)
def make_normaliser(lang: str, lexicon: lexicons.Lexicon) -> Normaliser:
    """The word normaliser of one language; single letters are left to :class:`Normalise`, which sees their neighbours."""
    spellings = {form: code for form, code in lexicon.codes("teencode").items() if len(form) > 1}
    known = frozenset(word for entry in lexicon.entries for form in entry.forms for word in form.split())
    return Normaliser(spellings, known if lang == "en" else frozenset(w for w in known if w.isascii()))


class Normalise(Component):
    """Sets ``doc._.norms``: each word's normal form, then what only the neighbours tell: single letters, missing diacritics.

    Behind our own tokenizer ``token.norm_`` is the same. Lines after ``> `` are quoted; of them nothing is left to code.
    """

    needs = ()

    def __init__(self, nlp: Language, lexicon: lexicons.Lexicon) -> None:
        self.normalise = make_normaliser(nlp.lang or "", lexicon)
        self._letter_norms = {form: code for form, code in lexicon.codes("teencode").items() if len(form) == 1}
        self._letters = frozenset(self._letter_norms)
        # Trained components read ``token.norm``; behind another tokenizer it stays what they were trained on.
        self._sets_norms = isinstance(nlp.tokenizer, Tokenizer)
        if self._sets_norms:
            vocab: Any = nlp.vocab
            vocab.lex_attr_getters[NORM] = self.normalise
            for lexeme in nlp.vocab:
                lexeme.norm_ = self.normalise(lexeme.orth_)
        self._restore = Restorer(lexicon, self.normalise) if nlp.lang == "vi" else None

    def __call__(self, doc: Doc) -> Doc:
        source = source_of(doc)
        self.annotate(source)
        if self._sets_norms:
            for i, norm in source.restored.items():
                doc[i].norm_ = norm
        return doc

    def annotate(self, source: Source) -> None:
        norms = self.normalise.all(source.words)
        if not self._letters.isdisjoint(norms):
            source.restored |= self._read_letters(source.words, norms)
        if self._restore is not None:
            marks = list(map(_MARKS.__getitem__, source.words))
            if sum(marks) * 8 <= len(norms):
                self._give_marks(source, norms, 0, len(norms))
            elif len(marks) > _STRETCH and _NO_MARKS in bytes(map(bool, marks)):
                for first, end in _stretches(marks, norms):
                    self._give_marks(source, norms, first, end)
        if source.text.startswith(">") or "\n>" in source.text:
            _silence_quotes(source, norms)
        if "<" in source.text or "&" in source.text:
            _silence_markup(source, norms)
        source.norms = norms

    def _give_marks(self, source: Source, norms: list[str], first: int, end: int) -> None:
        assert self._restore is not None
        for i, norm in self._restore(norms[first:end]):
            norms[first + i] = source.restored[first + i] = norm

    def _read_letters(self, words: Sequence[str], norms: list[str]) -> dict[int, str]:
        """Give the single letters of ``norms`` their meaning; what was given."""
        given = {}
        letters = self._letter_norms
        for i, norm in enumerate(norms):
            if norm in letters and not (i and norms[i - 1][-1:].isdigit()):
                word = words[i]
                if word.isupper() and word not in _CAPITAL_TEENCODE:
                    continue
                norms[i] = given[i] = letters[norm]
        return given


#: So many words in a row without a mark: hardly anybody who writes with marks needs none for so long.
_STRETCH = 6
_NO_MARKS = bytes(_STRETCH)


def _stretches(marks: Sequence[int], norms: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where somebody goes on without marks in a text that has them: "Công nhận, khay han gi roi, moi 3 thang"."""
    at = 0
    for bare, run in groupby(marks, key=lambda mark: not mark):
        end = at + len(list(run))
        if bare and sum(map(syllable, norms[at:end])) >= _STRETCH:
            yield at, end
        at = end


def _silence_quotes(source: Source, norms: list[str]) -> None:
    """Make breaks of the lines after ``> ``: somebody else's words, as mail, Markdown and ``chandung extract`` mark them."""
    for block in _QUOTED_LINES.finditer(source.text):
        if _QUOTES_WORDS.search(block[0]):
            first, end = bisect_left(source.starts, block.start()), bisect_left(source.starts, block.end())
            norms[first:end] = ["\n"] * (end - first)


#: What is left of a page in a text; the tags that end a paragraph or line are told apart.
_MARKUP = re.compile(
    r"<(?:(/?(?:p|br|div|li|ul|ol|tr|h[1-6]|blockquote))|/?(?:b|i|u|em|strong|span|a|font))(?:\s[^<>]{0,200})?/?>"
    r"|&(?:nbsp|amp|quot|lt|gt|#\d{1,6});",
    re.IGNORECASE,
)


def _silence_markup(source: Source, norms: list[str]) -> None:
    """Make breaks of the left-over tags that end a line, and blanks of other tags and of entities."""
    for piece in _MARKUP.finditer(source.text):
        first, end = bisect_left(source.starts, piece.start()), bisect_left(source.starts, piece.end())
        norms[first:end] = ["\n" if piece[1] else " "] * (end - first)


class Phrases(Component):
    """Sets ``doc._.phrases``: every lexicon phrase, sorted by start, the longer first."""

    needs = ("norms",)

    def __init__(self, nlp: Language, lexicon: lexicons.Lexicon, brands: Mapping[str, Sequence[str]]) -> None:
        named = [_brand(name, spellings) for name, spellings in brands.items()]
        lang = nlp.lang or ""
        self._find = PhraseFinder(_own_phrases(lang, lexicon), trie(named, make_normaliser(lang, lexicon)))

    def annotate(self, source: Source) -> None:
        source.phrases = self._find(source.norms)


@lru_cache(maxsize=8)
def _own_phrases(lang: str, lexicon: lexicons.Lexicon) -> Trie:
    """The phrases of a lexicon, which the pipelines of all studies share."""
    return trie(lexicon.entries, make_normaliser(lang, lexicon))


def _brand(name: str, spellings: Sequence[str]) -> lexicons.Entry:
    forms = tuple(dict.fromkeys(spelling.lower() for spelling in (name, *spellings) if spelling.strip()))
    return lexicons.Entry(area="brands", term=name, code=name, weight=1, forms=forms, source="study")


def load_lexicon(nlp: Language, lexicon_files: Iterable[str]) -> lexicons.Lexicon:
    """The lexicon for a pipeline's language and the extra files of its configuration."""
    return lexicons.load(nlp.lang or "", tuple(Path(file) for file in lexicon_files))


@Language.factory("chandung_normalise", default_config={"lexicon_files": []}, assigns=["token.norm", "doc._.norms"])
def make_normalise(nlp: Language, name: str, lexicon_files: list[str]) -> Normalise:
    return Normalise(nlp, load_lexicon(nlp, lexicon_files))


@Language.factory(
    "chandung_phrases",
    default_config={"lexicon_files": [], "brands": {}},
    requires=["doc._.norms"],
    assigns=["doc._.phrases"],
)
def make_phrases(nlp: Language, name: str, lexicon_files: list[str], brands: dict[str, list[str]]) -> Phrases:
    return Phrases(nlp, load_lexicon(nlp, lexicon_files), brands)
