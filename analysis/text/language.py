"""Which language a text is written in: ``vi``, ``en``, another ISO 639-1 code, or ``und`` where no words tell.

Almost every post is settled by Vietnamese letters and by the small words of both languages (Vietnamese ones also
without diacritics and in teencode); only the rest is asked of py3langid.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from analysis.text.lexicon import FOLDER, read
from analysis.text.normalise import fold, nfc

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_NOT_PROSE = re.compile(r"https?://\S+|\S{1,64}@\S{1,64}|[#@]\w+")
#: Letters that no other widely used language writes.
_VI_LETTER = re.compile(
    "[ăđơưằắẳẵặầấẩẫậềếểễệồốổỗộờớởỡợừứửữựảẻỉỏủỷẹịọụỵạẽĩũỹĂĐƠƯẰẮẲẴẶẦẤẨẪẬỀẾỂỄỆỒỐỔỖỘỜỚỞỠỢỪỨỬỮỰẢẺỈỎỦỶẸỊỌỤỴẠẼĨŨỸ]"
)
_SCRIPTS = (
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("ko", re.compile("[\uac00-\ud7af\u1100-\u11ff]")),
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("lo", re.compile("[\u0e80-\u0eff]")),
    ("km", re.compile("[\u1780-\u17ff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
)
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")


@cache
def _function_words() -> tuple[frozenset[str], frozenset[str]]:
    """The small words that Vietnamese alone and English alone writes (``function_words.tsv`` of each)."""
    vi, en = (
        frozenset(form for entry in read(FOLDER / lang / "lexicon" / "function_words.tsv") for form in entry.forms)
        for lang in ("vi", "en")
    )
    return vi - en, en - vi


#: A Vietnamese syllable as it is typed without marks, teencode's single consonants among them.
_SYLLABLE = re.compile(
    "(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdfghjklmnpqrstvwxz])?"
    "(?:uye|uya|uou|uoi|uay|ieu|yeu|oai|oay|oeo|uyu|ia|ie|iu|io|ua|ue|ui|uo|uu|uy|oa|oe|oi|oo|ai|ao|au|ay|eo|eu|ye|[aeiouy])"
    "(?:ch|ng|nh|[cmnpt])?|[bcdgjklmnpqrstvx]{1,2}|[dvckntm][cks]"
)


def syllable(word: str) -> bool:
    """Whether ``word``, in lower case, could be a Vietnamese syllable, with its marks or without."""
    return _SYLLABLE.fullmatch(fold(word)) is not None


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


#: Small words of Spanish, Portuguese, Italian and French that English does not write, and English ones that they share.
_ROMANCE = _words(
    "el la los las un una uno de del que muy pero por para con se lo le y es está esta este mi su al más sin cuando hora"
    " o os um uma uns não mas com da dos das em na nos ao é foi muito e seu sua meu minha mais ele ela à"
    " il gli di che per non era della dell sono ma anche ho mia le les des du et est pas avec dans je"
)
_SHARED = _words("a as do me no on so he in an us am are were come")
_FITTING = 0.8
#: Areas of the lexicon whose words tell English from other languages, in texts of so few words.
_TELLING = ("pains_terms", "pains_good", "pains_aspects", "pains_praise", "severity", "function_words")
_FEW = 5
_SAMPLE = 4000
#: So many Vietnamese letters, in a third of the first words, settle it at once.
_HEAD, _SURE = 240, 3


def name_pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """Finds the names of brands as they are written; ``None`` where there are none."""
    known = sorted({nfc(name).strip() for name in names if name.strip()}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, known))})(?!\w)", re.IGNORECASE) if known else None


def detect_beside(text: str, names: re.Pattern[str] | None) -> str:
    """The language of ``text`` by all words but brands' names: “Le thé de Gấu Trà est trop cher” is no Vietnamese."""
    if names is None:
        return detect(text)
    rest = names.sub(" ", nfc(text[:_SAMPLE]))
    return detect(rest) if any(map(str.isalpha, rest)) else detect(text)


def detect(text: str) -> str:
    """The language of ``text`` from its first few thousand characters."""
    sample = nfc(text[:_SAMPLE])
    head = sample[:_HEAD]
    marked = len(_VI_LETTER.findall(head))
    if marked > _SURE and marked * 3 > head.count(" "):
        return "vi"
    if any(sign in sample for sign in ("://", "@", "#")):
        sample = _NOT_PROSE.sub(" ", sample)
    words = [word.lower() for word in _WORD.findall(sample)]
    if not words:
        return "und"
    marked = len(_VI_LETTER.findall(sample))
    if not marked and not sample.isascii():
        script = _script(sample)
        if script:
            return script
    vi_words, en_words = _function_words()
    vi = marked + sum(word in vi_words for word in words)
    en = sum(word in en_words for word in words)
    if vi > 2 * en and vi >= max(1, len(words) // 8):
        return "vi" if marked or 3 * vi >= len(words) or not _foreign(words) else _ask(sample, words)
    if en > 2 * vi and en >= max(1, len(words) // 6):
        own = sum(word in en_words and word not in _SHARED for word in words)
        if sum(word in _ROMANCE for word in words) <= own or own > len(words) // 6:
            return "en"
        return _ask(sample, words)
    if marked and marked * 6 >= len(words):
        return "vi"
    if sample.isascii() and _plain_english(words):
        return "en"
    return _ask(sample, words)


def _foreign(words: list[str]) -> bool:
    """Whether most words are neither Vietnamese syllables nor words of the English lexicon."""
    strange = sum(not syllable(word) and word not in _english_words() for word in words)
    return len(words) >= _FEW and 2 * strange >= len(words)


def _plain_english(words: list[str]) -> bool:
    """Whether a few words without small ones among them are English as the lexicon has it: "Terrible service", "Nice phone"."""
    if len(words) > _FEW or not _ROMANCE.isdisjoint(words):
        return False
    known = _english_words()
    told = [word for word in words if word in known]
    return 3 * len(told) >= 2 * len(words) and any(not known[word] for word in told)


@cache
def _english_words() -> dict[str, bool]:
    """Single words by which English posts praise, blame and name things, and whether Vietnamese ones have them too."""
    vi, en = (
        frozenset(
            form
            for area in _TELLING
            if (file := FOLDER / lang / "lexicon" / f"{area}.tsv").is_file()
            for entry in read(file)
            for form in entry.forms
            if form.isascii() and form.isalpha()
        )
        for lang in ("vi", "en")
    )
    return {word: word in vi for word in en}


def _script(sample: str) -> str | None:
    latin = len(_LATIN.findall(sample))
    for code, letters in _SCRIPTS:
        if len(letters.findall(sample)) > latin:
            return code
    return None


def _ask(sample: str, words: list[str]) -> str:
    """py3langid's answer for what the small words do not settle; ``und`` for a word or two."""
    letters = sum(map(len, words))
    if (len(words) < 3 and letters < 12) or letters < 6:
        return "und"
    import py3langid

    found = str(py3langid.classify(sample)[0])
    if found not in ("vi", "en") and len(words) > (2 if sample.isascii() else _FEW):
        # Vietnamese without its marks, or with hardly any, is taken for creoles and the like; no other language is all single syllables.
        fitting = sum(map(syllable, words))
        if fitting >= _FITTING * len(words):
            return "vi"
    return found
