"""Figures in a report's text that may be shares of people, found by rules: suggestions, for somebody to take or refuse.

A share belongs to what stands behind it (“62 % người mua là nữ”: of buyers, women) or, as a label, before it (“Nữ: 62 %”). Of
“68 % of mothers aged 25-34 buy on Shopee” the mothers are who is spoken of, and the share is that of Shopee. What is no share of
people (growth, discounts, margins of error) is left out; what no word of the codebook stands at is only counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.importers.reference.vocabulary import Word, pattern, speaks_of_ages, words_in
from data.privacy import mask

MOST = 500
_LONGEST_SENTENCE, _QUOTE, _WHO = 2_000, 300, 80
_PERCENT = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:[.,]\d{1,2})?)\s?(?:%|phần trăm|percent\b|per cent\b)(?!\s?(?:điểm|points?))", re.I
)
_OUT_OF = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:[.,]\d{3}){0,2}|\d{1,7})\s(?:trên|trong|of|out of|in)\s(?:tổng số\s|the\s|số\s)?"
    r"(\d{1,3}(?:[.,]\d{3}){0,2}|\d{1,7})(?![\d%.,]*%)(?=\s\w)", re.I
)  # fmt: skip
_N = re.compile(r"(?<!\w)n\s?=\s?(\d{1,3}(?:[.,]\d{3}){1,2}|\d{2,7})(?![\d])", re.I)
_SAMPLE = re.compile(
    r"(?:khảo sát|phỏng vấn|thăm dò|survey(?:ed)?(?: of)?|interviewed|sample of|polled|among|based on)\s"
    r"(?:với |trên |hơn |over |more than )?"
    r"(\d{1,3}(?:[.,]\d{3}){1,2}|\d{2,7})\s(?=(\w+(?:\s\w+){0,2}))", re.I
)  # fmt: skip
_END = re.compile(r"(?<=[.!?;])\s|\n")
_OF = re.compile(r"\s{0,3}(?:of|in|số|trong số|among|các|những)\s{1,3}", re.I)
_ABOUT = re.compile(r"(?:hơn|khoảng|gần|about|around|nearly|over|almost|some|có)\s{0,2}$", re.I)
_LABEL = re.compile(r"[:=(|\t–-]\s{0,3}$")
#: “Trong số nữ 25-34 tuổi, …”: whom everything in the sentence is about.
_SCOPE = re.compile(
    r"\s{0,3}(?:riêng |xét riêng |chỉ tính |nếu )?(?:trong số|trong nhóm|trong|ở nhóm|với nhóm|đối với nhóm|đối với|với|nhóm|riêng|"
    r"xét|among|amongst|"
    r"of (?=the|all|those)|within|for|in the group of)\s(?:những |các |người |số )?([^,:;]{2,120}?)\s{0,2}(?:,|thì\s)",
    re.I,
)
_FAR, _NEAR = 80, 50


@dataclass(frozen=True, slots=True)
class Figure:
    """A share that a report tells of a value; ``who`` are the people it speaks of, and ``narrow`` whether they are some people
    that the codebook can tell apart."""

    attribute: str
    value: str
    share: float
    page: int
    quote: str
    who: str | None = None
    narrow: bool = False
    n: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The figures, and how many shares had no word of the codebook."""

    figures: tuple[Figure, ...]
    others: int = 0


@dataclass(frozen=True, slots=True)
class _Share:
    start: int
    end: int
    share: float
    n: int | None = None


def find(pages: Sequence[str]) -> Found:
    """The figures of a report, page by page, at most :data:`MOST`."""
    found: dict[tuple[object, ...], Figure] = {}
    others = 0
    sizes = {size for page in pages for size in _samples(page)}
    only = next(iter(sizes)) if len(sizes) == 1 else None
    for number, page in enumerate(pages, 1):
        ages, mine = speaks_of_ages(page), _samples(page)
        n = mine[0] if len(set(mine)) == 1 else only
        for sentence in _sentences(page):
            for figure in _of(sentence, number, n, ages=ages):
                if isinstance(figure, Figure):
                    found.setdefault((number, figure.attribute, figure.value, figure.share, figure.who), figure)
                else:
                    others += 1
        if len(found) >= MOST:
            break
    return Found(tuple(found.values())[:MOST], others)


def _sentences(page: str) -> Iterator[str]:
    """Sentences, and the lines of tables; a line that only goes on is joined to the one before."""
    lines: list[str] = []
    for raw in page.splitlines():
        line = " ".join(raw.replace("\xa0", " ").split(" ")).strip()
        if not line:
            lines.append("")
            continue
        before = lines[-1] if lines else ""
        open_end = before and before[-1] not in ".!?;:" and len(before) < _LONGEST_SENTENCE
        goes_on = line[0].islower() or line[0] in "(%" or (line[0].isdigit() and not _PERCENT.search(before))
        if open_end and goes_on:
            lines[-1] = f"{before} {line}"
        else:
            lines.append(line)
    for line in lines:
        for sentence in _END.split(line):
            if any(map(str.isdigit, sentence)):
                yield sentence[:_LONGEST_SENTENCE]


def _of(sentence: str, page: int, n: int | None, *, ages: bool) -> Iterator[Figure | None]:
    """The figures of a sentence; ``None`` for a share without a word of the codebook."""
    shares = _shares(sentence)
    own = [int(_plain(match[1])) for match in _N.finditer(sentence)]
    n = own[0] if own else n
    scope = _scope(sentence[: shares[0].start], ages=ages) if shares else None
    for place, share in enumerate(shares):
        start = shares[place - 1].end if place else 0
        stop = shares[place + 1].start if place + 1 < len(shares) else len(sentence)
        before, after = sentence[start : share.start], sentence[share.end : stop]
        if _is_no_share(before, after):
            continue
        words, who = _meant(before, after, ages=ages)
        if not words:
            yield None
        if scope is not None:
            who = scope if who is None else f"{scope}, {who}"
        for word in words:
            narrow = who is not None and bool(words_in(who, ages=ages))
            quote = mask(" ".join(sentence.split()))[:_QUOTE]
            told = mask(" ".join(who.split()))[:_WHO].strip(" ,:;()") if who else ""
            yield Figure(
                word.attribute,
                word.value,
                share.share,
                page,
                quote,
                told or None,
                narrow,
                share.n or (None if narrow else n),
            )


def _scope(opening: str, *, ages: bool) -> str | None:
    """The people whom a sentence is about by its opening, where the codebook can tell them apart from all others."""
    found = _SCOPE.match(opening)
    return found[1].strip() if found is not None and words_in(found[1], ages=ages) else None


def _shares(sentence: str) -> list[_Share]:
    found = []
    for match in _PERCENT.finditer(sentence):
        value = float(match[1].replace(",", "."))
        if value <= 100:
            found.append(_Share(match.start(), match.end(), value / 100))
    for match in _OUT_OF.finditer(sentence):
        count, n = int(_plain(match[1])), int(_plain(match[2]))
        if 0 < count <= n and n >= 2 and not (1900 <= n <= 2100 and count < 100):
            found.append(_Share(match.start(), match.end(), count / n, n if n > 20 else None))
    found.sort(key=lambda one: one.start)
    return [one for place, one in enumerate(found) if not place or one.start >= found[place - 1].end]


def _is_no_share(before: str, after: str) -> bool:
    near = before[-30:]
    if any(not re.search(r"[.,;:(]", near[match.end() :]) for match in pattern("not").finditer(near)):
        return True
    ahead = pattern("not").match(after[:25].lstrip())
    return ahead is not None


def _meant(before: str, after: str, *, ages: bool) -> tuple[list[Word], str | None]:
    """The values that a share is of, and the words for the people it speaks of."""
    after, before = after[:300], before[-200:]
    label = _LABEL.search(before) is not None or _is_linked(before)
    behind = words_in(after, ages=ages)
    if not label or after.lstrip()[:1] not in ("", ",", ";", ")", "|"):
        verb = _verb(after)
        if verb is not None:
            told = [word for word in behind if word.start >= verb[0]]
            if told and told[0].start - verb[1] <= _FAR and not label:
                base = _OF.sub("", after[: verb[0]], count=1)
                return _first(told), base.strip() or None
            if told == [] and not label and behind:
                return [], None  # those are who is spoken of; what they do has no word
    if label and (told := _last(words_in(before, ages=ages), len(before))):
        return told, None
    if behind and behind[0].start <= _FAR:
        return _of_base(behind, after)
    return (told, None) if (told := _last(words_in(before, ages=ages), len(before))) else ([], None)


def _is_linked(before: str) -> bool:
    ending = _ABOUT.sub("", before.rstrip()).rstrip()
    return any(match.end() == len(ending) for match in pattern("copula").finditer(ending))


def _verb(after: str) -> tuple[int, int] | None:
    """Where what people do begins: the first verb that no comma stands before, with its end."""
    opening = _OF.match(after)
    people = pattern("people").match(after, opening.end() if opening else len(after) - len(after.lstrip()))
    match = pattern("verb").search(after, people.end() if people else 0)
    if match is None or re.search(r"[,;:(]", after[: match.start()]):
        return None
    return match.start(), match.end()


def _first(words: Sequence[Word]) -> list[Word]:
    """The first value, with what else the very same words mean or a list goes on with (“Hà Nội and Huế” is one place only)."""
    return [word for word in words if word.start == words[0].start][:1]


def _last(words: Sequence[Word], length: int) -> list[Word]:
    near = [word for word in words if length - word.end <= _NEAR]
    return [max(near, key=lambda word: (word.end, word.end - word.start))] if near else []


def _of_base(words: Sequence[Word], after: str) -> tuple[list[Word], str | None]:
    """Of “mothers aged 25-34” the last is the value, and those before it are who."""
    clause = re.split(r"[,;:(]", after)[0]
    inside = [word for word in words if word.end <= len(clause)] or list(words[:1])
    last = inside[-1]
    who = _OF.sub("", after[: last.start], count=1).strip()
    return [last], who or None


def _samples(page: str) -> list[int]:
    found = [int(_plain(match[1])) for match in _N.finditer(page)]
    found += [int(_plain(match[1])) for match in _SAMPLE.finditer(page) if pattern("people").match(match[2])]
    return [n for n in found if 10 <= n <= 10_000_000]


def _plain(number: str) -> str:
    return re.sub(r"[.,]", "", number)
