"""What in a clause speaks of trouble: the evidence from which :mod:`analysis.text.pains` makes pains.

Each kind of evidence is one small rule that starts at a phrase hit: a trouble word, a good word denied, a measure that
is too much, the adversative "bị", an ability denied ("không vào được"). Praise in dark words takes evidence away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.text.clauses import Clause
from analysis.text.normalise import fold
from analysis.text.pains_extent import dearer, too_long
from analysis.text.pains_found import Evidence, Found
from analysis.text.phrases import Hit

#: How far, in tokens, a degree word may stand from the word it strengthens.
_NEAR = 2
#: In a clause as short as this a doubtful word is the whole statement: "Tệ thật".
_ALONE = 2
_DENIALS = frozenset(("không", "chưa", "chẳng", "chả"))
#: Someone's taste or doing is no trouble: "I don't like yoga", "he doesn't work".
_PERSONS = frozenset(("i", "we", "he", "she", "who"))
_OR = frozenset(("hay", "hoặc", "or"))
#: Who cannot pay for these has a trouble in life.
_ROOF = frozenset(("nhà", "trọ", "viện", "house", "home", "rent", "mortgage", "apartment", "bills"))
#: Before these a bare "bi" is no "bị": it ends a name, or is "bí".
_NEVER_SUFFERED = frozenset(
    (
        *(
            "qua",
            "qa",
            "tu",
            "thi",
            "la",
            "nen",
            "size",
            "dao",
            "cua",
            "roi",
            "nay",
            "va",
            "cung",
            "luon",
            "thoi",
            "ma",
        ),
        *("moi", "dang", "da", "van", "tren", "voi", "so", "ra", "vi", "de", "lai"),
    )
)
#: Of such categories a bare word of one syllable is more often another word: "kem" is "kém", "kèm" and "kem".
_OFTEN_MEANT = frozenset(("", "quality", "durability", "performance", "price"))
#: "không chịu nổi" only says how strong a feeling is, unless something is named that cannot stand it.
_BEAR = "chịu"
#: What a person cannot do of these tells of no product unless one is named: "mưa quá không đi chợ được".
_LIVING = frozenset(("đi", "ngủ", "ăn", "nghỉ", "học", "di", "ngu", "an", "nghi", "hoc"))
#: What cannot be done with one's hands or eyes is hard to use, not out of order.
_HANDLING = frozenset(("cầm", "nhấc", "bê", "xách", "mở", "xé", "đọc", "hiểu", "tháo", "vặn"))
#: A good word must follow its negator this closely to be denied: "không được tốt", "not a very good".
_DENIED_WITHIN = {"vi": 1, "en": 2}


#: The code of praise that is over where it is denied: "chưa hết đau đầu".
_ENDED = "ended"


def collect(clause: Clause, found: Found, norms: Sequence[str], words: Sequence[str], lang: str) -> list[Evidence]:
    """The evidence of a clause in order, without what praise covers. ``words`` are the tokens as they were typed."""
    evidence: list[Evidence] = []
    if found.terms:
        evidence += _terms(clause, found, norms, words)
    if found.good and clause.negation.spans:
        evidence += _denied_good(clause, found, norms, lang)
    if found.codes:
        evidence += _framed(clause, found, norms, words, lang)
    if not evidence:
        return evidence
    praised = [(h.start, h.end) for h in found.praise if h.entry.code != _ENDED or not clause.negation.covers(h.start)]
    # What the author can pay ("không đủ tiền mua loại xịn") is a cue and no pain.
    means = [(hit.start, hit.end) for hit in found.means if _ROOF.isdisjoint(norms[hit.end : hit.end + 3])]
    if means:
        evidence = [item for item in evidence if not any(s < item.end and item.start < e for s, e in means)]
    kept = [item for item in evidence if not _praised(item, praised)] if praised else evidence
    kept.sort(key=lambda item: (item.start, -item.weight))
    return _apart(kept)


def _framed(clause: Clause, found: Found, norms: Sequence[str], words: Sequence[str], lang: str) -> Iterator[Evidence]:
    """The evidence that begins at a frame: a rule is asked only where a frame of its own stands."""
    codes = found.codes
    if found.dims:
        yield from _too_much(clause, found)
    if "loss" in codes:
        yield from _losses(clause, found)
    if "takes" in codes or "rise" in codes:
        yield from _figures(clause, found, norms)
    if lang != "vi":
        if "fail" in codes:
            yield from _fails_en(clause, found, norms)
        return
    if "able" in codes:
        yield from _fails_vi(clause, found, norms)
    if "adversative" in codes:
        yield from _suffered(clause, found, norms, words)
    if "mildly" in codes:
        yield from _mildly(clause, found, norms, words)


def _praised(item: Evidence, praised: Sequence[tuple[int, int]]) -> bool:
    """Whether praise covers the evidence, or holds the very word that the evidence denies or measures."""
    word = item.entry if item.rule in ("denied_good", "too_much", "suffered", "mildly") else None
    for start, end in praised:
        if start < item.end and item.start < end and end - start >= item.end - item.start:
            return True
        if word is not None and start <= word.start and word.end <= end and end - start > word.end - word.start:
            return True
    return False


def _apart(evidence: list[Evidence]) -> list[Evidence]:
    """Of evidence that overlaps, the stronger stays."""
    kept: list[Evidence] = []
    for item in evidence:
        if kept and item.start < kept[-1].end:
            if item.weight > kept[-1].weight:
                kept[-1] = item
        else:
            kept.append(item)
    return kept


def _terms(clause: Clause, found: Found, norms: Sequence[str], words: Sequence[str]) -> Iterator[Evidence]:
    for hit in found.terms:
        if clause.negation.covers(hit.start) or _weighed(hit, clause, found, norms):
            continue
        entry = hit.entry
        weight = entry.weight
        if weight < 1:
            if hit.end - hit.start == 1 and entry.code in _OFTEN_MEANT and _bare(hit.start, norms, words):
                if not _certain(hit, found):
                    continue
            elif not _supported(hit, found):
                alone = clause.end - clause.start <= _ALONE
                if not alone or (clause.link == "cause" and entry.code in _OFTEN_MEANT):
                    continue
        yield Evidence(hit.start, hit.end, entry.code, entry.group or "complaint", weight, "term", entry=hit)


def _bare(at: int, norms: Sequence[str], words: Sequence[str]) -> bool:
    """Whether a word was typed without its marks, so that it may be another: "kem" is "kém", "kèm" and "kem"."""
    return words[at].isascii() and not norms[at].isascii()


def _certain(hit: Hit, found: Found) -> bool:
    """Whether right beside a bare word stands what only trouble goes with: what is blamed before it, "bị", "quá"."""
    if any(thing.end == hit.start for thing in (*found.aspects, *found.brands)):
        return True
    return any(
        frame.end == hit.start or (frame.start == hit.end and frame.entry.code == "excess")
        for frame in found.frame("excess", "adversative", "mildly", "too")
    )


def _weighed(hit: Hit, clause: Clause, found: Found, norms: Sequence[str]) -> bool:
    """Whether the word is only one side of a question ("đẹp hay xấu") or is taken up to be denied ("nóng thì không")."""
    after = norms[hit.end : min(hit.end + 2, clause.end)]
    if len(after) == 2 and after[0] == "thì" and after[1] in _DENIALS:
        return True
    before = hit.start - 1
    return before > clause.start and norms[before] in _OR and any(w.end == before for w in (*found.good, *found.dims))


def _supported(hit: Hit, found: Found) -> bool:
    """Whether a word that need not mean trouble has something at its side: what is blamed, a degree word, "bị"."""
    if any(aspect.start != hit.start for aspect in found.aspects) or found.brands:
        return True
    near = ("excess", "adversative", "stay", "mildly", "too", "use_time")
    return any(
        -_NEAR <= frame.end - hit.start <= 0 or 0 <= frame.start - hit.end < _NEAR for frame in found.frame(*near)
    )


def _denied_good(clause: Clause, found: Found, norms: Sequence[str], lang: str) -> Iterator[Evidence]:
    for hit in found.good:
        at = clause.negation.denial(hit.start, _DENIED_WITHIN[lang])
        if at is not None and (found.aspects or at == clause.start or norms[at - 1] not in _PERSONS):
            yield Evidence(at, hit.end, hit.entry.code, "complaint", 0.8, "denied_good", entry=hit)


def _too_much(clause: Clause, found: Found) -> Iterator[Evidence]:
    too = found.frame("too")
    much = found.frame("excess")
    for hit in found.dims:
        if clause.negation.covers(hit.start):
            continue
        for frame in too + much:
            led = hit.start == frame.end and frame.entry.group != "behind"
            if led or frame.start == hit.end:
                weak = frame.entry.weight < 1
                if hit.entry.weight < 1 and weak:
                    continue
                start, end = min(hit.start, frame.start), max(hit.end, frame.end)
                yield Evidence(start, end, hit.entry.code, "complaint", 0.7, "too_much", entry=hit)
                break


def _losses(clause: Clause, found: Found) -> Iterator[Evidence]:
    for hit in found.frame("loss"):
        if not clause.negation.covers(hit.start):
            yield Evidence(hit.start, hit.end, "", "complaint", 0.7, "loss", entry=hit)


def _figures(clause: Clause, found: Found, norms: Sequence[str]) -> Iterator[Evidence]:
    """What took too long, what became dearer: told by figures alone."""
    for start, end, category in too_long(clause, found.frame("takes"), norms):
        yield Evidence(start, end, category, "complaint", 0.8, "too_long")
    for start, end in dearer(clause, found.frame("rise"), norms):
        yield Evidence(start, end, "price", "complaint", 0.8, "dearer")


#: Behind "bị" these tell nothing of what is suffered: "mỗi nhà mình bị không", "bị lần thứ hai".
_UNTOLD = frozenset(("không", "chưa", "lần"))


def _suffered(clause: Clause, found: Found, norms: Sequence[str], words: Sequence[str]) -> Iterator[Evidence]:
    """ "bị" says that what follows is suffered."""
    for hit in found.frame("adversative"):
        if hit.end < clause.end and norms[hit.end] not in _UNTOLD and not clause.negation.covers(hit.start):
            if _bare(hit.start, norms, words) and fold(norms[hit.end]) in _NEVER_SUFFERED:
                continue
            good = any(word.start == hit.end for word in found.good)
            if not good:
                yield Evidence(hit.start, min(hit.end + 3, clause.end), "", "suffered", 0.6, "suffered", entry=hit)


def _mildly(clause: Clause, found: Found, norms: Sequence[str], words: Sequence[str]) -> Iterator[Evidence]:
    """ "hơi" before whatever word finds fault: "icon hơi lớn". A bare "hoi" may as well be "hỏi" or "hồi"."""
    if not (found.aspects or found.brands):
        return
    for hit in found.frame("mildly"):
        if (
            not _bare(hit.start, norms, words)
            and hit.end < clause.end
            and not any(word.start == hit.end for word in (*found.good, *found.dims))
        ):
            yield Evidence(hit.start, hit.end + 1, "", "complaint", 0.55, "mildly", entry=hit)


def _fails_vi(clause: Clause, found: Found, norms: Sequence[str]) -> Iterator[Evidence]:
    """ "không vào được", "gọi không được": an ability denied."""
    if not clause.negation.spans:
        return
    told = {hit.start for hit in found.terms}
    for able in found.frame("able"):
        if able.start in told:
            continue
        for span in clause.negation.spans:
            if not span.hard or norms[span.start] == "chưa":
                continue
            gap = able.start - span.first
            last = able.end >= clause.end or norms[able.end] in (
                "gì",
                "nữa",
                "luôn",
                "cả",
                "hết",
                "lun",
                "đâu",
                "ạ",
                "rồi",
            )
            if (1 <= gap <= 4 and able.end <= span.end) or (
                gap == 0 and span.start > clause.start and (last or norms[able.start] == "nổi")
            ):
                doing = {*norms[span.first : able.start], norms[max(span.start - 1, 0)]}
                named = any(thing.end == span.start for thing in (*found.aspects, *found.brands))
                if not doing.isdisjoint(_LIVING) and not (found.aspects or found.brands):
                    break
                if _BEAR not in doing or named:
                    category = "performance" if doing.isdisjoint(_HANDLING) else "usability"
                    yield Evidence(span.start, able.end, category, "complaint", 0.6, "fails", entry=able)
                break


def _fails_en(clause: Clause, found: Found, norms: Sequence[str]) -> Iterator[Evidence]:
    """ "it won't …", "the app can't …": an ability denied, where something is there to be blamed."""
    for hit in found.frame("fail"):
        named = any(aspect.end <= hit.start for aspect in found.aspects) or (
            hit.start > clause.start and norms[hit.start - 1] in ("it", "they", "which", "that")
        )
        told = any(term.start == hit.end for term in found.terms)
        if named and not told and hit.end < clause.end and hit.entry.weight == 1:
            yield Evidence(hit.start, min(hit.end + 2, clause.end), "performance", "complaint", 0.6, "fails", entry=hit)
