"""A real shop, filled with invented products and their reviews: the truth that a crawl of it is compared with. Everything is fiction."""

from __future__ import annotations

import json
import random
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from tests.servers import content
from tests.servers.real import RealForum, _environment

_VI = (
    "Bé nhà mình dùng {n} ngày thì bị đỏ mông, đổi hãng khác lại thôi.",
    "Giao {n} ngày mới tới, gói bị móp nhưng hàng bên trong còn nguyên.",
    "Mua {n} gói lúc giảm giá, thấm tốt, không rách keo.",
    "Pin sụt nhanh, sạc {n} tiếng chưa đầy, nhắn cửa hàng không ai trả lời.",
)
_EN = (
    "Lasted {n} nights without a single leak.",
    "It stopped working after {n} days and nobody answered my mail.",
    "Bought {n} of them for the whole family & they're content.",
)
_TITLES = (("Rất ưng", "Tạm được", "Thất vọng", "Đáng tiền"), ("Great", "It's ok", "Broke at once"))
#: A shop takes one review a product from each of them.
PEOPLE = (*content.PEOPLE, *(f"nguoi_mua_{number}" for number in range(40)))
#: Product, how many reviews, in which language.
_PRODUCTS = (
    ("Tã Mây Nhỏ cỡ L", 37, 0), ("Máy hâm sữa Ấm", 12, 0), ("Nôi điện Ru", 1, 0), ("Khăn sữa Bông", 0, 0),
    ("Night lamp Glow", 21, 1), ("Nappies in a green box", 10, 1), ("Bib with pocket", 3, 1), ("Ghế ăn dặm Cao", 2, 0),
    ("Bình sữa Tròn", 0, 0),
)  # fmt: skip


@dataclass
class Review:
    """One review. ``helpful`` and ``unhelpful`` are the votes on it."""

    author: str
    at: str
    stars: int
    title: str
    text: str
    helpful: int = 0
    unhelpful: int = 0

    @property
    def words(self) -> str:
        return f"{self.title}\n\n{self.text}"


@dataclass
class Product:
    title: str
    about: str
    reviews: list[Review] = field(default_factory=list)


def products(seed: int = 20261122) -> list[Product]:
    """The products with their reviews, oldest review first."""
    chance = random.Random(seed)
    number, found = 0, []
    for title, size, english in _PRODUCTS:
        product = Product(title, f"{title}: hàng hư cấu cho bản thử.")
        at = datetime(2026, 3, 1, 3, 5, tzinfo=UTC)
        for who in chance.sample(PEOPLE, size):
            number += 1
            at += timedelta(minutes=chance.randrange(5, 9_000))
            words = chance.choice((_VI, _EN)[english]).format(n=chance.randrange(2, 60))
            mark = f"(review number {number})" if english else f"(đánh giá số {number})"
            helpful, unhelpful = chance.randrange(5), chance.randrange(3)
            product.reviews.append(
                Review(
                    who,
                    at.isoformat(),
                    chance.randrange(1, 6),
                    chance.choice(_TITLES[english]),
                    f"{words} {mark}",
                    helpful,
                    unhelpful,
                )
            )
        found.append(product)
    return found


@dataclass
class RealShop(RealForum):
    """A django-oscar shop that stands, with what was put in. A context manager."""

    products: list[Product] = field(default_factory=list)

    @classmethod
    def filled(cls, name: str, folder: Path) -> Self:
        """Install and fill a shop in ``folder``. Raises :class:`~tests.servers.common.CannotInstallError`."""
        shop = cls(name, folder, _environment(name), [], products=products())
        truth: dict[str, Any] = {"people": list(PEOPLE), "products": [asdict(one) for one in shop.products]}
        path = folder / "content.json"
        path.write_text(json.dumps(truth, ensure_ascii=False), encoding="utf-8")
        shop._do("fill", str(path))
        return shop

    @property
    def reviews(self) -> list[Review]:
        return [review for product in self.products for review in product.reviews]

    def review(self, product: Product, review: Review) -> None:
        """Add a review to the shop and to the truth."""
        path = self.folder / "review.json"
        path.write_text(json.dumps(asdict(review), ensure_ascii=False), encoding="utf-8")
        self._do("review", product.title, str(path))
        product.reviews.append(review)
