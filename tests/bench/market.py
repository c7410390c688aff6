"""A generated market in a store: everybody, every brand and every word is made up by chance, written straight into the tables.

Nothing is read by the text pipeline: what each post tells is planted, so that only the findings are measured.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.store import open_store
from data.study import Study
from data.study_file import load

BRANDS = ("An Nhiên", *(f"Hãng {name}" for name in (
    "Bông", "Cải", "Dâu", "Én", "Gạo", "Hạ", "Kem", "Lá", "Mây", "Nắng", "Ổi",
)))  # fmt: skip
_FORUMS, _REVIEWS = 6, 1
_FIRST, _LAST = 1_700_000_000, 1_795_000_000  # November 2023 to November 2026
_SAYS = (
    "cả nhà cho mình hỏi với", "bé nhà mình dùng được hai tháng rồi", "thấy da bé mềm hơn hẳn", "giá cũng vừa phải",
    "hôm qua giao tới hơi trễ", "bên bán đổi lại ngay", "dùng đêm bị tràn ra lưng", "mỏng mà thấm nhanh lắm",
    "mẹ nào dùng rồi cho ý kiến nhé", "mình mua ở siêu thị gần nhà", "dạo này hay hết hàng", "hãng này làm ăn kỹ",
    "lần trước mua nhầm cỡ", "bé hăm nên đang tìm loại khác", "nhà mình có hai bạn nhỏ", "đặt trên mạng cho tiện",
)  # fmt: skip
_ATTRIBUTES: dict[str, tuple[tuple[str, ...], float]] = {
    "gender": (("female", "male"), 0.16),
    "age": (tuple(str(age) for age in range(19, 48)), 0.12),
    "location": (("Hà Nội", "Hồ Chí Minh", "Đà Nẵng", "Nghệ An", "Bình Dương", "Huế", "Cần Thơ", "Hải Phòng"), 0.12),
    "occupation": (("office", "teacher", "homemaker", "factory_worker", "online_seller", "health", "farmer"), 0.06),
    "income": (("6000000 VND", "9000000 VND", "18000000 VND", "40000000 VND"), 0.03),
    "budget": (("0-300000 VND", "300000-500000 VND", "1000000 VND"), 0.04),
    "price_sensitivity": (("high", "low"), 0.06),
    "marital_status": (("married", "single"), 0.06),
    "children": (("1", "2", "3", "yes", "expecting"), 0.07),
    "child_age": (("4m", "9m", "18m", "3y", "5y"), 0.10),
    "channel": (("tiktok", "facebook_group", "shopee", "store", "youtube", "forum"), 0.08),
    "value": (("safety", "price", "natural", "durability", "service"), 0.08),
    "behaviour": (("repeat_buyer", "heavy_user", "comparing", "researching", "switching_from", "recommends"), 0.14),
    "interest": (tuple(f"sở thích {number}" for number in range(300)), 0.03),
    "goal": (tuple(f"mong muốn {number}" for number in range(2000)), 0.03),
}
_PAINS = (
    "price", "quality", "durability", "performance", "usability", "design", "delivery", "service", "warranty_returns",
    "trust_fraud", "availability", "safety_health", "information",
)  # fmt: skip
_KINDS = ("complaint", "problem", "objection", "question")


@dataclass
class Market:
    """So many posts by so many authors about the :data:`BRANDS`, drawn by ``seed``."""

    folder: Path
    posts: int
    authors: int
    seed: int = 1

    def make(self) -> Study:
        """Write the study and its store."""
        path = self.folder / "study.yaml"
        path.write_text(_study(), encoding="utf-8")
        study = load(path)
        with open_store(study.database, create=True) as store:
            store.sync_study(study)
            run = store.begin_run("read", {"text": "planted"})
            store.end_run(run, "done")
        self._rng = np.random.default_rng(self.seed)
        self._brand_of = self._rng.choice(len(BRANDS), self.authors, p=_falling(len(BRANDS), 0.7))
        self._loud = self._rng.permutation(_falling(self.authors, 0.75))
        with _open(study.database) as db:
            triggers = db.execute("select name, sql from sqlite_master where type = 'trigger'").fetchall()
            for name, _ in triggers:
                db.execute(f'drop trigger "{name}"')
            self._frame(db)
            self._write(db, 1, self.posts)
            _catch_up(db)
            for _, sql in triggers:
                db.execute(sql)
        return study

    def more(self, study: Study, posts: int) -> None:
        """Write ``posts`` more, as a crawl of the next day would."""
        with _open(study.database) as db:
            self._write(db, self.posts + 1, posts, late=True)
        self.posts += posts

    def _frame(self, db: sqlite3.Connection) -> None:
        ids = range(1, self.authors + 1)
        db.executemany(
            "insert into authors (author_id, author_key, site, first_seen, last_seen) values (?, ?, ?, '', '')",
            ((n, f"khoa-{n:09}", "dien-dan.example") for n in ids),
        )
        threads = max(self.posts // 12, 1)
        sources = [
            row[0] for row in db.execute("select source_id from sources where kind <> 'site' order by source_id")
        ]
        rows = (
            (n, sources[n % len(sources)], f"t{n}", f"https://dien-dan.example/t/{n}") for n in range(1, threads + 1)
        )
        db.executemany(
            "insert into threads (thread_id, source_id, site, native_id, engine, url, title, first_seen, last_seen) "
            "values (?, ?, 'dien-dan.example', ?, 'xenforo', ?, 'Hỏi các mẹ', '', '')",
            rows,
        )
        for brand, page in db.execute(
            "select brand_id, source_id from sources where kind = 'site' and brand_id is not null order by 2"
        ).fetchall():
            content = (
                '{"promises": ["Thấm nhanh, khô thoáng", "Giao hàng nhanh"], "audiences": ["mẹ bỉm"], "offers": []}'
            )
            db.execute(
                "insert into landing_snapshots (source_id, brand_id, url, content_hash, first_seen, last_seen, text, content) "
                "values (?, ?, ?, '', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', '', ?)",
                (page, brand, f"https://trang-{brand}.example/", content),
            )

    def _write(self, db: sqlite3.Connection, first: int, count: int, *, late: bool = False) -> None:
        for start in range(first, first + count, 100_000):
            self._write_part(db, start, min(100_000, first + count - start), late=late)

    def _write_part(self, db: sqlite3.Connection, first: int, count: int, *, late: bool) -> None:
        rng = self._rng
        post = np.arange(first, first + count)
        author = rng.choice(self.authors, count, p=self._loud)
        since = _LAST - 86_400 if late else _FIRST
        at = rng.integers(since, _LAST, count).astype("datetime64[s]")
        times = np.datetime_as_string(at, unit="s", timezone="UTC")
        thread = rng.integers(1, db.execute("select count(*) from threads").fetchone()[0] + 1, count)
        source = {row[0]: row[1] for row in db.execute("select thread_id, source_id from threads")}
        of_source = dict(db.execute("select source_id, brand_id from sources").fetchall())
        reviews = {row[0] for row in db.execute("select source_id from sources where kind = 'reviews'")}
        sources = [source[number] for number in thread.tolist()]
        copies, nameless, rating = rng.random(count) < 0.03, rng.random(count) < 0.02, rng.integers(1, 6, count)
        words = rng.integers(0, len(_SAYS), (count, 4))
        own = 1 + self._brand_of[author]
        named = np.where(
            rng.random(count) < 0.4, own, np.where(rng.random(count) < 0.12, rng.integers(1, 13, count), 0)
        )
        db.executemany(
            "insert into posts (id, post_id, thread_id, author_id, source_id, posted_at, text, rating, lang, brand_id, "
            "duplicate_of, content_hash, first_seen, last_seen) values (?, ?, ?, ?, ?, ?, ?, ?, 'vi', ?, ?, '', '', '')",
            (
                (n, f"dien-dan.example/{n}", t, None if x else a + 1, s, when, ", ".join(_SAYS[w] for w in said),
                 r if s in reviews else None, b or of_source[s], f"dien-dan.example/{first}" if c and n > first else None)
                for n, t, x, a, s, when, said, r, b, c in zip(
                    post.tolist(), thread.tolist(), nameless.tolist(), author.tolist(), sources, times.tolist(),
                    words.tolist(), rating.tolist(), named.tolist(), copies.tolist(), strict=True,
                )
            ),
        )  # fmt: skip
        db.executemany(
            "insert into annotations (post, version, content_hash, lang, run_id) values (?, 'planted', '', 'vi', 1)",
            ((n,) for n in post.tolist()),
        )
        self._told(db, post, author, own)
        mentions = [(n, b, "text") for n, b in zip(post.tolist(), named.tolist(), strict=True) if b]
        mentions += [
            (n, of_source[s], "source")
            for n, s, b in zip(post.tolist(), sources, named.tolist(), strict=True)
            if of_source[s] is not None and of_source[s] != b
        ]
        db.executemany("insert into mentions (post, brand_id, how) values (?, ?, ?)", mentions)
        db.executemany("insert into pains (post, kind, category, target, brand_id, severity, start, \"end\", quote, "
                       "confidence, source_component) values (?, ?, ?, '', ?, ?, 0, 9, 'lời kể', 0.9, 'planted')",
                       self._pains(post, author, named))  # fmt: skip
        # One author in a hundred sells, and says so in every post.
        sells = post[(author % 100 == 0)]
        db.executemany("insert into post_marks (post, mark) values (?, 'contact')", ((n,) for n in sells.tolist()))

    def _told(
        self, db: sqlite3.Connection, post: NDArray[np.int64], author: NDArray[np.int64], own: NDArray[np.int64]
    ) -> None:
        """What authors tell is theirs: the same each time, but for one post in twelve; the brand draws the values apart."""
        for number, (attribute, (values, chance)) in enumerate(_ATTRIBUTES.items()):
            tells = np.flatnonzero(self._rng.random(len(post)) < chance)
            fixed = (author[tells] * 2_654_435_761 + number * 97) % 1_000_003 / 1_000_003
            tilted = fixed ** (1.0 + 0.12 * (own[tells] % 5))
            wrong = self._rng.random(len(tells)) < (1.0 if attribute in ("behaviour", "goal", "channel") else 0.08)
            place = np.where(wrong, self._rng.integers(0, len(values), len(tells)), (tilted * len(values)).astype(int))
            who = "child" if attribute == "child_age" else "self"
            rows = (
                (n, attribute, values[v], values[v] if attribute == "occupation" else None, who, 0.6 + (n % 4) / 10)
                for n, v in zip(post[tells].tolist(), place.tolist(), strict=True)
            )
            db.executemany(
                'insert into cues (post, attribute, value, "group", who, start, "end", quote, confidence, source_component) '
                "values (?, ?, ?, ?, ?, 0, 9, 'lời kể', ?, 'planted')",
                rows,
            )

    def _pains(
        self, post: NDArray[np.int64], author: NDArray[np.int64], named: NDArray[np.int64]
    ) -> Iterator[Sequence[Any]]:
        hurt = np.flatnonzero(self._rng.random(len(post)) < 0.25)
        tilt = self._rng.random(len(hurt)) ** (1 + (named[hurt] % 4) / 2)
        kinds = self._rng.choice(len(_KINDS), len(hurt), p=[0.6, 0.2, 0.1, 0.1])
        for place, share, kind in zip(hurt.tolist(), tilt.tolist(), kinds.tolist(), strict=True):
            brand = int(named[place]) if named[place] and _KINDS[kind] != "problem" else None
            yield int(post[place]), _KINDS[kind], _PAINS[int(share * len(_PAINS))], brand, 1 + place % 3


def _catch_up(db: sqlite3.Connection) -> None:
    """What the triggers would have kept, which were away while the rows were written."""
    db.execute(
        "update cues set (author_id, posted_at) = (select p.author_id, p.posted_at from posts p where p.id = cues.post)"
    )
    db.execute("update pains set posted_at = (select p.posted_at from posts p where p.id = pains.post)")
    db.execute("insert into post_counts select source_id, coalesce(brand_id, 0), count(*) from posts group by 1, 2")
    db.execute("insert into cue_counts select attribute, value, count(*) from cues group by 1, 2")


class _open:  # noqa: N801 - reads as a word of the language
    """One connection, one transaction, no waiting for the disk."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path)
        self._db.execute("pragma synchronous = off")
        self._db.execute("pragma cache_size = -200000")

    def __enter__(self) -> sqlite3.Connection:
        return self._db

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._db.commit()
        self._db.close()


def _falling(many: int, power: float) -> NDArray[np.float64]:
    weights = 1 / np.arange(1, many + 1) ** power
    return np.asarray(weights / weights.sum())


def _study() -> str:
    lines = [
        "study: cho-sinh-ra", "contact: research@example.com", "own:", f"  name: {BRANDS[0]}",
        "  sites: [https://own.example/]", "  target:", "    - segment: Mẹ thành thị", "      share_of_revenue: 0.6",
        "      assumptions:", "        - {attribute: gender, expect: female, at_least: 0.5}",
        "        - {attribute: age, expect: 25-34, at_least: 0.4}",
        "        - {attribute: location, expect: [Hà Nội, Hồ Chí Minh], at_least: 0.3}",
        "        - {attribute: price_sensitivity, expect: low, at_least: 0.4}", "        - {pain: safety_health, expect: top 3}",
        "    - segment: Mẹ tỉnh", "      share_of_revenue: 0.4", "      assumptions:",
        "        - {attribute: location, expect: [Nghệ An, Huế], at_least: 0.3}",
        "        - {attribute: income, expect: 5000000-15000000 VND, at_least: 0.5}", "competitors:",
        *(f"  - {{name: {name}, sites: [https://hang-{place}.example/]}}" for place, name in enumerate(BRANDS[1:])),
        "sources:",
        *(f"  - {{url: https://dien-dan.example/f/{n}/, kind: forum}}" for n in range(_FORUMS)),
        *(
            f"  - {{url: https://trang.example/{place}, kind: fanpage, about: {name}}}" for place, name in enumerate(BRANDS)
        ),
        f"  - {{url: https://danh-gia.example/, kind: reviews, about: {BRANDS[1]}}}",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"
