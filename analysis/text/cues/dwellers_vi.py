"""Whose a place is, in Vietnamese: of the person or the company named before it, else the author's."""

from __future__ import annotations

from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Mention, Reading
from analysis.text.cues.who import subject_mention, who

#: Firms, plants and schools: where they stand is theirs.
_FIRM_PAIRS = frozenset(
    {
        ("nhà", "máy"), ("công", "ty"), ("chi", "nhánh"), ("văn", "phòng"), ("hợp", "tác"), ("khách", "sạn"), ("nhà", "hàng"),
        ("bệnh", "viện"), ("phòng", "khám"), ("trung", "tâm"), ("tập", "đoàn"), ("công", "trường"), ("câu", "lạc"), ("cơ", "sở"),
        ("xí", "nghiệp"), ("doanh", "nghiệp"), ("trường", "mầm"), ("trường", "tiểu"), ("trường", "em"), ("trường", "mình"),
        ("trường", "tụi"), ("nhóm", "trẻ"), ("đại", "lý"), ("nhà", "xưởng"), ("làm", "homestay"),
    }
)  # fmt: skip
_FIRM_WORDS = words("cty xưởng htx kho clb resort hotel factory company team startup")
#: What one may keep oneself: where it stands, one lives.
SHOPS = words("shop quán tiệm spa salon studio cửa homestay gara garage sạp vựa trại")


def dweller(reading: Reading, first: int) -> str:
    """Whose place it is: the person's or company's named right before it, the subject's, else the author's."""
    near = beside(reading, first)
    if near is not None and trade(reading, near.start) is None:
        return "family" if near.code == "pronoun" else near.code
    owner = firm(reading, first)
    if owner is not None:
        return owner
    mention = subject_mention(reading, first)
    if mention is None or _like_me(reading, first):
        return "self"
    told = trade(reading, mention.start)
    if told is not None:
        return told
    code = who(mention.code)
    if code == "organisation" and (_small(reading, mention) or first - mention.end > 6):
        return "self"
    if mention.code == "expert" and reading.word(mention.start - 1) in ("thuốc", "khám", "viện", "tiệm", "ngành"):
        return "self"
    if code in ("other", "friend") and first - mention.end > 6:
        return "self"
    return "self" if code in ("child", "you", "pet", "thing") else code


def beside(reading: Reading, first: int) -> Mention | None:
    """The person named right before the place: "chị hàng xóm | ở Vinh"; not "lấy chồng | bên X" nor "với ba má | tại X"."""
    mention = next((m for m in reversed(reading.mentions_in(first - 5, first)) if m.end == first), None)
    if mention is None or mention.code not in _OTHERS:
        return None
    done = reading.norms[mention.start] in ("lấy", "cưới", "có") or reading.word(mention.start - 1) in (
        "với",
        "cùng",
        "lấy",
    )
    return None if done else mention


_OTHERS = words("parent partner family friend customer other pronoun")


def trade(reading: Reading, token: int) -> str | None:
    """Whose trade the word at ``token`` is: "giáo viên" may be the author."""
    return next(
        (f.who for f in reversed(reading.found[-12:]) if f.attribute == "occupation" and f.start <= token < f.end), None
    )


def _like_me(reading: Reading, first: int) -> bool:
    """ "chủ nhà như em đây ở tận X"."""
    near = reading.norms[max(0, first - 4) : first]
    return "như" in near and any(word in reading.grammar.selves for word in near)


def firm(reading: Reading, first: int) -> str | None:
    """Whose a firm before the place is: "công ty thực phẩm ở Long An", "kho mình"; one's own workshop is one's own place."""
    clause = reading.clause(max(0, first - 1))
    begin = max(clause.start, first - 9)
    norms = reading.norms[begin:first]
    for i in range(len(norms) - 1, -1, -1):
        after = norms[i + 1] if i + 1 < len(norms) else ""
        if (norms[i], after) not in _FIRM_PAIRS and norms[i] not in _FIRM_WORDS:
            continue
        if norms[i] == "team" and after == "building":
            return None
        before = norms[max(0, i - 4) : i]
        if "mở" in before or "nhân viên" in before or "viên" in before[-1:] or before[-1:] in (["ở"], ["tại"]):
            return "self"
        for found in reversed(reading.found[-12:]):
            if found.attribute == "occupation" and found.start <= begin + i <= found.end:
                return found.who
        behind = norms[i:]
        if "nhà" in behind[1:] and any(word in reading.grammar.selves for word in behind):
            return "self"
        return None if "nào" in behind or "này" in behind else "organisation"
    return None


def _small(reading: Reading, mention: Mention) -> bool:
    """One's own shop is one's own place."""
    return reading.norms[mention.start] in SHOPS
