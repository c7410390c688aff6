"""English words of trouble and of asking that mean neither: dark praise ("disgusting how good the zoom is"), what was feared
and did not come, what a wanted thing must not do, sympathy with a quoted post, a wish for one's own life, an order given to
other readers.
"""

from __future__ import annotations

from collections.abc import Sequence

from analysis.text.clauses import Clause
from analysis.text.pains_found import Evidence, Found
from analysis.text.phrases import Hit

#: Dark words of so many before "how good", and right before "good", praise.
_NEAR = 4
#: A quoted post is masked by so many line breaks at least.
_MASKED = 3
#: In a reply to it a clause so short says what one thinks of that post's trouble.
_SHORT = 5
_FEARED = frozenset(
    ("worried", "expected", "expecting", "thought", "feared", "braced", "afraid", "told", "said", "assumed")
)
_COMES = frozenset(("be", "would", "it'd", "was", "might"))
_WANTED = frozenset(
    ("need", "needs", "want", "wants", "after", "something", "anything", "one", "looking", "ask", "for", "that's")
)
_NONE = frozenset(("no", "without", "zero", "never", "not"))
_SELVES = frozenset(("i", "i'm", "i've", "my", "me", "we", "we've", "we're", "our", "us", "mine", "ours"))
_DARK = frozenset(("", "quality", "safety_health", "trust_fraud", "emotional", "design", "performance", "service"))
#: What a wish for a feature or a change goes on with; without it one wishes for oneself.
_CHANGE = frozenset(
    (
        *(
            "see",
            "if",
            "you",
            "they",
            "option",
            "options",
            "feature",
            "features",
            "button",
            "support",
            "setting",
            "ability",
        ),
        *(
            "app",
            "apps",
            "user",
            "users",
            "screen",
            "interface",
            "menu",
            "reminder",
            "tile",
            "tiles",
            "library",
            "control",
        ),
        *("access", "file", "files", "keyboard", "alarm", "phone", "device", "thread", "document", "add", "select"),
    )
)
_FOR_ONESELF = frozenset(
    (
        *(
            "i'd like",
            "we'd like",
            "i would like",
            "would like",
            "would like a",
            "i'd love",
            "we'd love",
            "i want",
            "we want",
        ),
        *("i want an", "i want a", "love to have", "would love"),
    )
)
#: What is asked of readers, sellers or helpers with "please" changes nothing in a product.
_OF_READERS = frozenset(
    (
        *(
            "send",
            "email",
            "quote",
            "advise",
            "recommend",
            "tell",
            "help",
            "ring",
            "wear",
            "note",
            "dm",
            "message",
            "contact",
        ),
        *(
            "share",
            "let",
            "complain",
            "pass",
            "don't",
            "be",
            "buy",
            "someone",
            "suggest",
            "confirm",
            "call",
            "take",
            "bring",
        ),
    )
)
_NO_VERB_BEFORE = frozenset(("is", "are", "was", "were", "ends", "code", "codes", "schemes", "date", "prices", "fees"))
#: Whoever cancels what they paid for leaves; that nothing came is another's doing.
_LEFT = frozenset(("cancelled", "canceled"))
_LEAVER = frozenset(("i", "we", "i've", "we've", "just", "finally", "already", "so", "and"))
_PEOPLE = frozenset(("me", "him", "her", "us", "someone"))
_JOKES = frozenset(
    ("illegal", "banned", "prison", "jail", "studied", "ashamed", "crime", "arrested", "around", "about", "knighted")
)


def meant(clause: Clause, found: Found, evidence: list[Evidence], norms: Sequence[str]) -> list[Evidence]:
    """The evidence that speaks of trouble in earnest."""
    return [item for item in evidence if not _unmeant(clause, found, item, norms)] if evidence else evidence


def _unmeant(clause: Clause, found: Found, item: Evidence, norms: Sequence[str]) -> bool:
    before = norms[clause.start : item.start]
    if item.category in _DARK and _dark_praise(clause, found, item, norms):
        return True
    if item.rule == "denied_good":
        said = norms[item.start : item.end]
        return "beats" in said or (said[-1] == "like" and len(said) > 2 and said[-2] != "look")
    if item.rule == "fails" and "that" in before[-1:] and not _WANTED.isdisjoint(before[-8:]):
        return True
    if item.rule == "term" and not _FEARED.isdisjoint(before[-8:]) and not _COMES.isdisjoint(before[-3:]):
        return "it" in before[-4:] or "to" in before[-4:]
    if item.rule == "term" and norms[item.start] in _LEFT and item.end - item.start == 1:
        return (not before or before[-1] in _LEAVER) and norms[item.end : item.end + 1] != ["on"]
    return _sympathy(clause, found, item, norms)


def _dark_praise(clause: Clause, found: Found, item: Evidence, norms: Sequence[str]) -> bool:
    """ "hate how comfy these seats are", "filthy good broth"."""
    ahead = [hit for hit in found.good if item.end <= hit.start <= item.end + _NEAR]
    if any(hit.start == item.end for hit in ahead) and norms[item.end - 1] not in ("not", "no"):
        return item.end - item.start == 1
    if norms[item.end : item.end + 1] != ["how"]:
        return False
    worse = any(hit.start > item.end for hit in (*found.terms, *found.dims))
    return bool(ahead) or not worse


def _sympathy(clause: Clause, found: Found, item: Evidence, norms: Sequence[str]) -> bool:
    """ "> they lost my case ⏎ That's awful": what one thinks of what is quoted."""
    if list(norms[:_MASKED]) != ["\n"] * _MASKED:
        return False
    said = norms[clause.start : clause.end]
    short = clause.end - clause.start <= _SHORT and _SELVES.isdisjoint(said)
    return short and item.category in _DARK and not found.brands


def goes_on_denied(clause: Clause, before: Clause | None, norms: Sequence[str]) -> bool:
    """Whether the clause ends a list of what there is none of: "no smell, | leaks or stains"."""
    if before is None or before.sign != "," or clause.end - clause.start > _SHORT or clause.sentence != before.sentence:
        return False
    said = norms[clause.start : clause.end]
    return norms[before.start] in _NONE and len(said) > 2 and said[-2] in ("or", "and", "nor")


def asked(clause: Clause, hit: Hit, norms: Sequence[str]) -> bool:
    """Whether ``hit`` asks a maker or a seller for a change, not oneself, fate or the other readers."""
    phrase = " ".join(norms[hit.start : hit.end])
    after = norms[hit.end : clause.end]
    before = norms[clause.start : hit.start]
    following = after[0] if after else ""
    if phrase in _FOR_ONESELF:
        return not _CHANGE.isdisjoint(after)
    if phrase == "please":
        if norms[hit.start - 1 : hit.start] in (["yes"], ["someone"], ["somebody"]) or norms[clause.start] == "put":
            return False
        return following not in _OF_READERS
    if phrase.startswith("it would"):
        return _FEARED.isdisjoint(before)
    if phrase in ("should be", "should go", "should do"):
        return "whoever" not in before and _JOKES.isdisjoint(after[:3])
    if phrase in ("has to be", "needs to be") and before[-1:] in (["it"], ["and"], ["also"]):
        return False
    if phrase in ("need the", "i need"):
        return False
    if phrase in ("we hope", "i hope"):
        return following != "to"
    if hit.entry.code == "imperative":
        return following not in _NO_VERB_BEFORE and not (phrase == "put" and following in _PEOPLE)
    return True
