"""What makes two readings of a page the same: its content, not the numbers and keys that turn with every request."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from crawler.prices import prices
from data.records import Claim, LandingPage, Offer, Testimonial

#: Counts that move by themselves: views, stars, sales, minutes left. Their digits are no change of content.
_MOVING = re.compile(
    r"đánh giá|nhận xét|bình luận|đã bán|đã mua|lượt|đang xem|review|rating|rated|sold|viewing|viewed|people are|left in stock|còn lại"
    r"|\d\s?(?:giây|phút|giờ|ngày|tuần|tháng) trước|(?:seconds?|minutes?|hours?|days?|weeks?|months?) ago|\d:\d\d|©|copyright",
    re.I,
)
_DIGITS = re.compile(r"\d+(?:[.,:/\s-]\d+)*")
_KEY = re.compile(r"(?<!\w)(?=[\w-]{0,64}\d)[\w-]{16,400}(?!\w)")
#: What a page calls a code of this request or visit: “Mã bảo mật: a8f3”, "Request ID 7Q2".
_LABELLED = re.compile(
    r"((?<!\w)(?:mã (?:bảo mật|xác nhận|xác thực|xác minh|kiểm tra|an toàn|phiên(?: làm việc)?|yêu cầu|tra cứu)|captcha|nonce|token|csrf"
    r"|(?:security|verification|session|request|trace|ray|build|visitor|client) (?:code|id|key|token|number))\s?[:#=-]?)"
    r"\s?[\w-]{3,64}(?!\w)",
    re.I,
)
#: Small letters and figures that change places more than once name nothing: k29x, but not covid19, 3tr5 or 9h30.
_NONCE = re.compile(r"(?<![\w.-])(?=[a-z0-9]{4,64}(?![\w-]))[a-z]{1,64}\d{1,64}(?:[a-z]{1,64}\d{0,64}){1,30}(?![\w.-])")


def content_hash(landing: LandingPage) -> str:
    """A hex digest of what ``landing`` says: title, texts, headings, offers, claims, audiences, questions, links.

    Lists that a page may shuffle count as sets. Numbers inside running text and in counts of reviews, sales and views are
    left out, as are keys, tokens, trackers, picture addresses and raw structured data; prices and claims keep theirs.
    """
    content: dict[str, Any] = {
        "title": settled(landing.title or ""),
        "description": settled(landing.description or ""),
        "text": [_numberless(line) for line in landing.text.splitlines()],
        "headings": [settled(heading) for heading in landing.headings],
        "offers": sorted(
            {
                f"{o.name}|{o.price}|{o.currency}|{o.per}|{o.was}" + (f"|{o.high}" if o.high else "")
                for o in landing.offers
            }
        ),
        "faqs": [list(faq) for faq in landing.faqs],
    }
    for name in ("promises", "proofs", "testimonials", "calls_to_action", "audiences", "social_links"):
        content[name] = sorted({settled(text) for text in getattr(landing, name)})
    content["claims"] = sorted({settled(f"{c.area}|{c.kind}|{c.text}") for c in landing.claims})
    written = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()


def to_json(landing: LandingPage) -> dict[str, Any]:
    """``landing`` as JSON values: tuples become lists, nothing is lost."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(landing), ensure_ascii=False, default=str))
    return plain


def from_json(said: Mapping[str, Any]) -> LandingPage:
    """The reading that :func:`to_json` wrote, of this version or an earlier one; what it did not know is left empty."""
    made: dict[str, Any] = {"offers": Offer, "claims": Claim, "voices": Testimonial}
    known = {field.name for field in fields(LandingPage)}
    values: dict[str, Any] = {}
    for name, value in said.items():
        if name in made:
            own = {field.name for field in fields(made[name])}
            values[name] = tuple(made[name](**{k: v for k, v in item.items() if k in own}) for item in value)
        elif name in known:
            values[name] = tuple(value) if isinstance(value, list) else value
    return LandingPage(**values)


def settled(text: str) -> str:
    """``text`` without keys, and without digits where it is a count that moves."""
    text = _NONCE.sub("#", _LABELLED.sub(r"\1 #", _KEY.sub("#", text)))
    return _DIGITS.sub("#", text) if _MOVING.search(text) else text


def _numberless(line: str) -> str:
    """``line`` without keys and without its numbers, save prices."""
    line = _NONCE.sub("#", _LABELLED.sub(r"\1 #", _KEY.sub("#", line)))
    if _MOVING.search(line):
        return _DIGITS.sub("#", line)
    kept, at = [], 0
    for price in prices(line):
        kept += [_DIGITS.sub("#", line[at : price.start]), f"{price.amount:g}-{price.high or 0:g} {price.currency}"]
        at = price.end
    return "".join([*kept, _DIGITS.sub("#", line[at:])])
