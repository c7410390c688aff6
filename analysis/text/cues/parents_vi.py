"""Parents who speak of themselves as such, in Vietnamese, and the class a child is in: "mẹ khóc từ sáng", "hai mẹ con", "con gái lớp 2"."""

from __future__ import annotations

from analysis.text.cues import kin_vi
from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Reading
from analysis.text.cues.who import subject_mention

_NOT_SELF_BEFORE = words(
    "các mấy bà bố ba cha ông của với hỏi gọi nhờ những một người làm là bỉm thương biếu tặng cho_ chị cô nhà con tên từ nhóm hội lớp"
    " giống gia dâu"
)
_NOT_SELF_AFTER = words(
    "chồng vợ em mình tôi tui tớ ơi nào bỉm đẻ và con nó kế già ruột bầu nội ngoại đơn bé cháu hắn ấy chị cô anh bạn ta nhà bảo hỏi_"
    " mua 9 8 sữa việt quốc"
)
_MINE = words("em mình tôi tui ở nằm dắt đi ôm ngủ ăn thôi cùng chơi dọn sống đều tự nhà lại với hai")
_ELDERS = {"chị": "female", "cô": "female", "dì": "female"}
_TELLS = words("là năm bị mới làm đây sinh cũng đang có hay ở thì chạy nay bán nuôi lấy sống xài dùng mua thấy")
#: "Chị bán hàng bảo …": somebody met.
_SAYS = words("bảo nói kêu dặn khuyên hỏi")
_CLASSES = frozenset(str(number) for number in range(1, 13))
_CLASS_OWNERS = {"child": "child", "family": "family", "self": "self"}


def read(reading: Reading) -> None:
    """Note parents and pupils."""
    norms = reading.norms
    if (
        norms[:1]
        and norms[0] in _ELDERS
        and _SAYS.isdisjoint(norms[1:5])
        and (reading.word(1) in _TELLS or reading.word(1)[:1].isdecimal())
    ):
        reading.add("gender", _ELDERS[norms[0]], 0, 1, "self", 0.6)
    if "mẹ" in reading.said or "má" in reading.said:
        _mothers(reading)
    if "lớp" in reading.said:
        _classes(reading)
    _babies(reading)


def _mothers(reading: Reading) -> None:
    norms = reading.norms
    parented = any(f.attribute == "children" and f.who == "self" for f in reading.found) or any(
        m.code == "child" for m in reading.mentions
    )
    owned = any(m.code == "parent" and m.end > m.hit.end for m in reading.mentions)
    for i, word in enumerate(norms):
        if word not in ("mẹ", "má") or reading.unreal(i):
            continue
        before, after = reading.word(i - 1), reading.word(i + 1)
        if word == "mẹ" and after == "con" and before not in ("của", "chị", "bà", "các", "bệnh"):
            if "với" in norms[max(0, i - 8) : i] and "mẹ" in norms[max(0, i - 8) : i]:
                return  # "đi với mẹ, hai mẹ con …": the author is the child
            if before in ("hai", "2", "ba", "3") or reading.word(i + 2) in _MINE:
                reading.add("gender", "female", i, i + 2, "self", 0.7)
                reading.add("children", "yes", i, i + 2, "self", 0.7)
                return
            continue
        if not parented or owned or before in _NOT_SELF_BEFORE or after in _NOT_SELF_AFTER or before[:1].isdecimal():
            continue
        reading.add("gender", "female", i, i + 1, "self", 0.6)
        return


def _classes(reading: Reading) -> None:
    """ "con gái lớp 2", "đứa lớp 8", "cháu học lớp 11": whose class it is; a grade is no age."""
    norms = reading.norms
    for i, word in enumerate(norms):
        if word != "lớp" or reading.word(i + 1) not in _CLASSES or reading.unreal(i):
            continue
        if reading.word(i - 1) in (
            "hồi",
            "từ",
            "năm",
            "hết",
            "dạy",
            "sách",
            "toán",
            "văn",
            "một",
            "các",
            "bài",
        ) or reading.word(i - 2) in ("hồi", "từ", "dạy", "bỏ", "nghỉ", "hết"):
            continue
        mention = subject_mention(reading, i)
        if mention is None or i - mention.end > 4:
            continue
        owner = _CLASS_OWNERS.get(mention.code)
        if owner == "self" and reading.word(i - 1) not in ("học", "sinh", "đang"):
            continue
        if owner is not None:
            reading.add("education", "student", i, i + 2, owner, 0.7)


def _babies(reading: Reading) -> None:
    """Having children, told by a bare "bé" with a child's doings beside it."""
    if reading.pets:
        return
    for mention in reading.mentions:
        unowned = mention.code == "child" and mention.hit.entry.notes == "of?" and mention.end == mention.hit.end
        if unowned and kin_vi.bare(reading, mention.hit) and not reading.unreal(mention.start):
            owner = subject_mention(reading, mention.start)
            if owner is None or owner.code in (
                "self",
                "child",
                "partner",
                "thing",
                "you",
                "organisation",
                "expert",
            ):
                reading.add("children", "yes", mention.start, mention.end, "self", 0.6)
                return
