"""Where somebody lives: a place counts with words of living, coming from or delivering to; not a trip's, a shop's, a maker's.

Values are the provinces as of before July 2025 (a city or district stands for its province); :func:`merged` names the
province that each has become since.
"""

from __future__ import annotations

from analysis.text.cues import places_vi
from analysis.text.cues.reading import Reading
from analysis.text.phrases import Hit, longest

#: Province of before July 2025 → its name among the 34 of today, where that differs.
_MERGED = {
    "Hà Giang": "Tuyên Quang", "Yên Bái": "Lào Cai", "Bắc Kạn": "Thái Nguyên", "Vĩnh Phúc": "Phú Thọ", "Hòa Bình": "Phú Thọ",
    "Bắc Giang": "Bắc Ninh", "Thái Bình": "Hưng Yên", "Hải Dương": "Hải Phòng", "Hà Nam": "Ninh Bình", "Nam Định": "Ninh Bình",
    "Quảng Bình": "Quảng Trị", "Thừa Thiên Huế": "Huế", "Quảng Nam": "Đà Nẵng", "Kon Tum": "Quảng Ngãi", "Bình Định": "Gia Lai",
    "Phú Yên": "Đắk Lắk", "Ninh Thuận": "Khánh Hòa", "Đắk Nông": "Lâm Đồng", "Bình Thuận": "Lâm Đồng", "Bình Phước": "Đồng Nai",
    "Bình Dương": "Hồ Chí Minh", "Bà Rịa - Vũng Tàu": "Hồ Chí Minh", "Long An": "Tây Ninh", "Bến Tre": "Vĩnh Long",
    "Trà Vinh": "Vĩnh Long", "Tiền Giang": "Đồng Tháp", "Bạc Liêu": "Cà Mau", "Kiên Giang": "An Giang", "Sóc Trăng": "Cần Thơ",
    "Hậu Giang": "Cần Thơ",
}  # fmt: skip

_ONCE = ("trước kia", "trước đây", "hồi trước", "hồi xưa", "ngày xưa", "hồi đó")


def merged(province: str) -> str:
    """The province of the 34 since July 2025 that ``province`` (of the 63 before) belongs to."""
    return _MERGED.get(province, province)


def read(reading: Reading) -> None:
    """Note where people live."""
    hits = reading.by_area.get("places")
    if not hits:
        return
    found = [hit for hit in longest(hits) if hit.entry.notes != "viết hoa" or not reading.doc[hit.start].text.islower()]
    foreign = {hit.code for hit in found if hit.entry.notes == "nước ngoài"}
    for start, end, value in _join(reading, found):
        nation = value in foreign and reading.word(start - 1) in ("người", "hàng", "đồ", "tiếng")
        if not reading.unreal(start) and not nation and not _once(reading, start):
            places_vi.judge(reading, start, end, value, value in foreign)


def _join(reading: Reading, hits: list[Hit]) -> list[tuple[int, int, str]]:
    """Neighbouring names are one address, the first (most exact) gives the place: "Kiến An, HP", "Dĩ An TP.HCM"."""
    joined: list[tuple[int, int, str]] = []
    for hit in hits:
        if joined:
            start, end, value = joined[-1]
            between = reading.norms[end : hit.start]
            if (
                hit.start >= end
                and len(between) <= 2
                and all(word in (",", "-", ".", "tp", "tỉnh", "(", "thành", "phố") for word in between)
            ):
                joined[-1] = (start, hit.end, value)
                continue
        joined.append((hit.start, hit.end, hit.code))
    return joined


def _once(reading: Reading, first: int) -> bool:
    """Whether "ở X" tells of an earlier time: "trước kia mình sống ở Huế"."""
    clause = reading.clause(first)
    norms = reading.norms[clause.start : first]
    said = " ".join(norms)
    return any(once in said for once in _ONCE)
