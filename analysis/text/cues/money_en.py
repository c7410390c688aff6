"""Income per month and budget in English: "I make 60k a year", "on £1,900 a month", "under 200 quid", "we've got about £450".

What stands before and behind a sum says what it is (money_words.tsv); a price, a fee, a rent is neither.
"""

from __future__ import annotations

from analysis.text.cues.amounts_en import SIGNS, Sum, home_currency, sum_at
from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Reading
from analysis.text.cues.who import subject, subject_mention
from analysis.text.phrases import Hit, longest

_PERIODS = {
    "year": 1 / 12, "yr": 1 / 12, "annum": 1 / 12, "annually": 1 / 12, "yearly": 1 / 12, "pa": 1 / 12, "month": 1.0, "mo": 1.0,
    "monthly": 1.0, "pm": 1.0, "pcm": 1.0, "week": 52 / 12, "wk": 52 / 12, "weekly": 52 / 12, "pw": 52 / 12, "fortnight": 26 / 12,
    "hour": 2080 / 12, "hr": 2080 / 12, "hourly": 2080 / 12,
}  # fmt: skip
_PER = words("a per / an each every one the")
_ROUGHLY = words(
    "about around roughly like maybe just only approx approximately nearly almost circa c ~ roughly under over some say"
)
_SEEKING = words(
    "need needs looking want wants wanted after recommend recs recommendations best any anything"
    " something which what find search"
    " searching buy buying suggest suggestions where who ideas options worth advice send quote anyone help"
    " after choose get getting"
)
_REACH = 5
_NEITHER = words(
    "people calories miles km kg lb lbs minutes hours days weeks months years % mph degrees times inches"
    " cm mm words pages"
    " followers views users seats watts litres liters gb mb points steps reps stone pounds_ square m ft mg"
    " mcg m2 am pm gsm mah dpi nm"
)
_CLOSES = words(", . ? ! ) ; - a per and max tops but so for at each all if to is from in with including left or") | {
    "",
    "\n",
}
_NO_PAY = words("spend save spent saving discount off offer sale depends based working put")
#: Verbs that no author says of himself: "my brother lives in Berlin and makes 5k a month".
_THEY_EARN = words("makes earns gets brings takes pulls is")
_JOINT = words("household together combined jointly joint both us")


def read(reading: Reading) -> None:
    """Note incomes and budgets."""
    marks: list[Hit] | None = None
    home, end = "", 0
    for i, word in enumerate(reading.norms):
        if i < end or not (word in SIGNS or word[0].isdecimal() or word[:3] in _WORDS or word[-1:].isdecimal()):
            continue
        if marks is None:
            marks = list(longest(reading.by_area.get("money_words", ())))
            home = home_currency(reading)
        found = sum_at(reading, i, home)
        if found is None or found.start < end or reading.word(found.end) in _NEITHER or reading.unreal(i):
            continue
        end = found.end
        _judge(reading, found, marks)


#: How number words and notes begin: "forty quid", "a tenner".
_WORDS = frozenset(
    ["two", "thr", "fou", "fiv", "six", "sev", "eig", "nin", "ten", "ele", "twe", "thi", "for", "fif", "one"]
)


def _judge(reading: Reading, found: Sum, marks: list[Hit]) -> None:
    """Pay, budget or neither."""
    before = _marks_before(reading, found, marks)
    factor, end = _period(reading, found.end)
    after = _mark_after(reading, end, marks)
    nearest = before[0].code if before else ""
    on = _is_on(reading, found)
    paid = on or nearest == "income" or (after is not None and after.code == "income_after" and nearest != "price")
    if paid and _income(reading, found, factor, end, on or nearest == "income", after):
        return
    if nearest == "income":
        return
    _budget(reading, found, before, after, end)


def _marks_before(reading: Reading, found: Sum, marks: list[Hit]) -> list[Hit]:
    """The telling words shortly before, nearest first, with nothing but small words between."""
    sentence = reading.clause(found.start).sentence
    near = [
        hit
        for hit in marks
        if hit.end <= found.start
        and not hit.code.endswith("_after")
        and found.start - hit.end <= _REACH
        and reading.clause(hit.start).sentence == sentence
        and not any(word[0].isdecimal() for word in reading.norms[hit.end : found.start])
    ]
    return near[::-1]


def _mark_after(reading: Reading, end: int, marks: list[Hit]) -> Hit | None:
    told = (hit for hit in marks if end <= hit.start <= end + 1 and hit.code.endswith("_after"))
    return next(
        (hit for hit in told if reading.clause(max(0, end - 1)).sentence == reading.clause(hit.start).sentence), None
    )


def _period(reading: Reading, end: int) -> tuple[float | None, int]:
    """What a sum is multiplied by to be a month's, and where the words of its period end."""
    at = end + 1 if reading.word(end) in _PER else end
    factor = _PERIODS.get(reading.word(at))
    if factor is None and reading.norms[end : end + 4] == ["in", "a", "good", "month"]:
        return 1.0, end + 4
    return (factor, at + 1) if factor is not None else (None, end)


def _is_on(reading: Reading, found: Sum) -> bool:
    """ "I'm on 27k", "a trainee on about 1,900 a month"; not "spend 300 on"."""
    at = found.start - 1
    while at >= 0 and found.start - at <= 3 and reading.norms[at] in _ROUGHLY:
        at -= 1
    if reading.word(at) != "on" or found.high < 100:
        return False
    near = reading.norms[max(reading.clause(at).start, at - 4) : at]
    return _NO_PAY.isdisjoint(near)


def _income(reading: Reading, found: Sum, factor: float | None, end: int, said: bool, after: Hit | None) -> bool:
    """Note a pay; false where the sum is none."""
    if factor is None:
        if found.high >= 12_000 and (found.high < 500_000 or found.currency in ("INR", "NGN", "IDR", "VND")):
            factor = 1 / 12
        elif 600 <= found.high < 12_000 and said:
            factor = 1.0
        else:
            return False
    if found.high < 4 or (factor <= 1 and found.high < 100):
        return False
    who = _earner(reading, found, end)
    low, high = round(found.low * factor), round(found.high * factor)
    value = f"{high} {found.currency}" if low == high else f"{low}-{high} {found.currency}"
    reading.add("income", value, found.start, after.end if after else end, who, 0.8)
    return True


def _earner(reading: Reading, found: Sum, end: int) -> str:
    """Who earns: the subject of the clause; together, the family."""
    clause = reading.clause(found.start)
    near = reading.norms[max(clause.start, found.start - 6) : end + 4]
    if not _JOINT.isdisjoint(near):
        return "family"
    mention = subject_mention(reading, found.start)
    if mention is not None and mention.code in ("partner", "parent", "child", "family", "friend", "other"):
        if (
            reading.norms[mention.start] not in ("a", "an", "the")
            or "wife" in reading.norms[mention.start : mention.end]
        ):
            theirs = mention.start >= clause.start or not _THEY_EARN.isdisjoint(
                reading.norms[clause.start : found.start]
            )
            return mention.code if theirs else "self"
        if reading.norms[mention.start] == "a" and reading.clause(mention.start).sentence == clause.sentence:
            person = subject(reading, mention.start)
            return person if person in ("self", "partner", "parent", "child", "family", "friend") else mention.code
    return "self"


def _budget(reading: Reading, found: Sum, before: list[Hit], after: Hit | None, end: int) -> None:
    codes = [hit.code for hit in before]
    nearest = codes[0] if codes else ""
    capped = nearest == "cap" or (after is not None and after.code == "cap_after")
    granted = nearest == "given" or (after is not None and after.code == "given_after")
    given = granted or nearest in ("budget", "have") or (after is not None and after.code == "have_after")
    if not capped and not given and not _stands_alone(reading, found, end):
        return
    if not found.sure and (found.high < 30 or reading.word(end) not in _CLOSES):
        return
    if nearest == "price" and not (after is not None and after.code == "cap_after"):
        return
    if "price" in codes[1:2] and nearest == "cap" and before[1].end >= before[0].start - 2:
        return  # "put it up to £62"
    if nearest == "have" and not _seeks(reading) and after is None:
        return
    if (
        nearest == "cap"
        and not _seeks(reading)
        and codes[1:2] != ["budget"]
        and reading.norms[before[0].start] in ("up", "under", "below", "less", "within", "go")
    ):
        return
    low = 0 if capped and found.low == found.high else found.low
    value = f"{low:.0f}-{found.high:.0f}" if low != found.high else f"{found.high:.0f}"
    begin = (
        before[0].start if before and capped and nearest == "cap" and found.start - before[0].end <= 1 else found.start
    )
    reading.add(
        "budget", f"{value} {found.currency}", begin, after.end if after else end, _payer(reading, granted), 0.8
    )


def _stands_alone(reading: Reading, found: Sum, end: int) -> bool:
    """ "£900.", "25 quid a week for food,", "around 300?": a sum that is a clause of its own, in a text that looks for something."""
    clause = reading.clause(found.start)
    start = found.start
    if found.low < found.high and reading.word(start - 1) == "between":
        return _seeks(reading)
    while start > clause.start and (
        reading.norms[start - 1] in _ROUGHLY or reading.norms[start - 1] in ("somewhere", "round", "in")
    ):
        start -= 1
    roughly = start < found.start
    if roughly and reading.norms[start - 1 : start] in (
        ["decent"],
        ["good"],
        ["something"],
        ["anything"],
        ["for"],
        ["one"],
        ["with"],
    ):
        return _seeks(reading)
    if start != clause.start or not found.sure or reading.word(start - 1) in ("(", ":"):
        return False
    rest = reading.norms[end : clause.end]
    if found.high < 20 or found.high % 5 or reading.by_area.get("cues_advert") or clause.end - clause.start > 9:
        return False
    return (not rest or rest[0] in ("for", "all")) and _seeks(reading) and len(rest) <= 6


def _seeks(reading: Reading) -> bool:
    """Whether the text looks for something."""
    return not _SEEKING.isdisjoint(reading.norms)


def _payer(reading: Reading, granted: bool) -> str:
    """The company's money where the text is written for one or a board has granted it; one's own shop is oneself."""
    if granted:
        return "organisation"
    owned = any(found.group == "business_owner" for found in reading.found)
    company = any(found.attribute == "customer_type" and found.value == "organisation" for found in reading.found)
    return "organisation" if company and not owned else "self"
