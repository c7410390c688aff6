"""Things that a Vietnamese sentence begins with: "cái tủ của bố", "cây khế này", "khu tập thể": whatever age is told is theirs."""

from __future__ import annotations

from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Reading

_COUNTED = words("cái chiếc cuốn quyển cây căn khu toà tòa ngôi bức tấm bộ chai bình hũ con cầu tượng quán tiệm trường")
#: "Con", "cái" and "cây" also begin a person: "con gái", "cái Hoa nhà em".
_PERSON = words("gái trai bé em mình tôi tui bạn chị anh cháu nhỏ út lớn đầu cả hoa thằng dâu rể trưởng mẹ")
_THIS = words("này kia đó ấy nọ ni đây")


#: A sentence's beginning is looked for over so many clauses.
_CLAUSES = 5


def of_thing(reading: Reading, token: int) -> bool:
    """Whether the age at ``token`` is a thing's: it begins the sentence, and nobody is spoken of between it and the age."""
    number = reading.clause_index(token)
    sentence = reading.clauses[number].sentence
    first = number
    while first and number - first < _CLAUSES and reading.clauses[first - 1].sentence == sentence:
        first -= 1
    start = reading.clauses[first].start
    norms = reading.norms
    if (
        start >= token
        or norms[start] not in _COUNTED
        or norms[start + 1] in _PERSON
        or norms[start + 1 : start + 2] == [","]
    ):
        return False
    if norms[start] == "con" and _THIS.isdisjoint(norms[start + 1 : start + 5]):
        return False
    if norms[start] in ("quán", "tiệm", "trường", "bộ") and _THIS.isdisjoint(norms[start + 1 : start + 5]):
        return False
    between = [
        m
        for m in reading.mentions_in(reading.clauses[number].start, token)
        if m.code not in ("thing", "pronoun", "other")
    ]
    return not any(m.start > start + 1 and norms[m.start - 1] not in _OF for m in between)


_OF = words("của cho ba bố má mẹ ông bà nội ngoại từ")
