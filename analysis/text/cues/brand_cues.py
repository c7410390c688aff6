"""What is done with a brand that is named: "né B ra", "mua B lần thứ 4", "bỏ A qua B", "chọn A hay B"."""

from __future__ import annotations

from analysis.text.cues.reading import Reading

_AGAINST = frozenset({"né", "tránh", "cạch", "avoid"})
_LEAVING = frozenset({"bỏ", "dẹp"})
_TOWARDS = frozenset({"qua", "sang"})
_OR = frozenset({"hay", "hoặc", "với", "or", "vs", "and", "và"})
_CHOOSING = frozenset({"nào", "chọn", "hơn", "which", "better", "choose", "pick"})
#: A kind of goods may stand between the verb and the brand: "né bỉm B".
_KINDS = frozenset({"bỉm", "tã", "sữa", "máy", "xe", "kem", "hãng", "app", "loại", "con", "em", "dòng", "the"})


def read(reading: Reading) -> None:
    """Note behaviours towards the brands of the study."""
    norms, last = reading.norms, None
    for brand in reading.by_area["brands"]:
        clause = reading.clause(brand.start)
        if clause.quoted or clause.hypothetical:
            continue
        at = brand.start - (brand.start > clause.start and norms[brand.start - 1] in _KINDS)
        before, before2 = reading.word(at - 1), reading.word(at - 2)
        after = norms[brand.end : brand.end + 4]
        if before in _AGAINST and before2 not in ("không", "đừng", "don't"):
            _note(reading, "discourages", at - 1, brand.end)
        elif before2 == "chia" and before == "tay":
            _note(reading, "switching_from", at - 2, brand.end)
        elif before in _LEAVING and not _TOWARDS.isdisjoint(after):
            _note(reading, "switching_from", at - 1, brand.end)
            _note(reading, "switching_to", brand.end, brand.end + 2)
        elif before in ("mua", "đặt", "dùng", "xài") and not reading.negated(at - 1):
            _counted(reading, at - 1, brand.end, after, before2)
        if last is not None and last.entry.code != brand.entry.code and norms[last.end : at][:1]:
            between = norms[last.end : at]
            window = norms[max(0, last.start - 4) : brand.end + 5]
            if len(between) == 1 and between[0] in _OR and not _CHOOSING.isdisjoint(window):
                _note(reading, "comparing", last.start, brand.end)
        last = brand


def _counted(reading: Reading, start: int, end: int, after: list[str], before2: str) -> None:
    """ "mua B lần thứ 5", "mua B lần đầu", "lần đầu mình mua B"."""
    if after[:2] == ["lần", "đầu"] or (
        reading.norms[max(0, start - 3) : start - 1] == ["lần", "đầu"] and before2 in reading.grammar.selves
    ):
        _note(reading, "first_time_buyer", start, end + 2)
    elif after[:1] == ["lần"] and (after[1:2] == ["thứ"] or after[1:2] in (["2"], ["3"], ["4"], ["5"])):
        _note(reading, "repeat_buyer", start, end + 2)


def _note(reading: Reading, value: str, start: int, end: int) -> None:
    reading.add("behaviour", value, max(0, start), min(end, reading.size), "self", 0.7)
