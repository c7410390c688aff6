"""Trouble that a Vietnamese text names and does not have: "có nóng gì đâu", a list of all that does not happen, a guess about
whoever was quoted ("chắc bác lấy phải lô lỗi"), a hope only to be heard ("mong hãng đọc được")."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from analysis.text.clauses import Clause
from analysis.text.pains_found import Evidence, Found

#: What one clause holds: the clause, its phrases, its evidence.
Seen = tuple[Clause, Found, list[Evidence]]

_NOTHING = frozenset({"gì", "nào", "chi", "j"})
_NEGATORS = frozenset({"không", "chưa", "chẳng", "chả", "ko", "k", "hổng", "khỏi"})
_YOU = frozenset({"bạn", "bác", "mẹ", "chị", "anh", "ông", "bà", "mom", "em", "cụ"})
_MINE = frozenset({"mình", "tôi", "tui", "tớ"})
_TASTY = frozenset({"ngon", "nghiện", "cuốn", "ghiền", "mê"})
_STOPPING = frozenset({"dừng", "ngừng", "cưỡng", "cầm", "ngưng"})
_HOPING = frozenset({"mong", "hy", "hi"})
_HEARD = frozenset({"đọc", "nghe", "biết", "thấy", "hiểu"})
_RESIGNED = frozenset({"đành", "chịu", "thôi", "nên", "vậy", "thì", "phải", "mình", "cũng", "đó", "luôn"})
_AND_THEN = frozenset({"để", "mà", "và", "rồi", "nên", "cho"})
#: So many words between a hope and being heard ("mong bên hãng sẽ sớm đọc được"), and as many behind ("được góp ý này").
_HOPED = 5
#: So many words behind trouble "gì đâu" still denies it.
_BEHIND = 5
#: A list of so many absences praises.
_LIST = 2


def asks_nothing(clause: Clause, norms: Sequence[str]) -> bool:
    """Whether what sounds like a wish or a refusal only closes the post.

    "Mong hãng đọc được góp ý này" hopes to be heard ("mong hãng biết để khắc phục" asks for something); "thôi đành chịu" says
    that one puts up with something, never with what.
    """
    said = [word for word in norms[clause.start : clause.end] if word.isalpha()]
    if "đành" in said:
        return _RESIGNED.issuperset(said)
    heard = next((place for place, word in enumerate(said) if word in _HEARD), None)
    if heard is None or heard > _HOPED or len(said) - heard - 1 > _HOPED:
        return False
    return _HOPING.issuperset(said[:1]) and _AND_THEN.isdisjoint(said[heard:])


def without_unmeant(
    seen: list[Seen], clauses: Sequence[Clause], norms: Sequence[str], words: Sequence[str]
) -> list[Seen]:
    """``seen`` without evidence of trouble that nobody has. ``words`` are the tokens as they were typed."""
    lists = _lists(seen, clauses, norms)
    reply = words[0] == ">"
    tasty = {c.sentence for c in clauses if not _TASTY.isdisjoint(norms[c.start : c.end])}
    kept = []
    for clause, found, evidence in seen:
        if evidence:
            if reply and _about_you(clause, norms):
                evidence = []
            evidence = [item for item in evidence if not _denied_behind(item, clause, norms)]
            if clause.sentence in tasty:
                evidence = [item for item in evidence if not _cannot_stop(item, norms)]
            if clause.sentence in lists:
                evidence = [item for item in evidence if not _absent(item, norms)]
        kept.append((clause, found, evidence))
    return kept


def _denied_behind(item: Evidence, clause: Clause, norms: Sequence[str]) -> bool:
    """ "có nóng gì đâu", "có bị lỗi nào đâu"; "có đỡ gì đâu" denies a good and stays."""
    if item.rule not in ("term", "suffered") or "có" not in norms[clause.start : item.end]:
        return False
    last = min(clause.end, item.end + _BEHIND)
    return any(norms[i] == "đâu" and norms[i - 1] in _NOTHING for i in range(item.end, last))


def _cannot_stop(item: Evidence, norms: Sequence[str]) -> bool:
    """ "ngon mà không dừng được": what one cannot stop eating or watching is praised."""
    return item.rule == "fails" and not _STOPPING.isdisjoint(norms[item.start : item.end])


def _lists(seen: Sequence[Seen], clauses: Sequence[Clause], norms: Sequence[str]) -> set[int]:
    """Sentences that go through the trouble there is none of: "không bong, không mốc, không dính"; not "không bền, không êm"."""
    absent = {c.sentence for c, found, _ in seen if any(c.negation.covers(hit.start) for hit in found.terms)}
    counted: defaultdict[int, int] = defaultdict(int)
    for clause in clauses:
        if clause.sentence in absent and not clause.question:
            counted[clause.sentence] += not _NEGATORS.isdisjoint(
                norms[clause.start : min(clause.end, clause.start + 6)]
            )
    return {sentence for sentence, count in counted.items() if count >= _LIST}


def _absent(item: Evidence, norms: Sequence[str]) -> bool:
    """Whether the evidence is one more absence of the list."""
    return item.rule in ("denied_good", "fails") or norms[item.start] in _NEGATORS


def _about_you(clause: Clause, norms: Sequence[str]) -> bool:
    """A guess or a word of advice to whoever was quoted, nothing of the author's."""
    said = norms[clause.start : clause.end]
    return not _MINE.intersection(said) and (said[0] in _YOU or "chắc" in said[:3])
