"""What the real forums are filled with: invented people, threads over several pages, quotes, and times in UTC.

The same for every server, and the truth that a crawl of them is compared with. Everything here is fiction.
"""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

BOARDS = {"me-va-be": "Mẹ và bé", "do-dung": "Đồ dùng trong nhà", "english": "English corner"}
PEOPLE = (
    "me_bap", "bo_cua_ti", "lan_anh92", "hai.dang", "co_ba_sau", "minhchau", "tuan_ng", "ngoc-han",
    "dora_w", "piotr", "sam_hill", "yuki88", "old_mel", "rosa-k", "ben_ode", "ines_f",
)  # fmt: skip
_VI = (
    "Bé nhà mình dùng loại này được {n} ngày thì bị đỏ mông, đổi hãng khác lại thôi.",
    "Mình mua {n} gói ở siêu thị, về mở ra thì {n} miếng bị rách keo.",
    "Có mẹ nào biết chỗ nào giao nhanh không, mình chờ {n} ngày rồi mà chưa thấy đâu.",
    "Theo mình thì cứ canh giảm giá mà mua, rẻ hơn được {n} nghìn một gói.",
    "Ban đêm bé ngủ một mạch {n} tiếng không tràn, mình ưng cái này.",
    "Cảm ơn mẹ nó nhé, để mình thử xem sao rồi báo lại.",
    "Ông xã mình bảo mua loại nào cũng được, miễn đừng hết lúc {n} giờ đêm.",
)
_EN = (
    "We went through {n} packs last month and only two of them leaked.",
    "The shop took {n} days to answer and then sent the wrong size.",
    "Honestly the cheap ones are fine if you change them every {n} hours.",
    "Has anyone tried the ones in the green box? My sister swears by them.",
    "Thanks, that is exactly what I needed to know!",
    "I paid {n} dollars for delivery and it still came late.",
)
_TITLES = (
    ("me-va-be", "Tã nào không hăm cho bé da nhạy cảm?", 47),
    ("me-va-be", "Giao hàng chậm, gọi không ai nghe", 12),
    ("me-va-be", "Bé mười tháng lười bú", 23),
    ("me-va-be", "Xin kinh nghiệm đi bơi cùng con", 1),
    ("do-dung", "Máy hâm sữa dùng hai tháng đã hỏng", 18),
    ("do-dung", "Nôi điện có đáng tiền không?", 7),
    ("do-dung", "Nhà chật thì để xe đẩy ở đâu", 4),
    ("english", "Which nappies for a heavy wetter?", 33),
    ("english", "Delivery to the islands", 16),
    ("english", "Is the loyalty card worth it?", 3),
    *(("english", f"Weekly chat, week {week}", 2) for week in range(10, 32)),
)
_CHATS = ("me-va-be", "do-dung", "english")


@dataclass
class Post:
    author: str
    at: str
    text: str
    quotes: int | None = None
    likes: list[str] = field(default_factory=list)

    @property
    def when(self) -> datetime:
        return datetime.fromisoformat(self.at)


@dataclass
class Thread:
    board: str
    title: str
    posts: list[Post] = field(default_factory=list)


def threads(seed: int = 20261121, *, chats: int = 0) -> list[Thread]:
    """The threads, oldest first, and so many ``chats`` more. A post that quotes names the earlier post of its thread by its
    place."""
    chance, hearts = random.Random(seed), random.Random(seed + 1)
    number = 0
    found: list[Thread] = []
    more = [(_CHATS[chat % 3], f"Tán gẫu lần thứ {chat + 1}", 1 + chat % 6) for chat in range(chats)]
    for place, (board, title, size) in enumerate((*_TITLES, *more)):
        thread = Thread(board, title)
        days = place * 4 if place < len(_TITLES) else place * 4 % 150
        at = datetime(2026, 2, 1, 2, 20, tzinfo=UTC) + timedelta(days=days, minutes=chance.randrange(900))
        for step in range(size):
            number += 1
            at += timedelta(minutes=chance.randrange(3, 400)) if step else timedelta()
            english = board == "english"
            people = PEOPLE[8:] if english else PEOPLE[:8]
            words = [
                chance.choice(_EN if english else _VI).format(n=chance.randrange(2, 98))
                for _ in range(chance.randrange(1, 4))
            ]
            # The number makes every text its own, so that a post read twice or lost is seen.
            text = "\n\n".join([*words, f"(chuyện số {number})" if not english else f"(story number {number})"])
            quotes = chance.randrange(step) if step > 1 and chance.random() < 0.3 else None
            author = chance.choice(people)
            likes = sorted(
                hearts.sample([name for name in people if name != author], hearts.choice([0, 0, 0, 1, 2, 5]))
            )
            thread.posts.append(Post(author, at.isoformat(), text, quotes, likes))
        found.append(thread)
    return found


def as_json(made: list[Thread]) -> dict[str, Any]:
    """What the seeding scripts read."""
    return {"boards": BOARDS, "people": list(PEOPLE), "threads": [asdict(thread) for thread in made]}
