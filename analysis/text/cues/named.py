"""People told of by their names: "Sơn Tùng năm nay 30 tuổi", "Taylor Swift is 36". What is told of them is nobody's here.

A name is a run of capitalised words that no lexicon knows, beside words that only a person goes with.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Mention, Reading
from analysis.text.language import syllable
from analysis.text.lexicon import Entry
from analysis.text.phrases import Hit

_NAME = Entry(area="kinship", term="name", code="other", weight=1, forms=())
#: Words of these areas in capitals are no name of a person.
_NO_NAMES = ("kinship", "cues_people", "places", "occupations", "brands", "function_words")
_MOST_WORDS = 4
#: Beside these somebody told of may stand with a full name.
_AGED = frozenset({"tuổi", "sinh"})
#: Between a name and the age.
_FILLING = words("năm nay giờ đã mới sắp gần tận cũng hơn tầm khoảng hiện bước sang")
#: Before a name these say that it is the author's.
_CALLED = words("là tên mình em tôi tớ tui")
#: What people of another age are called by, before their names.
_TITLES = words("cô chú anh chị bác ông bà cậu dì thầy")
#: Parts of names that the lexicon knows as other words.
_NAMED_SO = frozenset({"anh", "bé", "bảo", "hà", "hải", "an", "mỹ"})
#: Behind the age of somebody told of; whoever tells of himself goes on with a comma or with what he needs.
_GOES_ON = words("mà vẫn còn đã cũng trông nhìn rồi")
_IS = words("is was turned turns")
_DOES = words("lives lived earns makes works has")
_ADULT = range(18, 120)


def is_name(mention: Mention) -> bool:
    """Whether somebody is mentioned by a name."""
    return mention.hit.entry is _NAME


def find(reading: Reading) -> list[Mention]:
    """The people named in the text."""
    if reading.lang == "en":
        return [] if (_IS | _DOES).isdisjoint(reading.said) else list(_english(reading))
    return [] if _AGED.isdisjoint(reading.said) else list(_vietnamese(reading))


def _known(reading: Reading) -> set[int]:
    """The tokens that the lexicon knows as something else."""
    return {i for area in _NO_NAMES for hit in reading.by_area.get(area, ()) for i in range(hit.start, hit.end)}


def _vietnamese(reading: Reading) -> Iterator[Mention]:
    norms = reading.norms
    known = _known(reading)
    for i, word in enumerate(norms):
        if word not in _AGED or not (word == "sinh" or norms[i - 1][:1].isdecimal()):
            continue
        end = i - (word == "tuổi")
        while (
            end > 0 and i - end < _MOST_WORDS + 1 and norms[end - 1] in _FILLING and reading.doc[end - 1].text.islower()
        ):
            end -= 1
        start = _begins(reading, end)
        name = norms[start:end]
        while name and start in known and norms[start] not in _NAMED_SO:
            start += 1
            name = name[1:]
        free = all(k not in known or norms[k] in _NAMED_SO for k in range(start, end))
        if not name or not free or reading.word(start - 1) in _CALLED:
            continue
        full = 2 <= len(name) <= _MOST_WORDS and any(not w.isascii() for w in name)
        foreign = all(not syllable(w) for w in name) and norms[i + 1 : i + 2] != [] and norms[i + 1] in _GOES_ON
        if full or foreign:
            start -= reading.word(start - 1) in _TITLES
            yield Mention(start, end, "other", Hit(start, end, _NAME))


def _english(reading: Reading) -> Iterator[Mention]:
    norms = reading.norms
    known = _known(reading)
    for i, word in enumerate(norms):
        if not i or not (word in _IS or word in _DOES) or not reading.doc[i].text.islower():
            continue
        start = _begins(reading, i)
        if start == i or not _unknown(start, i, known) or norms[start] in reading.grammar.stops:
            continue
        after = reading.word(i + 1)
        adult = after.isdecimal() and len(after) < 4 and int(after) in _ADULT
        if (i - start in range(2, _MOST_WORDS) and (adult or word in _DOES)) or (
            i - start == 1 and ((word in _IS and adult) or (word == "lives" and after == "in"))
        ):
            yield Mention(start, i, "other", Hit(start, i, _NAME))


def _unknown(start: int, end: int, known: Container[int]) -> bool:
    return not any(i in known for i in range(start, end))


def _begins(reading: Reading, end: int) -> int:
    """Where the capitalised words before ``end`` begin."""
    start = end
    while start > 0 and reading.doc[start - 1].text.istitle() and reading.norms[start - 1].isalpha():
        start -= 1
    return start
