"""Occupations in English: a lexicon term in "I'm a, work as, as a, my job"; an employer after "work at, for, in"."""

from __future__ import annotations

from analysis.text.cues import workplaces_en
from analysis.text.cues.grammar import words
from analysis.text.cues.occupation import add, doer
from analysis.text.cues.occupation_told_en import RELATED, deed, for_a_living, listed, open_class, state
from analysis.text.cues.reading import Reading
from analysis.text.cues.who import subject, subject_mention
from analysis.text.phrases import Hit, longest

_WORK = words("work works working worked job jobs career employed shift gig intern internship")
_NOT_NOW = words(
    "used former ex was wanted retired wish want become becoming hope would could were aspiring studying wanna not someday going"
    " dream hire called need call met see saw love like"
)
_AM = frozenset({"am", "i'm", "im"})
_ADVERBS = words("just also actually still currently only now really basically proud not")
_AS_TOLD = words("work working worked job i me my i'm")
_UNREAL = frozenset({"want", "wish", "used", "not", "don't"})
_BEFORE_WORK = words("a an the at for in as my local with is of big")
_JOBS = words("manager cook intern associate job shift cashier server accountant work working employee clerk")
_END = words(", . trade day ! profession") | {""}
_SERVING = words("in for join joined from serving serve with")
_ME = frozenset({"i", "i'm", "am", "im", "my", "we"})
_I = frozenset({"i", "also", "currently", "usually"})
_VERBS = words(
    "drive own run sell teach work stay fix raise deliver babysit bartend build homeschool clean cut tend wait walk serve"
)
_MOST_ADJECTIVES = 4
_AGED = words("- year years yr yo y/o old")


def read(reading: Reading) -> None:
    """Note occupations of the author and of the people spoken of."""
    for hit in longest(reading.by_area.get("occupations", ())):
        if not reading.unreal(hit.start):
            _judge(reading, hit)
    if not _ONE.isdisjoint(reading.said):
        open_class(reading)
        for_a_living(reading)
    if not workplaces_en.WORKING.isdisjoint(reading.said):
        workplaces_en.named(reading)
    if not workplaces_en.AT_WORK.isdisjoint(reading.said):
        workplaces_en.listed(reading)


_ONE = frozenset({"a", "an"})


def _judge(reading: Reading, hit: Hit) -> None:
    """Try each way in which English names somebody's work; the first that fits decides."""
    window = reading.norms[max(reading.clause(hit.start).start, hit.start - 7) : hit.start]
    if hit.entry.notes == "deed":
        if person := deed(reading, hit):
            add(reading, hit, hit.start, hit.end, person, 0.75)
            _take_in_employer(reading, hit.end)
        return
    if hit.entry.notes == "state":
        _state(reading, hit, window)
        return
    if any(org.start <= hit.start < org.end for org in reading.by_area.get("cues_orgs", ())) and window[-2:-1] in (
        ["we're"],
        ["are"],
    ):
        return  # "we're a physio clinic": no trade
    if reading.word(hit.start - 1) in _NOT_NOW or not workplaces_en.is_written(reading, hit):
        return
    for way in (_with_article, _after_work_word, _beside_word, _in_service, _as_verb, _after_age):
        person = way(reading, hit, window)
        if person is not None:
            if person:
                start = _article(reading, hit.start) if way is _with_article else None
                begin = _with_state(reading, hit) if start is None else start + 1
                while begin < hit.start and _is_age(reading.norms[begin]):
                    begin += 1
                add(reading, hit, begin, hit.end, person, 0.8)
                _join_state(reading)
                _take_in_employer(reading, hit.end)
            return
    if person := listed(reading, hit):
        add(reading, hit, _with_state(reading, hit), hit.end, person, 0.7)
        _join_state(reading)
        _take_in_employer(reading, hit.end)


def _with_state(reading: Reading, hit: Hit) -> int:
    """Where "self-employed plasterer" begins."""
    before = (other for other in reading.by_area.get("occupations", ()) if other.end == hit.start)
    return min((other.start for other in before if other.entry.notes in ("", "state")), default=hit.start)


def _join_state(reading: Reading) -> None:
    """ "self-employed | electrician" is one occupation, the trade's."""
    if len(reading.found) < 2:
        return
    state, trade = reading.found[-2:]
    if (
        state.attribute == trade.attribute == "occupation"
        and state.who == trade.who
        and trade.start - state.end in (0, 1)
    ):
        trade.start = state.start
        trade.value = f"{state.value} {trade.value}"
        reading.found.remove(state)


def _take_in_employer(reading: Reading, end: int) -> None:
    """Let the quote of the occupation just noted reach over its employer: "an accountant | for Nike"."""
    found = reading.found[-1] if reading.found else None
    if found is None or found.attribute != "occupation" or found.end != end or reading.word(end) not in _EMPLOYED_BY:
        return
    last, clause_end = end + 1, reading.clause(end).end
    while (
        last < clause_end
        and last - end < 5
        and (reading.norms[last] in _ARTICLES or reading.norms[last] not in reading.grammar.stops)
    ):
        last += 1
    if reading.norms[last - 1] not in _ARTICLES and last > end + 1:
        found.end = last


_EMPLOYED_BY = frozenset({"for", "at", "with", "in"})
_ARTICLES = frozenset({"a", "an", "the", "my", "our"})


def _is_age(norm: str) -> bool:
    """Whether a word belongs to an age: "34", "-", "year", "34-year-old"."""
    return norm in _AGED or norm[:1].isdecimal()


def _article(reading: Reading, start: int) -> int | None:
    """Where the "a" before the term stands, over at most three adjectives; "the" only in "I'm the"."""
    norms = reading.norms
    reach = start - 1
    while reach >= 0 and _is_age(norms[reach]):
        reach -= 1  # "a 34-year-old nurse"
    for i in range(reach, max(reading.clause(start).start, reach - _MOST_ADJECTIVES) - 1, -1):
        if norms[i] in ("a", "an") or (norms[i] == "the" and reading.word(i - 1) in _AM):
            return i
    return None


def _with_article(reading: Reading, hit: Hit, window: list[str]) -> str | None:
    """ "I'm a nurse", "as a nurse", "he's a nurse", "31, a nurse", "run a bakery"; "" where it is denied or wished."""
    article = _article(reading, hit.start)
    if article is None or (hit.entry.notes == "place" and _opens_or_is(reading, article)):
        return None
    norms = reading.norms
    lead = reading.word(article - 1)
    if lead in _AM or lead in ("as", "i", "we're") or (lead in _ADVERBS and reading.word(article - 2) in _AM):
        if "not" in window[-3:] or any(word in ("used", "wish", "want", "if", "was") for word in window):
            return ""
        if lead != "as":
            return "self"
        told = any(word in _AS_TOLD for word in window) or article - 1 == reading.clause(hit.start).start
        return doer(reading, article) if told else ""
    if lead in ("been", "being") and subject(reading, article) == "self" and "you" not in window:
        return "self"
    if lead in ("is", "are", "'s", "he's", "she's") or lead.endswith(("'s", "’s")):
        person = subject(reading, article)
        if person != "self":
            return person
    if lead in (",", "(", "and"):
        mention = subject_mention(reading, article)
        if mention is not None and mention.code in RELATED and article - mention.end <= 5 and not _ME & {*window}:
            return mention.code if norms[mention.start] in ("my", "our", "his", "her", "she's", "he's") else None
    if lead in (",", "and") and any(word in _AM for word in norms[max(0, article - 7) : article]):
        return "self"
    owned = any(word in ("run", "own", "manage", "opened") for word in norms[max(0, article - 2) : article])
    if owned and "i" in norms[max(0, article - 4) : article]:
        reading.add(
            "occupation", " ".join(norms[article + 1 : hit.end]), hit.start, hit.end, "self", 0.8, "business_owner"
        )
        return ""
    return None


def _opens_or_is(reading: Reading, article: int) -> bool:
    """ "I'm a church treasurer", "we're a dental clinic": a place is nobody's trade."""
    return reading.word(article - 1) not in ("run", "own", "manage", "opened")


def _after_work_word(reading: Reading, hit: Hit, window: list[str]) -> str | None:
    """ "I work at a bank", "my job as a cook", "turned freelancer"."""
    before = reading.word(hit.start - 1)
    if before == "turned" and window[:-1]:
        return "self"
    works = any(word in _WORK for word in window) and not any(word in _UNREAL for word in window)
    if works and (before in _BEFORE_WORK or len(window) <= 4):
        return doer(reading, hit.start)
    if before == "in" and reading.word(hit.start - 2) in _AM and hit.code != "army_police":
        return "self"
    if before in ("at", "for") and reading.word(hit.start - 2) in _JOBS:
        return doer(reading, hit.start)
    return None


def _beside_word(reading: Reading, hit: Hit, window: list[str]) -> str | None:
    """ "nurse here", "plumber by trade", "a freelancer like me", "my coffee shop job"."""
    after, next_after = reading.word(hit.end), reading.word(hit.end + 1)
    if after in ("here", "by") and next_after in _END and hit.start - reading.clause(hit.start).start <= 1:
        return "self"
    if after in ("job", "shift", "career") and ("my" in window or "i" in window):
        return "self"
    return "self" if after == "like" and next_after in ("me", "us", "myself") else None


def _in_service(reading: Reading, hit: Hit, window: list[str]) -> str | None:
    """ "I'm in the army", "I serve in the navy"."""
    if hit.code != "army_police" or not (
        reading.word(hit.start - 1) in ("the", "in") or reading.phrase(hit).startswith(("the ", "in the "))
    ):
        return None
    served = any(word in _SERVING for word in reading.norms[max(0, hit.start - 2) : hit.start + 1])
    return doer(reading, hit.start) if served and any(word in _ME for word in window) else ""


def _as_verb(reading: Reading, hit: Hit, window: list[str]) -> str | None:
    """ "I drive for a taxi firm", "I teach yoga"."""
    verb = reading.norms[hit.start]
    if verb in _VERBS and reading.word(hit.start - 1) in _I:
        return "self"
    if verb.endswith("s") and verb[:-1] in _VERBS | {"teache"}:
        person = subject(reading, hit.start)
        return person if person in ("partner", "parent", "family", "friend", "child") else None
    return None


def _after_age(reading: Reading, hit: Hit, window: list[str]) -> str | None:
    """ "24M, software engineer": a clause of its own beside an age."""
    clause = reading.clause(hit.start)
    alone = hit.start == clause.start and hit.end == clause.end and not hit.entry.notes and clause.start > 0
    told = any(found.attribute in ("age", "gender", "marital_status") for found in reading.found)
    return "self" if alone and told else None


def _with_trade(reading: Reading, hit: Hit) -> int:
    """Where "retired school librarian" ends."""
    end = hit.end
    if "retired" not in reading.norms[hit.start : hit.end]:
        return end
    trades = [other.end for other in reading.by_area.get("occupations", ()) if end <= other.start <= end + 1]
    return max(trades, default=end)


_I_DO = frozenset({"i", "and", "we", "currently", "also", "still", "he", "she", "that"})
_MY_STATE = words("i i'm im i've we we're my me both now currently recently newly just")


def _state(reading: Reading, hit: Hit, window: list[str]) -> None:
    """ "retired", "between jobs": a state, not a trade."""
    if person := state(reading, hit):
        end = _with_trade(reading, hit)
        add(reading, hit, hit.start, end, person, 0.8)
        _take_in_employer(reading, end)
        return
    before = reading.word(hit.start - 1)
    term = reading.phrase(hit)
    if term.endswith("work") and (before not in _I_DO or reading.word(hit.end) in ("out", "on", "with", "properly")):
        return  # "my pans don't work on it"
    strong = term in (
        "laid off",
        "lost my job",
        "not working",
        "do not work",
        "don't work",
        "looking for work",
        "quit my job",
    ) or " " in reading.phrase(hit)
    clause = reading.clause(hit.start)
    first = hit.start == clause.start and reading.word(hit.end) in ("couple", "here", "teacher", "nurse")
    said = (
        first
        or before
        in (
            "am",
            "i'm",
            "im",
            "is",
            "are",
            "been",
            "both",
            "currently",
            "now",
            "newly",
            "recently",
            "just",
            "he's",
            "she's",
            "we're",
            "on",
            "a",
            "since",
            "got",
            "i",
            "still",
            "fully",
            "semi",
            "after",
            "when",
            "to",
        )
        or strong
    )
    if not said or any(word in ("when", "until", "want", "if", "before", "for") for word in window):
        return
    if term == "retired" and reading.word(hit.end)[:1].isalpha() and reading.word(hit.end) not in reading.grammar.stops:
        end = hit.end + 1
        add(reading, hit, hit.start, end, doer(reading, hit.start), 0.8)
        return
    if term in ("retirement",):
        return
    if hit.start > clause.start and doer(reading, hit.start) == "self" and _MY_STATE.isdisjoint(window):
        return
    add(reading, hit, hit.start, hit.end, doer(reading, hit.start), 0.8)
