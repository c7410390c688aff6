"""What an answer in words means on the codebook, where nobody has written it down."""

from __future__ import annotations

import re
from functools import cache

from crawler.importers.localities import place_of
from crawler.importers.survey.reading import even, folded, vocabulary
from data.codebook import VALUES
from data.study import Study
from data.survey import bank
from data.survey.questionnaire import BOUGHT, NONE, PAIN, SILENT, fits
from data.words import LANGUAGES, entry

_NUMBER = re.compile(r"\d{1,3}(?:[.,]\d{3})+|\d+(?:[.,]\d{1,2})?")
_UNITS = (
    (re.compile(r"t[yỷỉ]|billion|bn"), 1e9),
    (re.compile(r"tri[eệ]u|tr|million|mil|m|c[uủ]"), 1e6),
    (re.compile(r"ngh[iì]n|ng[aà]n|k|thousand"), 1e3),
)
_BELOW = re.compile(r"dưới|duoi|ít hơn|nhỏ hơn|chưa đến|<|under|below|less than|up to|đến \d|trở xuống|at most")
_ABOVE = re.compile(r"trên|từ .* trở lên|trở lên|hơn|over|above|more than|or more|or over|and over|\+|>|at least")
_MONTHS = re.compile(r"tháng|months?|\bmo?\b")
#: A questionnaire's youngest group "under 25" is of grown-ups: it would else tell nothing.
_ADULT, _YOUNG = 18, 30
_OLDEST = {"age": 120, "child_age": 99}


def code_of(attribute: str, say: str, study: Study, *, exactly: bool = False) -> str | None:
    """The value of an answer, ``none``, ``silent``, or ``None`` where the words tell none. ``exactly`` takes no word out of a
    longer answer."""
    plain = even(say)
    if plain in vocabulary("silent"):
        return SILENT
    found = _exact(attribute, plain, study)
    if found is not None:
        return found
    if attribute in ("age", "child_age"):
        return _age(attribute, plain)
    if attribute in ("income", "budget"):
        return _amount(plain)
    if attribute == "children":
        return _children(plain)
    if attribute == "location":
        return place_of(say)
    if plain in vocabulary("none"):
        return NONE
    return None if exactly else _within(attribute, plain)


def _exact(attribute: str, plain: str, study: Study) -> str | None:
    if attribute == BOUGHT:
        named = study.brand_of(plain) or next(
            (b.name for b in study.brands for n in b.names if folded(n) == folded(plain)), None
        )
        return named or dict(_known(BOUGHT)).get(plain)
    return dict(_known(attribute)).get(plain)


@cache
def _known(attribute: str) -> tuple[tuple[str, str], ...]:
    """Evened-out words → value: the bank's answers, and the report's names for codes."""
    found: dict[str, str] = {}
    for lang in LANGUAGES:
        names: dict[str, str] = (
            entry("codes.categories", lang) if attribute == PAIN else entry("codes.values", lang).get(attribute, {})
        )
        found |= {even(say): value for value, say in names.items() if fits(attribute, value)}
    found |= {even(say): value for say, value in bank.sayings(attribute)}
    found |= {value.replace("_", " "): value for value in VALUES.get(attribute, ())}
    return tuple(found.items())


def _within(attribute: str, plain: str) -> str | None:
    """The longest known answer whose words stand in a longer one: ``Quảng cáo trên TikTok`` is TikTok."""
    if attribute not in (*VALUES, PAIN, "occupation") or attribute == "gender":
        return None
    here = f" {folded(plain)} "
    found = [
        (len(folded(say)), value) for say, value in _known(attribute) if f" {folded(say)} " in here and len(say) > 1
    ]
    return max(found)[1] if found else None


def _age(attribute: str, plain: str) -> str | None:
    numbers = [int(float(n.replace(",", "."))) for n in _NUMBER.findall(plain)]
    if not numbers or max(numbers) > 120:
        return None
    unit = "" if attribute == "age" else "m" if _MONTHS.search(plain) and not re.search(r"tuổi|year", plain) else "y"
    if attribute == "child_age" and _MONTHS.search(plain) and re.search(r"tuổi|year", plain):
        return None  # “6 tháng đến 2 tuổi”: two units, left to whoever writes the mapping
    low, high = min(numbers), max(numbers)
    if len(numbers) == 1 and _BELOW.search(plain):
        low, high = _ADULT if attribute == "age" and _ADULT < low <= _YOUNG else 0, max(low - 1, 0)
    elif len(numbers) == 1 and _ABOVE.search(plain):
        low, unit = (low, unit) if unit != "m" else (low // 12, "y")
        high = _OLDEST[attribute]
    elif len(numbers) > 2:
        return None
    return f"{low}{unit}" if low == high else f"{low}{unit}-{high}{unit}"


def _amount(plain: str) -> str | None:
    """A sum in VND, or a range of sums: a unit behind the last number counts for the others too."""
    if re.search(r"\$|usd|eur|€", plain):
        return None
    sums: list[float] = []
    unit = 1.0
    for match in reversed(list(_NUMBER.finditer(plain))):
        behind = plain[match.end() :].lstrip()
        found = next((times for pattern, times in _UNITS if pattern.match(behind)), None)
        text = match.group()
        grouped = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", text) is not None
        number = float(re.sub(r"[.,]", "", text)) if grouped else float(text.replace(",", "."))
        unit = found if found is not None else (1.0 if grouped or number >= 10_000 else unit)
        sums.insert(0, number * unit)
    if not sums or len(sums) > 2 or max(sums) < 1_000 or max(sums) > 1e12:
        return None
    if len(sums) == 2:
        return f"{min(sums):.0f}-{max(sums):.0f} VND" if sums[0] != sums[1] else f"{sums[0]:.0f} VND"
    if _BELOW.search(plain):
        return f"0-{sums[0]:.0f} VND"
    return f"{sums[0]:.0f}- VND" if _ABOVE.search(plain) else f"{sums[0]:.0f} VND"


def _children(plain: str) -> str | None:
    found = re.search(r"\d{1,2}", plain)
    return found.group() if found else None
