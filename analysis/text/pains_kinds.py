"""What a clause does with its evidence: complains, tells a problem, asks, wishes, refuses to buy — or nothing.

Trouble that is imagined, feared, asked about or said by someone else is none, unless it is the reason not to buy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from analysis.text.clauses import Clause
from analysis.text.pains_found import Evidence, Found
from analysis.text.pains_together import Read, Statement, sentences_with, together
from analysis.text.pains_unmeant_en import asked
from analysis.text.pains_unmeant_vi import asks_nothing
from analysis.text.phrases import Hit

#: Without a word of what is blamed or of how it fails, a complaint is about quality.
_DEFAULT = "quality"


@dataclass(slots=True)
class _Context:
    """What earlier clauses leave for later ones."""

    aspect: Hit | None = None
    brand: Hit | None = None
    used_sentence: int = -1
    asked_sentence: int = -1
    open: list[Statement] = field(default_factory=list)


def statements(read: Sequence[Read], norms: Sequence[str], lang: str) -> list[Statement]:
    """The statements of a text, in order."""
    made: list[Statement] = []
    context = _Context()
    objecting = sentences_with(read, "objection")
    done: set[int] = set()
    for clause, found, evidence in read:
        now = list(_clause(clause, found, evidence, context, norms, lang, clause.sentence in objecting, done))
        made += now
        if found.frame("use_time"):
            context.used_sentence = clause.sentence
        if found.aspects:
            context.aspect = found.aspects[-1]
        if found.brands:
            context.brand = found.brands[-1]
    return together(made, read, objecting)


def _clause(
    clause: Clause,
    found: Found,
    evidence: list[Evidence],
    context: _Context,
    norms: Sequence[str],
    lang: str,
    objecting: bool,
    done: set[int],
) -> Iterator[Statement]:
    if clause.advert or (clause.quoted and not objecting):
        return
    ask = _ask(clause, found, norms, lang)
    if ask in ("suggestion", "unmet_need"):
        if clause.sentence in done and (ask == "suggestion" or (lang == "en" and not found.aspects)):
            return
        done.add(clause.sentence)
        yield _whole(ask, clause, found, evidence, context, norms)
        return
    if ask == "objection" and not evidence:
        yield _whole("objection", clause, found, evidence, context, norms)
        return
    if not evidence:
        evidence = _named(clause, found)
        if evidence:
            yield from _parts("question", clause, found, evidence, context, norms)
        return
    helped = any(hit.entry.code == "help" for hit in found.asks) or bool(found.frame("mine"))
    asked = clause.question and (clause.sign == "?" or clause.has("clauses", "question"))
    if objecting:
        kind = "objection"
    elif clause.hypothetical or clause.worry or (asked and not helped):
        return
    elif asked or (helped and clause.question and any(hit.entry.code == "help" for hit in found.asks)):
        kind = "question"
    else:
        kind = ""
    yield from _parts(kind, clause, found, evidence, context, norms)


def _ask(clause: Clause, found: Found, norms: Sequence[str], lang: str) -> str:
    """Which request the clause makes: ``suggestion``, ``unmet_need``, ``objection`` or none."""
    if not (found.asks or found.brands) or (lang == "vi" and asks_nothing(clause, norms)):
        return ""
    covered = [(hit.start, hit.end) for hit in found.praise]
    codes = set()
    for hit in found.asks:
        code = hit.entry.code
        if any(start < hit.end and hit.start < end for start, end in covered):
            continue
        if lang == "en" and not asked(clause, hit, norms):
            continue
        if code == "imperative":
            if _leads(clause, hit, norms):
                codes.add("suggestion")
        elif (
            hit.entry.weight >= 1
            and _placed(clause, hit)
            and (lang == "vi" or code != "suggestion" or _goes_on(hit, norms))
        ):
            codes.add(code)
    if code_of_brand := _asked_of_brand(clause, found, norms):
        codes.add(code_of_brand)
    for code in ("unmet_need", "objection", "suggestion"):
        if code in codes:
            return code
    return ""


def _named(clause: Clause, found: Found) -> list[Evidence]:
    """The trouble that a request for help names only to be rid of it: "có cách nào cho đỡ tràn không"."""
    if not any(hit.entry.code == "help" for hit in found.asks):
        return []
    praised = [(hit.start, hit.end) for hit in found.praise if hit.end - hit.start > 1]
    terms = [hit for hit in found.terms if not any(s <= hit.start and hit.end <= e for s, e in praised)]
    removed = [hit for hit in terms if not any(s.hard and s.start < hit.start for s in clause.negation.spans)]
    return [Evidence(hit.start, hit.end, hit.entry.code, "problem", 0.6, "named", hit) for hit in removed[:1]]


def _goes_on(hit: Hit, norms: Sequence[str]) -> bool:
    """Whether the sentence says more: "that would be great" alone asks for nothing."""
    return hit.end < len(norms) and norms[hit.end] not in ".!?…\n"


def _placed(clause: Clause, hit: Hit) -> bool:
    """Some words ask only where they stand first ("giá mà …") or with something behind them ("please …")."""
    if hit.entry.notes == "idiom":
        return hit.start == clause.start
    return hit.entry.notes != "reaction" or hit.end < clause.end


def _asked_of_brand(clause: Clause, found: Found, norms: Sequence[str]) -> str:
    """A wish put to a brand by name: "mong MiniCare …", "MiniCare nên …"."""
    for brand in found.brands:
        first = brand.start - 1
        while first >= clause.start and norms[first] in _KINDS_OF_BRAND:
            first -= 1
        before = norms[first] if first >= clause.start else ""
        after = norms[brand.end] if brand.end < clause.end else ""
        told = after == "nên" and norms[brand.end + 1 : brand.end + 2] and norms[brand.end + 1] in _SELVES
        subject = first < clause.start or before in _WISHES or before in _OPINIONS
        if before in _WISHES or (after in _OUGHT and subject and not told):
            return "suggestion"
    return ""


def _leads(clause: Clause, hit: Hit, norms: Sequence[str]) -> bool:
    """Whether a verb stands where an order begins: first in its sentence, or behind "please" and the like."""
    at = hit.start
    while at > clause.start and norms[at - 1] in (
        "please",
        "just",
        "also",
        "so",
        "and",
        "or",
        "then",
        "kindly",
        "at",
        "least",
        '"',
        "-",
        "*",
    ):
        at -= 1
    return at == clause.start and (at == 0 or norms[at - 1] in ".!?…\n:-*" or norms[at] == "please")


def _whole(
    kind: str, clause: Clause, found: Found, evidence: list[Evidence], context: _Context, norms: Sequence[str]
) -> Statement:
    blamed = found.aspects[0] if found.aspects else None
    target = _target_of(found, blamed, context, norms, evidence[0] if evidence else None)
    category = _category(evidence[0] if evidence else None, blamed, found, False, norms)
    if kind == "unmet_need":
        category = evidence[0].category or category if evidence else _sought(blamed)
    elif not evidence and blamed is None:
        category = "other"
    if kind == "suggestion" and not evidence and (blamed is None or blamed.entry.code not in _DECIDED):
        category = next((hit.entry.code for hit in clause.hits if hit.entry.area == "pains_wishes"), category)
    return Statement(kind, category, clause.start, clause.end, 0.75, (), target, found.severity)


#: What is named decides these alone; else the wish itself does: "ước gì hãng làm mỏng hơn".
_DECIDED = frozenset(("price", "delivery", "warranty_returns", "safety_health", "availability"))


def _parts(
    kind: str, clause: Clause, found: Found, evidence: list[Evidence], context: _Context, norms: Sequence[str]
) -> Iterator[Statement]:
    """One statement for each thing blamed: "pin yếu camera mờ" states two."""
    groups: list[list[Evidence]] = []
    for item in evidence:
        between = groups and any(groups[-1][-1].end <= a.start <= item.start for a in found.aspects)
        if groups and not between:
            groups[-1].append(item)
        else:
            groups.append([item])
    begin = clause.start
    for number, group in enumerate(groups):
        after = groups[number + 1][0].start if number + 1 < len(groups) else clause.end
        cuts = [a.start for a in found.aspects if group[-1].end <= a.start < after]
        end = cuts[0] if cuts and number + 1 < len(groups) else clause.end
        best = max(group, key=_telling)
        blamed = _blamed(found, begin, end, best, norms)
        target = _target_of(found, blamed, context, norms, best)
        chosen = kind or _kind(best, target, context.aspect is not None or bool(found.aspects))
        if chosen:
            used = context.used_sentence == clause.sentence or bool(found.frame("use_time"))
            category = _category(best, blamed, found, used, norms)
            degrees = [hit for hit in found.severity if begin <= hit.start < end]
            mild = _softened(clause, found, best)
            yield Statement(chosen, category, begin, end, 0.5 + 0.4 * best.weight, group, target, degrees, mild)
        begin = end


def _softened(clause: Clause, found: Found, best: Evidence) -> bool:
    """ "không trâu lắm", "not great really": a denial that is not meant in full."""
    denied = any(best.start <= span.start < best.end and span.hard for span in clause.negation.spans)
    return denied and any(0 <= frame.start - best.end <= 1 for frame in found.frame("softener"))


_WISHES = frozenset(("mong", "ước", "góp", "xin"))
#: Behind these a brand is what the wish is about; behind other words ("con quen MiniCare nên …") "nên" means "therefore".
_OPINIONS = frozenset(("nghĩ", "thấy", "rằng", "là", "thì", "think", "and", "but", "that", "so", "maybe", "really"))
#: Words that may stand before a brand's name: "mong bỉm MiniCare …".
_KINDS_OF_BRAND = frozenset(("bỉm", "tã", "hãng", "bên", "shop", "nhà", "cửa", "hàng", "quán", "sữa", "app"))
_OUGHT = frozenset(("nên", "nen", "cần", "hãy", "should", "needs"))
#: "hỏi MiniCare nên mình viết": "nên" before the author means "therefore".
_SELVES = frozenset(("mình", "em", "tôi", "tui", "tớ", "toi", "minh"))
#: Of several things wrong in one clause these categories weigh more than the rest.
_GRAVE = {"trust_fraud": 3, "safety_health": 2, "warranty_returns": 1}


def _telling(item: Evidence) -> tuple[bool, float, int]:
    return not item.reaction, item.weight, _GRAVE.get(item.category, 0)


def _kind(best: Evidence, target: Hit | None, seen: bool) -> str:
    if best.kind == "suffered":
        return "complaint" if target is not None else "problem" if seen else ""
    if best.kind == "problem":
        return "problem"
    return "complaint"


def _blamed(found: Found, begin: int, end: int, item: Evidence, norms: Sequence[str]) -> Hit | None:
    """The aspect nearest to the evidence, before it if there is one."""
    inside = [
        a for a in found.aspects if begin <= a.start < end and not (item.reaction and item.start <= a.start < item.end)
    ]
    before = [a for a in inside if a.start <= item.start]
    if before:
        return before[-1]
    after = [a for a in inside if not _measure(a, norms, item)]
    return after[0] if after and after[0].start - item.end <= _AFTER else None


def _target_of(
    found: Found, blamed: Hit | None, context: _Context, norms: Sequence[str], item: Evidence | None
) -> Hit | None:
    brands = [brand for brand in found.brands if not _measure(brand, norms, item)]
    if brands:
        return brands[-1]
    if found.frame("back_reference") and context.brand is not None:
        return context.brand
    return blamed if blamed is None or blamed.entry.code != _SUFFERER else None


def _measure(hit: Hit, norms: Sequence[str], item: Evidence | None) -> bool:
    """Whether another is only held against ``hit``: "Sumobi tràn hơn MiniCare", "worse than MiniCare", "so với MiniCare"."""
    at = hit.start - 1
    while at > 0 and hit.start - at <= 3 and (norms[at] in _KINDS_OF_BRAND or norms[at] in _BESIDE_MEASURE):
        at -= 1
    if at < 1:
        return False
    if (norms[at - 1], norms[at]) in _HELD_AGAINST:
        return True
    if norms[at] not in ("hơn", "than") or norms[at - 1] == "còn" or (item is not None and item.start > hit.start):
        return False  # "thà … còn hơn MiniCare" and what follows a name are about that name
    return item is None or _LESS.isdisjoint(
        [*norms[max(0, item.start - 1) : item.start], *norms[item.end : item.end + 1]]
    )


_HELD_AGAINST = frozenset((("so", "với"), ("compared", "to"), ("compared", "with")))
#: Between "hơn" and the name: "hơn hẳn con MiniCare", "than my old MiniCare".
_BESIDE_MEASURE = frozenset(("hẳn", "cả", "là", "nhiều", "con", "xe", "loại", "dòng", "máy", "the", "my", "old", "our"))
#: "ít tràn hơn MiniCare", "leaks less than MiniCare": the trouble is MiniCare's.
_LESS = frozenset(("ít", "đỡ", "less"))
#: What is blamed may follow the evidence at this distance: "thất vọng về camera".
_AFTER = 2
#: Categories that a vague word has by itself, and that what is blamed may replace.
_VAGUE = frozenset(("", "quality", "performance", "usability"))
#: Parts of the body and the like: they suffer, nobody blames them.
_SUFFERER = "safety_health"


def _sought(blamed: Hit | None) -> str:
    """What is looked for in vain is not to be had; where it is a fact ("hạn dùng"), it is not told."""
    return "information" if blamed is not None and blamed.entry.code == "information" else "availability"


def _category(best: Evidence | None, blamed: Hit | None, found: Found, used: bool, norms: Sequence[str]) -> str:
    own = best.category if best else ""
    aspect = blamed.entry.code if blamed is not None and blamed.entry.code != _SUFFERER else ""
    category = own or aspect or _DEFAULT
    if aspect == "information" and own in ("usability", "design"):
        return aspect
    if best is not None and aspect and own in _VAGUE and best.vague:
        category = aspect if own in ("", "quality") or aspect not in ("quality", "performance", "usability") else own
    term = best is not None and best.rule == "term"
    if category in ("durability", "quality") and term and aspect == "delivery":
        return "delivery"
    arrived = found.frame("arrival")
    if category in ("quality", "performance") and term and used and not arrived and not _leaks(best, norms):
        return "durability"
    if category == "durability" and arrived:
        return "quality"
    return category


def _leaks(best: Evidence | None, norms: Sequence[str]) -> bool:
    """What leaks or gets wet does its work badly, however long it has been in use."""
    return best is not None and not _LEAKS.isdisjoint(norms[best.start : best.end])


_LEAKS = frozenset(
    (
        "lem",
        "xệ",
        "trịch",
        "tràn",
        "rò",
        "rỉ",
        "ướt",
        "trào",
        "thấm",
        "leak",
        "leaks",
        "leaked",
        "leaking",
        "soaked",
        "wet",
    )
)
