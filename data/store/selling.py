"""Words by which a shop or its staff gives itself away: what they sell, what it costs, and how they answer customers.

Words are compared as they are typed and without their marks. One post proves nothing; accounts are judged by most of their posts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from data.folding import fold

#: Offers of goods. Nobody asks so: “ai ib em với” asks, “ib em” to whoever wants some sells.
_SELLING: Final = (
    r"inbox (?:em|shop|mình|ngay|để)", r"ib (?:em|shop|ngay|để|mình báo)", r"cmt (?:sđt|số điện thoại)", r"để lại (?:sđt|số điện thoại)",
    r"liên hệ (?:em|shop|ngay|zalo)", r"(?:giá|bán|nhập) sỉ", r"sỉ (?:và |& ?|, ?)?lẻ", r"tuyển (?:sỉ|ctv|đại lý|cộng tác viên)",
    r"(?:bên|shop) em (?:chuyên|có bán|đang sale|nhận order|bán|ship)", r"nhận (?:order|đặt hàng|ship)", r"thanh lý", r"xả (?:hàng|kho)",
    r"freeship (?:toàn quốc|từ|đơn)", r"ship cod", r"hàng (?:có sẵn|về rồi|sẵn kho)", r"chốt đơn", r"cam kết (?:hàng )?chính hãng",
    r"sale (?:sập sàn|sốc|khủng|sập giá|đồng giá)", r"(?:đặt|mua|chốt|order|inbox|ib) (?:ngay|liền)",
    r"số lượng có hạn", r"#quangcao", r"#qc", r"tặng (?:kèm|ngay|sách|voucher|quà)", r"(?:khuyến mãi|ưu đãi|flash sale) .{0,40}giảm",
    r"mua \d tặng \d", r"hotline", r"lh (?:zalo|sđt|ngay|em|shop)", r"limited (?:stock|time)", r"shop now", r"#ad", r"\d{1,2}% off",
    r"(?:dm|pm|message|whatsapp) (?:me|us) (?:to order|for (?:price|order|detail)s?)", r"for sale", r"wholesale", r"(?:now )?taking orders",
    r"we (?:ship|deliver) (?:nationwide|worldwide)", r"order (?:now|here|via)", r"use (?:my )?(?:promo |discount )?code",
)  # fmt: skip
#: How a shop speaks to its customers.
_STAFF: Final = (
    r"(?:shop|bên em|bên mình|cửa hàng|công ty) (?:em )?(?:xin )?(?:chân thành )?"
    r"(?:cảm ơn|cám ơn|xin lỗi|rất tiếc|chào (?:anh|chị|bạn|mẹ|ac))",
    r"dạ (?:shop|bên em|bên mình)",
    r"(?:để|nhờ) (?:shop|bên em) (?:kiểm tra|hỗ trợ|đổi|gửi)",
    r"(?:shop|bên em) (?:sẽ )?(?:hỗ trợ|kiểm tra) (?:anh|chị|bạn|mình)",
    r"(?:we are|we're) (?:so |very )?sorry (?:to hear|about|for)",
    r"thank you for (?:your (?:feedback|review|order)|reaching out|shopping)",
    r"our (?:support|customer service|customer care) team",
    r"please (?:dm|contact|email|message) us",
)
#: A sum of money as shops write it: 259k, 259.000đ, 1tr2, $12.
_PRICE: Final = re.compile(
    r"(?<![\w.,])(?:\d{1,3}(?:[.,]\d{3}){1,2} ?(?:đ|d|vnd|vnđ)?|\d{2,4} ?k|\d{1,2} ?tr(?:iệu)?\d{0,3}|\$ ?\d{1,5}(?:\.\d\d)?)(?!\w)",
    re.I,
)
#: Who tells of himself or asks tells of a seller's words, and does not sell.
_TOLD: Final = re.compile(
    r"(?<!\w)(?:tôi|toi|mình|minh|tui|tớ|mà|nhưng|nhung|chưa|chua|hôm qua|hôm trước|bị lừa|có ai|ai mua|ai dùng|i|my|was|they|but)(?!\w)",
    re.I,
)
#: So many prices make a list of them.
_LIST: Final = 3
_LONGEST: Final = 4_000


def marks(text: str) -> Iterator[str]:
    """``selling``, ``offer``, ``prices`` and ``staff``, as far as a post's text shows them. An ``offer`` sells in two different ways at
    once: nobody but a seller writes so."""
    plain = text[:_LONGEST]
    folded = fold(plain)
    sells = {found[0] for found in _pattern(_SELLING).finditer(folded)}
    if sells:
        yield "selling"
        if len(sells) > 1 and not _TOLD.search(plain):
            yield "offer"
    if _pattern(_STAFF).search(folded):
        yield "staff"
    if any(c.isdigit() for c in plain) and len({found.group() for found in _PRICE.finditer(plain)}) >= _LIST:
        yield "prices"


@cache
def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?<![\w#])(?:" + "|".join(fold(phrase) for phrase in phrases) + r")(?!\w)")
