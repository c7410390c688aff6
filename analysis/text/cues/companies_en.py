"""Who writes for a company, a school, a shop: "we're a 40-seat bistro", "our charity needs", "clerk for a haulier … send a quote".

The nouns lie in cues_orgs.tsv; its code ``shop`` marks what people own themselves, whose running is an occupation too.
"""

from __future__ import annotations

from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Reading
from analysis.text.phrases import Hit, longest

_RUN = words("run own manage opened started founded running owned")
_WE = frozenset({"i", "we", "i've", "we've", "and", "also", "myself", "currently"})
_ARE = frozenset({"we're", "we", "ours"})
_OUR = frozenset({"our", "my"})
_NEEDS = words(
    "needs need wants want is has uses spends after runs buys requires asked gets got bought pays switched uses goes went 's"
)
_ROLE_AT = frozenset({"at", "of", "for", "in"})
_ADJECTIVES = 5
_DETERMINERS = words("a an the two three four five of my our with this one")
#: Of "our school", "my hospital" a parent or a patient speaks too.
_VISITED = words(
    "school hospital church gym clinic surgery practice library college university nursery kindergarten council"
)


def read(reading: Reading) -> None:
    """Note that a text is written for an organisation, and the author's own shop as his work."""
    hits = reading.by_area.get("cues_orgs")
    if not hits:
        return
    found = list(longest(hits))
    asks = any(hit.code == "asking" for hit in found)
    for hit in found:
        if hit.code != "asking" and not reading.unreal(hit.start) and _speaks(reading, hit, asks):
            return
    for hit in found:
        if hit.code == "asking" and not reading.unreal(hit.start) and not _told(reading):
            reading.add("customer_type", "organisation", hit.start, hit.end, "self", 0.6)
            return


def _speaks(reading: Reading, hit: Hit, asks: bool) -> bool:
    """Try the ways in which somebody speaks for the organisation named; true where one fits."""
    norms = reading.norms
    clause = reading.clause(hit.start)
    first = hit.start
    stops = reading.grammar.stops
    while first > clause.start and hit.start - first < _ADJECTIVES:
        word = norms[first - 1]
        if word in stops or word in _DETERMINERS or word in _RUN:
            break
        first -= 1
    if first == clause.start and first and not reading.clause(first - 1).end > first:
        return False
    lead = reading.word(first - 1)
    if lead in _DETERMINERS:
        verb = reading.word(first - 2)
        verb = verb if verb not in ("small", "little") else reading.word(first - 3)
    else:
        verb = lead
    if lead in ("a", "an") and (
        verb == "we're" or (verb in ("are", "is") and reading.word(first - 3) in ("we", "ours"))
    ):
        return _note(reading, first - 2, hit)
    if verb in _RUN and norms[max(0, first - 5) : first] and _mine(reading, first):
        begin = next(i for i in range(first - 1, -1, -1) if norms[i] == verb)
        if hit.code != "shop" or asks or not _BUSINESS.isdisjoint(norms):
            _note(reading, begin, hit)
        value = " ".join(norms[begin : hit.end]).replace(" - ", "-")
        reading.add("occupation", value, begin, hit.end, "self", 0.8, "business_owner")
        return True
    if lead == "our" or (lead == "my" and hit.code == "company"):
        visited = hit.code == "public" and norms[hit.end - 1] in _VISITED
        after = norms[hit.end : hit.end + 4]
        if (not visited and not _NEEDS.isdisjoint(after[:1])) or (asks and not _told(reading)):
            return _note(reading, first - 1, hit)
        if lead == "our" and hit.code != "public":
            return _note(reading, first - 1, hit)
    if asks and not _told(reading) and lead in ("a", "an", "the", "three", "two", "this"):
        return verb in _ROLE_AT and _note(reading, first - 1, hit)
    if lead in ("a", "an") and verb in _ROLE_AT and _role_before(reading, first - 2):
        return _note(reading, first, hit)
    return False


def _mine(reading: Reading, first: int) -> bool:
    """Whether the author runs it: "I run a", "We run", "Own two laundromats"."""
    before = reading.norms[max(0, first - 6) : first]
    start = reading.clause(first).start
    return any(word in _WE for word in before) or start >= first - 3


def _role_before(reading: Reading, at: int) -> bool:
    """Whether a work of responsibility stands right before: "office manager at", "I buy for", "head of"."""
    near = reading.norms[max(reading.clause(at).start, at - 5) : at]
    return not _ROLES.isdisjoint(near)


#: What a shop's owner writes about when he writes for the shop.
_BUSINESS = words(
    "need needs supplier suppliers wholesaler wholesale quote quotes software till tills invoice customers clients stock staff tables"
    " looking after delivery bookings orders terminal payroll reader equipment commercial source distributes portal"
)
_ROLES = words(
    "manager head director buyer buy purchasing procurement admin clerk bookkeeper supervisor foreman fitter coordinator lead"
    " officer owner chair treasurer secretary caretaker responsible look manage order run pa managing maintenance"
)


def _note(reading: Reading, start: int, hit: Hit) -> bool:
    reading.add("customer_type", "organisation", max(0, start), hit.end, "self", 0.75)
    return True


def _told(reading: Reading) -> bool:
    return any(found.attribute == "customer_type" for found in reading.found)
