"""Troubles that a seller says nobody will have: “không rò rỉ”, “khỏi lo chai pin”, “no more queues”, “rust-proof”; and hours of
the day, which only look like a length of time; and more of the same for the money.

Each trouble of ``troubles.tsv`` has the pain category that it would be; a word that denies it right before it makes a promise.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

from data.words import LANGUAGES

#: “Mua 10 tặng 2”: more of the same for the money, which is a matter of price; any other gift is none.
BUY_AND_GET: Final = re.compile(
    r"(?<!\w)mua \d{1,3} (?:\w{1,8} )?(?:được )?tặng (?:thêm )?\d{1,3}|(?<!\w)buy \d{1,3},? get \d{1,3}", re.I
)
#: Words that deny what follows, or say that it is taken away.
_DENIED: Final = (
    r"không|ko|chẳng|chả|khỏi|hết|chống|tránh|ngăn|ngừa|giảm|hạn chế|loại bỏ|loại trừ|khử|xóa|xua|đánh bay|tạm biệt|chấm dứt|xử lý|miễn"
    r"|no|never|zero|without|prevents?|stops?|eliminates?|ends?|avoids?|resists?|removes?|reduces?|skip|goodbye to|free (?:of|from)"
    r"|won['’]t|doesn['’]t|don['’]t|cannot|can['’]t|(?:will|does|do|can) not|anti"
)
#: What may stand between the two and changes nothing.
_BETWEEN: Final = (
    r"còn|bị|gây|hề|lo|sợ|ngại|phải|cần|mất|để lại|có|làm|gặp|ngừa|chặn|tan|với|cảnh|tình trạng|hiện tượng|vấn đề|nỗi lo|nỗi sợ|sự|một"
    r"|chút|bất kỳ|bất cứ|nào|các|dễ|lo lắng|lo ngại|về|việc|thêm|những|mọi|cả|bao giờ|ẩn|tối đa|được"
    r"|more|any|the|a|an|risk of|worry about|worrying about|cause|have|get|be|being|single|unpleasant|nasty|long|endless|again|your|you"
    r"|to|with|in|of|ever|feel|let|up|or"
)
#: Where the seller says on what condition, not what will be.
_ON_CONDITION: Final = re.compile(
    r"(?<!\w)(?:nếu|trường hợp|điều kiện|với điều kiện|phải còn|chỉ (?:áp dụng|đổi|nhận)|mới được|chịu trách nhiệm|responsible|liable"
    r"|liability|provided that|if|unless|must)(?!\w)",
    re.I,
)
#: Of a longer text only so much is read.
_LONGEST: Final = 400
_ENDINGS: Final = r"[- ](?:free|proof|resistant)(?!\w)"
#: “Trả phòng 12h”, “trước 22 giờ”.
_HOUR: Final = re.compile(
    r"(?<!\w)(?:(?:nhận|trả) phòng|check-?(?:in|out)|trước|lúc|từ|đến|tới|sau|mở cửa|đóng cửa|hạn)(?: \w{1,6})?"
    r" \d{1,2}\s?(?:h|giờ|tiếng)(?:\d\d)?(?!\w)",
    re.I,
)


def without_hours(text: str) -> str:
    """``text`` without what tells an hour of the day."""
    return _HOUR.sub(" ", text)


@cache
def _pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    codes: dict[str, str] = {}
    for language in LANGUAGES:
        path = Path(__file__).parent / "languages" / language / "troubles.tsv"
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                codes[unicodedata.normalize("NFC", row["term"]).lower()] = row["code"]
    trouble = "|".join(re.escape(term) for term in sorted(codes, key=lambda term: -len(term)))
    return (
        re.compile(
            rf"(?<!\w)(?:{_DENIED})(?!\w)[\s-]\s?(?:(?:{_BETWEEN})\s){{0,4}}(?P<denied>{trouble})(?!\w)"
            rf"|(?<!\w)(?P<proof>{trouble}){_ENDINGS}"
        ),
        codes,
    )


def relieved(clause: str) -> list[str]:
    """The pain categories of the troubles that ``clause`` denies, in order, each once; none where it only sets a condition."""
    low = unicodedata.normalize("NFC", clause[:_LONGEST]).lower()
    pattern, codes = _pattern()
    found = [codes[match["denied"] or match["proof"]] for match in pattern.finditer(low)]
    return list(dict.fromkeys(found)) if found and not _ON_CONDITION.search(low) else []
