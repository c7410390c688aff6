"""From plain sentences about brands to relations and changes, through the reader, the store and the analysis."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from analysis import findings
from analysis.read import read
from data.records import Post, Thread
from data.store import WriteBatch
from tests.analysis.world import BE, MINI, NOW, OWN, World

_SENTENCES = {
    "Mình vừa đổi từ MiniCare sang An Nhiên vì hay tràn. {tail}": 5,
    "vua chuyen tu mini care qua an nhien ne. {tail}": 4,
    "Em đang dùng bỉm Bé Yêu được mấy tháng rồi. {tail}": 6,
    "Nhà mình vừa mua Bé Yêu ở siêu thị. {tail}": 5,
    "Có mẹ nào đổi từ Bé Yêu sang MiniCare chưa ạ? {tail}": 8,
}

_PLACES = [
    "Huế",
    "Vinh",
    "Đà Lạt",
    "Nha Trang",
    "Cần Thơ",
    "Hải Phòng",
    "Quy Nhơn",
    "Buôn Ma Thuột",
    "Sầm Sơn",
    "Phan Thiết",
]
_FOODS = ["cháo cá hồi", "khoai lang nghiền", "bún riêu", "sữa chua dẻo", "bí đỏ hầm", "súp lơ xanh", "canh mồng tơi"]
_DAYS = ["Sáng nay mưa tầm tã", "Chồng đi công tác xa", "Ông bà vừa lên chơi", "Cả khu mất điện", "Mình mới đi làm lại"]


def _tail(n: int) -> str:
    return f"{_DAYS[n % 5]}. Nhà ở {_PLACES[n % 10]}, bé mê {_FOODS[n % 7]}."


def test_changes_go_the_way_they_are_told_and_relations_are_counted_apart(tmp_path: Path) -> None:
    world = World(tmp_path)
    # Posts that differ in a number alone would be taken for copies of one text.
    texts = [
        text.format(tail=_tail(place + n)) for place, (text, many) in enumerate(_SENTENCES.items()) for n in range(many)
    ]
    posts = tuple(Post(f"p{n}", text, f"người {n}", NOW) for n, text in enumerate(texts))
    with world.open() as store:
        source = store.source_id("https://dien-dan.example/f/me-va-be/")
        thread = Thread("1", "https://dien-dan.example/t/1", "generic", "Bỉm", posts)
        store.write(WriteBatch(threads=[(source, thread)]))
        read(store, world.study)
        findings.find(store, world.study)
        changes = {(r["from_brand"], r["to_brand"]): r["authors"] for r in store.query("select * from switching")}
        assert changes == {(MINI, OWN): 9}
        told = Counter((row["brand"], row["relation"]) for row in store.query("select brand, relation from relations"))
    assert told[MINI, "left"] == 9
    assert told[OWN, "owns"] == 9
    assert told[OWN, "left"] == 0
    assert told[MINI, "owns"] == 0
    assert told[BE, "owns"] == 6
    assert told[BE, "bought"] == 5
    assert told[BE, "left"] == 0, "who asks has left nobody"
