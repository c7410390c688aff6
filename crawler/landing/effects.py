"""What a product does, in numbers: “lọc sạch 99,9% vi khuẩn”, “chạy 180 phút”, “keeps hot for 12 hours”; and what a seller rules out.

No word list can hold these: a verb, a number and what it counts make them promises. Prices, discounts, hours of opening, trials and counts
of customers have numbers, too, and are none.
"""

from __future__ import annotations

import re
from typing import Final

#: What is no price: less of it is no discount.
_SUBSTANCES: Final = (
    r"(?:vi khuẩn|virus|mùi|bụi|mụn|nếp nhăn|gàu|hăm|tiếng ồn|ồn|clo\b|cặn|chất béo|dầu mỡ|dầu ăn|mỡ|calo|đường(?! đi)|muối|tinh bột"
    r"|cholesterol|rò rỉ|thất thoát|hao hụt|sai sót|lỗi|phế phẩm|khí thải|khói|co2|rung|tia uv|nhiệt|độ ẩm|rụng tóc|gãy rụng|thâm|nám"
    r"|sưng|áp lực|thời gian|công sức"
    r"|bacteria|germs|odou?rs?|dust|acne|wrinkles|dandruff|noise|fat|oil|calories|sugar|salt|leaks?|losses|waste|errors|emissions"
    r"|vibration|glare|heat loss|pain|swelling|hair loss|breakage|downtime)(?!\w)"
)
#: A verb of effect, a percentage and what it counts. A verb that also tells of prices (giảm, cut, reduce) counts only before
#: what is no price.
_SHARE: Final = re.compile(
    r"(?<!\w)(?:lọc|loại (?:bỏ|trừ)|(?:tiêu )?diệt|khử|ngăn|chặn|kháng|giữ|hút|lau|giặt|rửa|quét|tẩy|hấp thụ|đánh bay|bắt|bảo vệ|che phủ"
    r"|làm sạch|hết|(?:tự )?phân hủy|filters?|removes?|kills?|eliminates?|destroys?|blocks?|retains?|picks up|captures?|traps?|absorbs?"
    r"|cleans?|washes|wipes)"
    r"(?: (?:sạch|bụi|trừ|chặn|lại|bỏ|khô|được|out|up|away))?"
    r"\s(?:[^\W\d_]{1,10}\s){0,3}?(?:>\s?)?\d{1,3}(?:[.,]\d{1,4})?\s?%\s(?:of |các |lượng |tia )?"
    r"(?!khách|người dùng|chị em|customers|users|people)[^\W\d_]{2}"
    r"|(?<!\w)(?:giảm|reduces?|cuts?)\s(?:[^\W\d_]{1,10}\s){0,2}?\d{1,3}(?:[.,]\d{1,4})?\s?%\s(?:of |các |lượng |less |more )?"
    rf"{_SUBSTANCES}",
    re.I,
)
_TO: Final = r"(?:(?:liên tục|được|suốt|trong|tới|đến|lên tới|lên đến|hơn|trên|khoảng|cả)\s){0,3}"
_FOR: Final = r"(?:(?:for|up|to|over|more|than|at|least|about|around|an?|entire|full)\s){0,4}"
_NUMBER: Final = r"\d{1,4}(?:[.,]\d{1,3})?(?:\s?(?:-|–|đến|tới|to)\s?\d{1,4})?\+?[\s-]?"
_SHORT: Final = r"(?:phút|giờ|tiếng|h|minutes?|mins?|hours?|hrs?)(?!\w)"
_LONG: Final = rf"(?:{_SHORT}|(?:ngày|tháng|năm|lần sạc|lần giặt|days?|months?|years?|charges?|washes)(?!\w))"
#: How long it goes on: for a battery or a life that it lasts, for anything else that it does what it is for.
_LASTING: Final = re.compile(
    rf"(?<!\w)(?:pin|tuổi thọ|thời lượng|battery)(?!\w)[^.!?\n%đ₫$]{{0,40}}?{_NUMBER}{_LONG}"
    rf"|{_NUMBER}{_SHORT} (?:of )?(?:battery|playtime|runtime|run time|listening|sử dụng pin)"
    rf"|(?<!\w)(?:runs?|lasts?) {_FOR}{_NUMBER}{_LONG}|(?<!\w)(?:tuổi thọ|dùng bền) {_TO}{_NUMBER}{_LONG}"
    rf"|(?<!\w)(?:chạy|hoạt động|bay|nghe nhạc|đàm thoại) {_TO}{_NUMBER}{_SHORT}"
    rf"|(?<!\w)(?:dùng|xài|sử dụng) {_TO}{_NUMBER}(?:tháng|năm)(?!\w)",
    re.I,
)
_GOING_ON: Final = re.compile(
    rf"(?<!\w)(?:giữ (?:nhiệt|ấm|nóng|lạnh|nếp|màu|form)|lưu hương|thấm hút|khô thoáng|kháng khuẩn|chống (?:nắng|muỗi|tràn)"
    rf"|dưỡng ẩm|cấp ẩm|kiềm dầu|bám màu|bảo vệ)(?: (?:da|răng|bé|đồ uống|nước))? {_TO}{_NUMBER}{_SHORT}"
    rf"|(?<!\w)(?:stays?|keeps?(?: [^\W\d_]{{1,12}}){{0,3}}) (?:hot|cold|warm|cool|dry|fresh|sharp) {_FOR}{_NUMBER}{_LONG}"
    rf"|{_NUMBER}{_SHORT} (?:protection|dryness|hydration|moisture|coverage)",
    re.I,
)
#: How soon it is done: “sạc đầy trong 60 phút”.
_SOON: Final = re.compile(
    rf"(?<!\w)(?:làm (?:lạnh|nóng|đá|sạch)|sạc|đun sôi|nấu|sấy|thấm hút|hấp thụ|lắp)(?: [^\W\d_]{{1,8}}){{0,3}} (?:trong|chỉ|sau)"
    rf"(?: (?:vòng|chỉ|chưa tới))? {_NUMBER}(?:giây|phút|giờ|tiếng)(?!\w)"
    rf"|(?<!\w)(?:charges?|heats?|cools?|dries|boils?|cleans?|absorbs?)(?: [^\W\d_]{{1,12}}){{0,3}} in (?:just |under |only )?{_NUMBER}"
    r"(?:seconds?|minutes?|mins?|hours?)(?!\w)"
    r"|(?<!\w)(?:ready|loads?|done|cooked|set up|installed) in (?:just |under |only |less than )?(?:\d{1,3}|an?|one|two|three|five|ten) "
    r"(?:seconds?|minutes?|mins?|hours?)(?!\w)"
    rf"|(?<!\w)(?:trắng|sáng|mềm|chín|sạch|khô|mát|nóng)(?: [^\W\d_]{{1,8}}){{0,2}} (?:sau|trong)(?: (?:vòng|chỉ))? {_NUMBER}"
    r"(?:giây|phút|giờ|tiếng)(?!\w)",
    re.I,
)
#: What is saved and is no money: “tiết kiệm 40% điện”.
_SAVED: Final = re.compile(
    r"(?<!\w)(?:tiết kiệm|giảm|save[sd]?|saving|uses?)(?: (?:đến|tới|hơn|trên|thêm|được|up|to|over|more|than)){0,3} \d{1,2}(?:[.,]\d)?\s?%"
    r" (?:of (?:your |the )?|lượng |tiền |less |more )?(?:điện|nước|năng lượng|xăng|nhiên liệu|gas|thời gian|diện tích|công sức"
    r"|energy|electricity|water|power|fuel"
    r"|time|space)(?! bill)(?!\w)",
    re.I,
)
_LESS: Final = re.compile(
    rf"(?<!\w)(?:giảm|reduces?|cuts?|save[sd]?|uses?)\s(?:[^\W\d_]{{1,10}}\s){{0,2}}?\d{{1,3}}(?:[.,]\d{{1,4}})?\s?%"
    rf"\s(?:of |các |lượng |less |more )?{_SUBSTANCES}",
    re.I,
)
#: A result in pounds, points or hand's breadths: “giảm 5kg sau 8 tuần”, “tăng 1.0 band”.
_BY: Final = re.compile(
    rf"(?<!\w)(?:giảm|tăng|lose|gain)\s(?:[^\W\d_]{{1,10}}\s){{0,2}}?{_NUMBER}(?:kg|kí|ký|cân|cm|điểm|tông|tone|band|pounds|lbs|points|inches)"
    r"(?!\w)(?! (?:thưởng|tích|thành viên))|(?<!\w)lên \d{1,2}(?:\s?-\s?\d{1,2})? (?:tông|tone)(?!\w)",
    re.I,
)
#: How far it goes: “đi được 120 km mỗi lần sạc”.
_FAR: Final = re.compile(
    rf"(?<!\w)(?:đi|chạy) (?:được|tới|đến|hơn|xa) {_TO}{_NUMBER}(?:km|cây số)(?!\w)"
    rf"|{_NUMBER}(?:km|miles?) (?:on (?:one|a single)|per) charge"
    rf"|{_NUMBER}km (?:mỗi|một|/) ?lần sạc",
    re.I,
)
#: What runs or holds for a time without being a product's doing.
_OF_A_SALE: Final = re.compile(
    r"(?<!\w)(?:khuyến mãi|khuyến mại|ưu đãi|chương trình|quảng cáo|chiến dịch|giảm giá|đồng giá|dùng thử|bảo hành|đổi trả|trả góp"
    r"|hoàn tiền|mở cửa|giờ mở|giờ làm|làm việc|bay từ|tour|khởi hành"
    r"|sale|offer|promotion|discount|trial|campaign|warranty|guarantee|refund|open)(?!\w)",
    re.I,
)  # fmt: skip
#: The hour of a day, no length of time: “hoạt động từ 8 giờ đến 22 giờ”, “đến 22h”.
_OF_THE_CLOCK: Final = re.compile(
    r"(?<!\w)(?:từ|lúc|trước|sau|from|until|till) \d{1,2}(?::\d\d)?\s?(?:h|giờ|am|pm)?(?!\w)"
    r"|\d{1,2}\s?(?:h|giờ)\s?(?:-|–|đến|tới)\s?\d{1,2}\s?(?:h|giờ)"
    r"|24/7|hằng ngày|hàng ngày|mỗi ngày|daily|a day",
    re.I,
)
#: What the seller will not do. The same words with what nobody wants are a promise: “không giao nhầm”, “bảo hành không rườm rà”.
_KEPT: Final = r"(?! (?:\w{1,8} )?(?:chậm|trễ|muộn|nhầm|sai|lòng vòng|rườm rà|phiền|khó khăn|ép|kèm))"
_TERM: Final = (
    r"(?:bảo hành|đổi trả|đổi hàng|trả hàng|nhận (?:đổi|trả|hoàn)|hoàn tiền|hoàn (?:lại )?(?:tiền|phí|cọc)|hoàn lại|giao hàng|ship"
    r"|hỗ trợ|đổi size|miễn phí|khuyến mãi|chính sách|ưu đãi)"
)
_NOT_OURS: Final = re.compile(
    rf"(?<!\w)(?:không|ko|chưa|từ chối|ngoại trừ|ngừng|miễn trừ) (?:được |áp dụng |chấp nhận |nhận |thuộc |nằm trong |có |phải )*"
    rf"(?:diện |phạm vi |điều kiện |chính sách |chế độ )*{_TERM}{_KEPT}"
    rf"|{_TERM}(?: \w{{1,12}}){{0,4}}:? (?:không|chưa|ko) (?:áp dụng|bao gồm|có hiệu lực|tính)(?!\w)"
    r"|(?<!\w)(?:(?:do|does|will|can) not|don['’]t|doesn['’]t|won['’]t|cannot|can['’]t|unable to) "
    r"(?:\w{1,10} ){0,2}?(?:cover|refund|return|exchange|accept|ship|deliver|include|apply|offer)\w{0,3}(?!\w)"
    r"|(?<!\w)(?:(?:are|is) )?not (?:covered|included|refundable|returnable|eligible|exchanged)(?!\w)"
    r"|(?<!\w)(?:no (?:returns|refunds|exchanges|warranty|cod)|non-?refundable|void if|excludes|excluding)(?!\w)",
    re.I,
)
#: What is ruled out ends with its part of the sentence.
_PARTS: Final = re.compile(r"(,\s+|;\s*|\s[–—-]\s|\s(?:nhưng|but)\s)")
_NO_HITCH: Final = re.compile(r"(?<!\w)no (?:returns|refunds) (?:hassle|fee)|no[- ]hassle", re.I)
PERFORMANCE: Final = "performance"
DURABILITY: Final = "durability"


def effect(clause: str) -> str | None:
    """The pain category that a counted effect or length of time in a clause answers, ``None`` where it holds none."""
    if any(way.search(clause) for way in (_SHARE, _SAVED, _BY, _FAR)):
        return PERFORMANCE
    if _OF_A_SALE.search(clause) or _OF_THE_CLOCK.search(clause):
        return None
    if _LASTING.search(clause):
        return DURABILITY
    return PERFORMANCE if _GOING_ON.search(clause) or _SOON.search(clause) else None


def without_savings(clause: str) -> str:
    """``clause`` without what is saved or lessened that is no money, which is no discount."""
    return _LESS.sub(" ", _SAVED.sub(" ", clause))


def without_exclusions(clause: str) -> str:
    """``clause`` without the parts in which the seller rules something out (“Không bảo hành máy rơi vỡ”): they promise nothing."""
    if not _NOT_OURS.search(clause):
        return clause
    return "".join(part for part in _PARTS.split(clause) if _NO_HITCH.search(part) or not _NOT_OURS.search(part)).strip(
        " ,;–—-"
    )
