"""What stands below a post and is nobody's words: buttons, and how many liked it."""

from __future__ import annotations

import re
from typing import Any, Final

from crawler.engines.plain import is_longer, one_line, with_digits
from crawler.engines.reading import number_in

_VERB: Final = (
    r"trả lời|trích dẫn|trích|báo cáo|báo xấu|chia sẻ|phản hồi|chỉnh sửa|sửa|xoá|xóa|cảm ơn|hữu ích|lưu|theo dõi|bình luận|gửi tin nhắn|"
    r"reply|quote|report|share|like|dislike|edit|delete|permalink|link to (?:this )?(?:post|comment)|link|parent|"
    r"flag|follow|save|thanks|helpful|upvote|downvote|vote|"
    r"give award|comment|copy link|respond|multi-?quote|top|up|"
    r"antworten|zitieren|melden|gefällt mir|teilen|répondre|citer|signaler|responder|citar"
)
_LIKED: Final = (
    r"(?:lượt )?thích|yêu thích|likes?|upvotes?|thumbs up|people like this|người thích(?: điều này)?|"
    r"gefällt mir|j'aime|me gusta"
)
_COUNT: Final = r"\(?\+?\d[\d.,]{0,8}\s?[kn]?\)?"
_SIGNS: Final = r"👍|❤️?|♥|▲|⬆|↑|👎|▼"
_BUTTON: Final = (
    rf"(?:(?:{_LIKED}|{_SIGNS})\s*:?\s*(?:{_COUNT})?|{_COUNT}\s*(?:{_LIKED}|{_SIGNS})|"
    r"(?:" + _VERB + r")(?:\s?\(\d{1,6}\))?|#\d{1,6})"
)
#: Groups that give nothing back keep hostile words cheap.
#: Two buttons or more, or one with a count: a single «Cảm ơn» is as likely a post's last word.
_BUTTONS = re.compile(
    rf"(?>{_BUTTON})(?:[\s·|•,/–—»›.-]{{0,6}}+(?>{_BUTTON})){{1,8}}+[\s·|•›»]{{0,6}}|"
    rf"(?:{_LIKED}|{_SIGNS})\s*:?\s*{_COUNT}|{_COUNT}\s*(?:{_LIKED}|{_SIGNS})",
    re.I,
)
#: Certain enough to be a count of likes: the word or the sign beside a number, and nothing else.
_LIKES = re.compile(
    rf"(?:{_LIKED}|👍|❤️?|♥|▲)\s*:?\s*(?P<after>{_COUNT})|(?P<before>{_COUNT})\s*(?:{_LIKED}|👍|❤️?|♥|▲)", re.I
)
_LONGEST: Final = 90


def are_buttons(words: str) -> bool:
    """Whether words are those of buttons and counts alone: «Thích (3) Trả lời Chia sẻ»."""
    return len(words) <= _LONGEST and _BUTTONS.fullmatch(words) is not None


def likes_shown(elements: list[Any], inside: set[Any]) -> int | None:
    """How many liked a post, where a word or sign for it and a number stand together and nowhere else in its block;
    ``inside``: the elements of the post's own words."""
    found: set[int] = set()
    for element in with_digits(elements):
        if len(element) > 2 or element in inside or is_longer(element, 30):
            continue
        words = one_line(element)
        if 1 < len(words) <= 30 and (said := _LIKES.fullmatch(words)):
            number = number_in(said["after"] or said["before"])
            if number is not None:
                found.add(number)
    return found.pop() if len(found) == 1 else None
