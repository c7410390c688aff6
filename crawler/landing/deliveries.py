"""Deliveries that a page promises within a time or to the door, whatever stands between the verb and the time.

A word list holds “giao trong”, but pages say “Giao xe tận nhà trong 48 giờ”, “Delivered to your door within 2 working days”. What
was delivered already, a time that something else takes (“hoàn tiền trong 7 ngày kể từ khi nhận hàng”) and what is delivered by nobody
(“giao dịch”, “deliver results”) is none.
"""

from __future__ import annotations

import re
from typing import Final

#: How the codes of ``sale_terms.tsv`` name them.
FAST, TO_DOOR = "delivery.fast", "delivery.to_door"
_WORD: Final = r"[^\W\d_][\w-]{0,14}"
_TIME: Final = (
    r"\d{1,3}(?:\s?(?:-|–|đến|tới|to)\s?\d{1,3})?\s?-?"
    r"(?:(?:h|giờ|tiếng|phút|ngày|tuần)|\s?(?:business |working )?(?:hours?|hrs?|days?|weeks?|minutes?|mins?))(?!\w)"
)
#: What came before is a time that runs from the delivery on, or a delivery of the past.
_VI_BEFORE: Final = (
    r"(?<!bàn )(?<!khi )(?<!lúc )(?<!ngày )(?<!đã )(?<!vừa )(?<!chưa )(?<!không )(?<!nếu )(?<!bị )(?<!\w)"
)
_VI_VERB: Final = (
    r"(?:giao(?! (?:diện|dịch|lưu|tiếp|thông|thoa|thừa|phó|việc|mùa|ban|ước|bóng|hữu|tế)(?!\w))"
    r"|ship|vận chuyển|(?:nhận|gửi|phát) (?:hàng|xe|máy|đồ|bánh|hoa|sản phẩm|kiện))(?!\w)"
)
#: Words of another act, or of a delivery that fails: the time is theirs.
_VI_OTHER: Final = (
    r"(?:và|hoặc|đổi|trả|hoàn|bảo|hủy|huỷ|kiểm|dùng|khiếu|phản|thanh|trễ|chậm|muộn|quá"
    r"|sai|thất|lỗi|kể|để|rồi|được|nhưng)(?!\w)"
)
_VI_TIME = re.compile(
    rf"{_VI_BEFORE}{_VI_VERB}(?: (?!{_VI_OTHER}){_WORD}){{0,6}}?"
    r" (?:(?:chỉ )?(?:trong(?: vòng| khoảng| tối đa)?|sau)(?: chỉ)?|chỉ|dưới|tối đa|không quá|từ(?=\s\d{1,3}\s?(?:-|–|đến|tới)))"
    rf"\s(?:từ\s)?{_TIME}(?! (?:đầu|gần|qua|vừa)(?!\w))",
    re.I,
)
_VI_DOOR = re.compile(
    rf"{_VI_BEFORE}(?:giao|ship)(?: (?!{_VI_OTHER}){_WORD}){{1,3}}?(?: và lắp(?: đặt| ráp)?)?"
    r" (?:đến |tới )?tận (?:nhà|nơi|cửa|tay|phòng|cổng)(?!\w)",
    re.I,
)
_EN_BEFORE: Final = (
    r"(?<!\w)(?<!of )(?<!after )(?<!upon )(?<!since )(?<!from )(?<!has )(?<!have )(?<!not )(?<!never )"
    r"(?<!was )(?<!were )"
)
_EN_VERB: Final = (
    r"(?:deliver(?:y|ed)|shipping|shipped|ships|arrives|dispatche[ds]|(?:we|to) (?:ship|dispatch)|at your door(?:step)?"
    r"|(?:we |gets? |get it )?delivers?(?= (?:to|your|it|free|straight|direct|nationwide"
    r"|anywhere|everywhere|locally|within|in|orders?)(?!\w))"
    r"|(?:get|receive) (?:it|your (?:order|parcel|package)))(?!\w)"
)
_EN_OTHER: Final = (
    r"(?:returns?|returned|refunds?|refunded|exchanges?|cancel|cancelled|and|or|but|late|delayed|missing|damaged|value|results?|insights?"
    r"|growth|reports?|savings?|roi|must|can|please|claims?|address|order|used|read)(?!\w)"
)
_EN_TIME = re.compile(
    rf"{_EN_BEFORE}{_EN_VERB}(?: (?!{_EN_OTHER}){_WORD}){{0,6}}?"
    rf" (?:within|in|under|in under|in as little as|in less than)(?: just| only| about)? {_TIME}(?! (?:before|ago|notice)(?!\w))",
    re.I,
)


def delivered(clause: str) -> list[str]:
    """What a clause promises of its delivery: ``delivery.fast`` with its time, ``delivery.to_door``; empty for none."""
    found = [FAST] if _VI_TIME.search(clause) or _EN_TIME.search(clause) else []
    return found + [TO_DOOR] * (_VI_DOOR.search(clause) is not None)
