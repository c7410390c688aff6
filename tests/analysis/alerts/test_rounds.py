"""One round after another on a small market: what was there is no news, what is new is told once, and only what the study wants."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from analysis import findings
from analysis.alerts import ledger, rounds
from analysis.alerts.channels import ChannelError
from analysis.alerts.event import KNOWN, SMALL, TOLD, UNWANTED, Event
from analysis.alerts.message import TEXT, Message, write
from analysis.alerts.rounds import Round
from crawler import landing
from crawler.engines.document import Document
from crawler.landing.changes import since
from data.errors import StoreError
from data.records import LandingPage, Offer, Page
from data.store import CrawlCounts, FetchedPage, Store, WriteBatch
from data.study import Job, Study
from data.study_alerts import Alerts, Channel
from tests.analysis.alerts.test_channels import HOSTILE
from tests.analysis.over_time import BOARD, Said
from tests.analysis.over_time import write as write_posts
from tests.analysis.world import MINI, STUDY, World, letters

START = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
SHOP = "https://minicare.example/"
CLAIMS = (
    "Đổi trả trong 7 ngày", "Miễn phí giao hàng từ 300k", "Hỗ trợ 24/7", "Bảo hành 12 tháng", "Trả góp 0% trong 6 tháng",
    "Hoàn tiền nếu bé bị hăm", "Giao nhanh trong 2 giờ",
)  # fmt: skip


@dataclass
class Kept:
    """A channel that keeps what it is told; ``down`` makes it fail."""

    name: str = "sổ"
    setting: Channel = field(default_factory=lambda: Channel(file="x.txt"))
    told: list[str] = field(default_factory=list)
    down: bool = False

    def send(self, message: Message, level: str, now: datetime) -> None:
        if self.down:
            raise ChannelError("không có mạng")
        self.told.append(f"{message.title}\n{write(message, TEXT, chat=False)}")


@dataclass
class Watched:
    """A market that is watched day by day."""

    world: World
    store: Store
    day: int = 0
    #: What the shop's page says.
    says: dict[str, Any] = field(default_factory=lambda: {"offers": (Offer("Bỉm M", 259000.0, "VND", "259.000đ"),)})

    #: The claims of a page that is written and read as a real one.
    lines: Sequence[str] = ()

    def _written(self, url: str) -> LandingPage:
        items = "".join(f"<li>{line}</li>" for line in self.lines)
        html = f"<html lang=vi><head><title>Bỉm</title></head><body><main><h1>Bỉm</h1><ul>{items}</ul></main></body></html>"
        return landing.read(Document(Page(url, html.encode("utf-8"))))

    @property
    def now(self) -> datetime:
        return START + timedelta(days=self.day)

    @property
    def study(self) -> Study:
        return self.world.study

    def want(self, **alerts: Any) -> None:
        study = self.world.study
        self.world.study = study.model_copy(update={"alerts": Alerts.model_validate(alerts)})
        self.world.study._path = study._path

    def scheduled(self) -> None:
        """The study has a job of the night, at whose steps a run may fail."""
        study = self.world.study
        jobs = [Job.model_validate({"what": "crawl", "every": "0 3 * * *", "then": ["analyze", "alerts"]})]
        self.world.study = study.model_copy(update={"schedule": jobs})
        self.world.study._path = study._path

    def fails(self, step: str, state: str = "failed", said: str = "Ổ đĩa đã hết chỗ.") -> None:
        """A step of the night's job has just ended like that."""
        at = (self.now - timedelta(hours=1)).isoformat(timespec="seconds").replace("+00:00", "Z")
        row = {"job": "crawl 0 3 * * *", "step": step, "started_at": at, "ended_at": at, "state": state, "said": said}
        self.store.add_rows("job_runs", [row])

    def read_page(self, url: str = SHOP) -> None:
        """The shop's page is read as a crawl reads it."""
        blank: dict[str, Any] = {"title": "Trang", "description": None, "language": "vi", "text": "…"}
        page = self._written(url) if self.lines else LandingPage(url=url, **{**blank, **self.says})
        with time_machine.travel(self.now - timedelta(hours=1), tick=False):
            source = self.store.source_id(SHOP)
            fetched = FetchedPage(Page(url, b"<html></html>", fetched_at=datetime.now(UTC)), source, "landing")
            self.store.write(
                WriteBatch(pages=[fetched], landings=[(source, page, repr((self.says, self.lines)))], compare=since)
            )

    def crawl(self, url: str = BOARD, state: str = "done", reason: str | None = None, key: str | None = None) -> None:
        with time_machine.travel(self.now - timedelta(hours=1), tick=False):
            run = self.store.begin_run("crawl")
            crawl = self.store.begin_crawl(run, self.store.source_id(url))
            self.store.end_crawl(crawl, state, CrawlCounts(), reason=reason, reason_key=key)
            self.store.end_run(run, "done")

    def analyse(self) -> None:
        with time_machine.travel(self.now - timedelta(minutes=30), tick=True):
            findings.find(self.store, self.study)

    def round(self, *ways: Kept, digest: bool = False) -> Round:
        return rounds.run(self.store, self.study, self.now, digest=digest, ways=ways)

    def states(self) -> list[tuple[str, str]]:
        found = self.store.query("select kind, state from alerts where kind <> 'start' order by alert_id")
        return [(row["kind"], row["state"]) for row in found]


@pytest.fixture
def watched(tmp_path: Path) -> Any:
    world = World(tmp_path, {**STUDY, "alerts": {}})
    with world.open() as store:
        one = Watched(world, store)
        one.read_page()
        one.day = 1
        yield one


def _price(watched: Watched, price: float, name: str = "Bỉm M") -> None:
    watched.says = {**watched.says, "offers": (Offer(name, price, "VND", f"{price:.0f}đ"),)}


def _claims(watched: Watched, number: int) -> None:
    """Another page of the shop has so many claims."""
    watched.lines = CLAIMS[:number]
    watched.read_page(SHOP + "cam-ket")
    watched.lines = ()


def test_what_was_there_is_no_news(watched: Watched) -> None:
    way = Kept()
    _price(watched, 289000.0)
    watched.read_page()
    first = watched.round(way)
    assert (first.first, first.known, first.new, way.told) == (True, 1, (), [])
    watched.day += 1
    again = watched.round(way)
    assert (again.first, again.new, way.told) == (False, (), [])


def test_what_does_not_work_the_first_time_is_told(watched: Watched) -> None:
    """Nobody has been told of it before; a price of last week is old news."""
    way = Kept()
    watched.scheduled()
    _price(watched, 289000.0)
    watched.read_page()
    for _ in range(2):
        watched.day += 1
        watched.crawl(state="failed", reason="Không kết nối được.", key="network")
    watched.crawl(SHOP, state="partial", reason="Trang đổi giao diện.", key="changed_look")
    watched.fails("analyze", "overtime", "quá 12 giờ (at_most_hours) nên bị dừng")
    first = watched.round(way)
    assert (first.first, first.known) == (True, 1)
    assert sorted(one.kind for one in first.new) == ["crawl", "crawl", "job"]
    [told] = way.told
    assert "Không kết nối được." in told
    assert "Trang đổi giao diện." in told
    assert "bước phân tích" in told
    assert "289.000đ" not in told
    watched.day += 1
    assert watched.round(way).new == ()


def test_a_job_that_the_schedule_has_no_more_is_no_trouble(watched: Watched) -> None:
    watched.fails("analyze")
    assert watched.round(Kept()).new == ()


def test_the_other_channels_tell_once_of_one_that_keeps_failing_and_when_it_works_again(watched: Watched) -> None:
    ways = Kept("được"), Kept("cũng được"), Kept("hỏng", down=True)
    good, other, bad = ways
    watched.want(to=[{"file": f"{n}.txt", "name": way.name} for n, way in enumerate(ways)])
    watched.round(*ways)
    for number in range(4):
        watched.day += 1
        bad.down = number < 3
        if number == 0:
            _price(watched, 289000.0)
            watched.read_page()
        watched.round(*ways)
    assert len(good.told) == len(other.told) == 3
    assert "Kênh báo tin “hỏng” đã 2 lần liền không gửi được, từ ngày 03/11/2026 (không có mạng)." in good.told[1]
    assert "Làm tiếp: chandung alerts --test" in good.told[1]
    assert "Kênh báo tin “hỏng” hỏng từ ngày 03/11/2026, nay đã gửi lại được" in good.told[2]
    assert ["Kênh báo tin" in told for told in bad.told] == [False]
    states = dict(watched.store.tuples("select channel, failed from alert_channels"))
    assert states == {"được": 0, "cũng được": 0, "hỏng": 0}


def test_where_no_channel_works_none_is_blamed(watched: Watched) -> None:
    ways = Kept("một", down=True), Kept("hai", down=True)
    watched.want(to=[{"file": f"{way.name}.txt", "name": way.name} for way in ways])
    watched.round(*ways)
    _price(watched, 289000.0)
    for _ in range(3):
        watched.day += 1
        watched.read_page()
        watched.round(*ways)
    for way in ways:
        way.down = False
    watched.day += 1
    watched.round(*ways)
    assert [way.told[0].count("• ") for way in ways] == [1, 1]
    assert "channel" not in dict(watched.states())


def test_a_channel_that_fails_for_minutes_is_no_news(watched: Watched) -> None:
    ways = Kept("được"), Kept("hỏng", down=True)
    watched.want(to=[{"file": f"{way.name}.txt", "name": way.name} for way in ways])
    watched.round(*ways)
    watched.day += 1
    _price(watched, 289000.0)
    watched.read_page()
    for minutes in (0, 5, 30):
        rounds.run(watched.store, watched.study, watched.now + timedelta(minutes=minutes), ways=ways)
    assert len(ways[0].told) == 1


def test_a_price_is_told_once_by_each_channel(watched: Watched) -> None:
    ways = Kept("một"), Kept("hai")
    watched.round(*ways)
    watched.day += 1
    _price(watched, 289000.0)
    watched.read_page()
    done = [watched.round(*ways) for _ in range(3)]
    assert [len(one.new) for one in done] == [1, 0, 0]
    for way in ways:
        [told] = way.told
        assert "MiniCare đổi giá: Bỉm M: 259.000đ → 289.000đ (tăng 12%)" in told
        assert "Căn cứ: https://minicare.example/" in told


def test_a_channel_that_failed_is_tried_again_and_only_that_one(watched: Watched) -> None:
    good, bad = Kept("được"), Kept("hỏng", down=True)
    watched.round(good, bad)
    watched.day += 1
    _price(watched, 289000.0)
    watched.read_page()
    done = watched.round(good, bad)
    assert [(one.channel, one.events, one.why) for one in done.told] == [
        ("được", 1, None),
        ("hỏng", 0, "không có mạng"),
    ]
    watched.day += 1
    bad.down = False
    watched.round(good, bad)
    watched.round(good, bad)
    assert (len(good.told), len(bad.told)) == (1, 1)
    [row] = watched.store.query("select tries, why from alert_deliveries where channel = 'hỏng'")
    assert row == {"tries": 1, "why": None}


def test_a_dead_channel_is_tried_less_and_less_often_unless_somebody_asks(watched: Watched) -> None:
    way, tried = Kept("hỏng", down=True), list[int]()
    watched.round(way)
    watched.day += 1
    _price(watched, 289000.0)
    watched.read_page()
    for minutes in range(0, 24 * 60, 5):
        done = rounds.run(
            watched.store, watched.study, watched.now + timedelta(minutes=minutes), ways=[way], patient=True
        )
        [told] = done.told
        assert (told.why, told.rests_until is None) == ("không có mạng", told.failed)
        tried += [minutes] if told.failed else []
    assert tried == [0, 5, 20, 80, 440, 800, 1160]
    way.down = False
    assert watched.round(way).told[0].events == 1


def test_what_a_dead_channel_missed_is_not_told_twice_when_a_digest_tells_it(watched: Watched) -> None:
    way = Kept("hỏng", down=True)
    watched.round(way)
    watched.day += 1
    _price(watched, 289000.0)
    watched.read_page()
    watched.round(way)
    watched.day += 1
    way.down = False
    watched.round(way, digest=True)
    [told] = way.told
    assert told.startswith("Chandung · ta-bim-hu-cau: tuần qua")
    assert told.count("289.000đ") == 1
    watched.round(way)
    assert len(way.told) == 1


def test_what_a_channel_took_is_told_again_only_if_it_was_not_noted(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine dies after the channel took it: it is told twice rather than never."""
    way = Kept()
    watched.round(way)
    watched.day += 1
    _price(watched, 289000.0)
    watched.read_page()
    dies = monkeypatch.context()
    with dies as dying:
        dying.setattr(ledger, "settle", _die)
        with pytest.raises(KeyboardInterrupt):
            watched.round(way)
    watched.round(way)
    watched.round(way)
    assert len(way.told) == 2


def _die(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_channel_added_later_hears_what_is_found_from_then_on(watched: Watched) -> None:
    old, new = Kept("cũ"), Kept("mới")
    watched.round(old)
    for price in (289000.0, 329000.0):
        watched.day += 10
        _price(watched, price)
        watched.read_page()
        watched.round(old, *([new] if price > 300000 else []))
    assert (len(old.told), len(new.told)) == (2, 1)


def test_small_changes_and_unwanted_kinds_are_not_told_even_when_thresholds_change(watched: Watched) -> None:
    way = Kept()
    watched.want(price_change=20, events=["price"])
    _claims(watched, 2)
    watched.round(way)
    watched.day += 1
    _price(watched, 289000.0)
    watched.read_page()
    _claims(watched, 3)
    watched.round(way)
    assert sorted(watched.states()) == [("claim", UNWANTED), ("price", SMALL)]
    watched.day += 1
    watched.want(price_change=0)
    watched.round(way)
    assert way.told == []


def test_levels_are_heard_by_the_channels_that_want_them(watched: Watched) -> None:
    everything, weighty = Kept("tất cả"), Kept("gấp", Channel(file="y.txt", level="normal"))
    _claims(watched, 2)
    watched.round(everything, weighty)
    watched.day += 1
    _claims(watched, 3)
    watched.round(everything, weighty)
    assert len(everything.told) == 1
    assert weighty.told == []


def test_the_same_change_on_two_pages_is_one_thing(watched: Watched) -> None:
    way = Kept()
    watched.read_page(SHOP + "gia")
    watched.round(way)
    _price(watched, 289000.0)
    for url in (SHOP, SHOP + "gia"):
        watched.day += 1
        watched.read_page(url)
        watched.round(way)
    assert len(way.told) == 1


def test_a_price_that_goes_there_and_back_is_told_each_time(watched: Watched) -> None:
    way = Kept()
    watched.round(way)
    for price in (289000.0, 259000.0, 289000.0):
        watched.day += 1
        _price(watched, price)
        watched.read_page()
        watched.round(way)
    assert [told.count("→") for told in way.told] == [1, 1, 1]
    assert "(giảm 10%)" in way.told[1]


def test_of_very_many_only_some_are_told_one_by_one(watched: Watched) -> None:
    way = Kept()
    watched.want(most=3)
    watched.round(way)
    watched.day += 1
    for number in range(9):
        _price(watched, 100000.0, f"Món {letters(number)}")
        watched.read_page(f"{SHOP}{number}")
        watched.day += 0
    watched.day += 1
    for number in range(9):
        _price(watched, 200000.0 + number, f"Món {letters(number)}")
        watched.read_page(f"{SHOP}{number}")
    watched.round(way)
    [told] = way.told
    assert told.startswith("Chandung · ta-bim-hu-cau: 9 tin mới")
    assert told.count("• ") == 3
    assert "Còn 6 lần đổi giá nữa" in told


def test_many_changes_of_one_page_are_one_thing(watched: Watched) -> None:
    way = Kept()
    _claims(watched, 2)
    watched.round(way)
    watched.day += 1
    _claims(watched, 6)
    done = watched.round(way)
    assert len(done.new) == 1
    first, *points = [line for line in way.told[0].splitlines() if line.startswith(("• ", "  – "))]
    assert first == "• MiniCare sửa 5 chỗ trên trang:"
    assert (len(points), points[-1]) == (4, "  – và 2 thay đổi khác")


def test_quiet_hours_hold_and_tell_together(watched: Watched) -> None:
    way = Kept()
    watched.want(quiet_hours=["00:00-12:00"])  # START is nine o'clock in Hà Nội
    watched.round(way)
    for price in (289000.0, 329000.0):
        watched.day += 1
        _price(watched, price)
        watched.read_page()
        held = watched.round(way)
        assert held.held_until is not None
        assert f"{held.held_until:%H:%M}" == "12:00"
    assert (way.told, held.waiting) == ([], 2)
    after = rounds.run(watched.store, watched.study, watched.now + timedelta(hours=4), ways=[way])
    assert (after.held_until, after.waiting) == (None, 0)
    [told] = way.told
    assert "2 tin mới" in told


def test_a_crawl_that_fails_twice_is_told_once_until_it_works_again(watched: Watched) -> None:
    way = Kept()
    watched.round(way)
    for state in ("failed", "failed", "failed", "done", "failed", "failed"):
        watched.day += 1
        watched.crawl(state=state, reason=f"Không vào được {HOSTILE}" if state == "failed" else None, key="network")
        watched.round(way)
    assert len(way.told) == 2
    assert "• Từ ngày 03/11/2026, 2 lượt liền không thu thập được " in way.told[0]


def test_a_monitor_is_told_at_once_and_a_pause_is_not(watched: Watched) -> None:
    way = Kept()
    watched.round(way)
    watched.day += 1
    watched.crawl(state="partial", reason="Bài nay không còn tên người viết.", key="authors_lost")
    watched.round(way)
    for state, key in (("partial", "some_failed"), ("partial", "budget")):
        watched.day += 1
        watched.crawl(state=state, key=key)
        watched.round(way)
    assert len(way.told) == 1
    assert "có trục trặc: Bài nay không còn tên người viết." in way.told[0]


def test_a_failed_job_is_told(watched: Watched) -> None:
    way = Kept()
    watched.round(way)
    watched.day += 1
    watched.scheduled()
    watched.fails("analyze")
    watched.round(way)
    watched.round(way)
    [told] = way.told
    assert "Việc hẹn giờ “crawl 0 3 * * *” hỏng ở bước phân tích. Ổ đĩa đã hết chỗ." in told
    assert "Làm tiếp: chandung status" in told


def test_a_verdict_is_told_when_it_turns(watched: Watched) -> None:
    way = Kept()
    _verdicts(watched, ["undecided"])
    watched.round(way)
    for verdict in ("supported", "undecided", "supported"):  # it sways at its threshold
        watched.day += 1
        _verdicts(watched, [verdict])
        watched.round(way)
    assert len(way.told) == 1
    assert """• Giả định về nhóm khách “Mẹ bỉm thành thị”: ít nhất 70% là nữ. """ in way.told[0]
    assert "Xét trên MiniCare, giả định này trước đây chưa ngã ngũ, nay được ủng hộ." in way.told[0]
    watched.day += 1
    _verdicts(watched, ["contradicted"])
    watched.round(way)
    assert len(way.told) == 2  # a reversal does not wait


def test_a_first_verdict_is_no_change(watched: Watched) -> None:
    way = Kept()
    watched.round(way)
    watched.day += 1
    _verdicts(watched, ["supported"])
    watched.round(way)
    assert way.told == []
    assert watched.states() == [("verdict", KNOWN)]


def _verdicts(watched: Watched, verdicts: Sequence[str]) -> None:
    at = (watched.now - timedelta(hours=1)).isoformat(timespec="seconds").replace("+00:00", "Z")
    run = watched.store.begin_run("find")
    watched.store.end_run(run, "failed")
    if not list(watched.store.query("select 1 from assumptions")):
        claim = {"id": "me-bim-thanh-thi.gender", "version": 1, "segment": "Mẹ bỉm", "claim": "x", "attribute": "gender", "expected": "[]",
                 "minimum_n": 5, "rule": "{}", "registered_at": at, "run_id": run}  # fmt: skip
        watched.store.add_rows("assumptions", [claim])
    watched.store.add_rows(
        "verdict_history",
        [{"assumption": "me-bim-thanh-thi.gender", "version": 1, "brand": MINI, "kind": "posts", "run_id": run, "checked_at": at,
          "verdict": verdict} for verdict in verdicts],
    )  # fmt: skip


def _complaints(watched: Watched, people: int, *, words: str, days_ago: int) -> list[Said]:
    at, hurt = watched.now - timedelta(days=days_ago, hours=2), [("complaint", "price")]
    return [
        Said(f"{words} {letters(n)}", at, MINI, (), hurt if n % 8 == 0 or words == "bão" else []) for n in range(people)
    ]


def _pained(watched: Watched, burst: int) -> None:
    said = [
        one
        for week in range(9)
        for one in _complaints(watched, 24, words=f"tuần {letters(week)}", days_ago=7 * week + 8)
    ]
    write_posts(watched.world, watched.store, said, thread="a")
    watched.analyse()
    watched.round()
    watched.day += 1
    write_posts(watched.world, watched.store, _complaints(watched, burst, words="bão", days_ago=1), thread="b")
    write_posts(watched.world, watched.store, _complaints(watched, 12, words="nền", days_ago=1), thread="c")
    watched.analyse()


def test_a_burst_of_complaints_is_told_once_and_of_the_brand(watched: Watched) -> None:
    way = Kept()
    _pained(watched, 20)
    watched.round(way)
    watched.day += 1
    watched.round(way)
    [told] = way.told
    assert "người nói về MiniCare" in told
    assert "cả thị trường" not in told
    assert told.count("  “") == 2


def test_few_people_are_never_a_number(watched: Watched) -> None:
    way = Kept()
    watched.want(pain_people=1)
    _pained(watched, 3)
    watched.round(way)
    assert way.told == []


def test_a_digest_comes_once_a_week(watched: Watched) -> None:
    way, deaf = Kept(), Kept("không", Channel(file="z.txt", digest=False))
    watched.round(way, deaf)
    watched.day += 1
    _price(watched, 289000.0)
    watched.says["promises"] = (HOSTILE,)
    watched.read_page()
    done = watched.round(way, deaf, digest=True)
    assert done.digest
    assert (len(way.told), len(deaf.told)) == (2, 1)
    assert way.told[1].startswith("Chandung · ta-bim-hu-cau: tuần qua, 27/10/2026 – 03/11/2026")
    assert "Không có bài viết mới nào." in way.told[1]
    watched.day += 2
    assert not watched.round(way, digest=True).digest
    watched.day += 5
    watched.crawl(SHOP)
    assert watched.round(way, digest=True).digest
    assert "Không có gì đáng báo: giá, sản phẩm, ưu đãi, lời trên trang và nhịp đăng bài" in way.told[2]
    assert "Tuần qua chưa phân tích lần nào nên chưa biết nỗi đau hoặc kết luận về các giả định có đổi" in way.told[2]
    watched.want(events=["price", "verdict"])
    watched.day += 7
    watched.analyse()
    watched.round(way, digest=True)
    assert "Không có gì đáng báo: kết luận về các giả định vẫn như trước." in way.told[3]
    assert "chưa đọc được trang nào của đối thủ nên chưa biết giá có đổi không" in way.told[3]


def test_a_digest_that_was_held_tells_of_what_goes_out_beside_it(watched: Watched) -> None:
    way = Kept()
    watched.want(quiet_hours=["00:00-12:00"])
    watched.round(way)
    watched.day += 1
    assert watched.round(way, digest=True).digest
    _price(watched, 289000.0)
    watched.read_page()
    watched.day += 1
    watched.round(way)
    after = watched.now + timedelta(hours=4)
    rounds.run(watched.store, watched.study, after, ways=[way])
    price, week = way.told
    assert "• MiniCare đổi giá" in price
    assert week.startswith("Chandung · ta-bim-hu-cau: tuần qua, 27/10/2026 – 04/11/2026")
    assert "• MiniCare đổi giá" in week
    rounds.run(watched.store, watched.study, after + timedelta(hours=1), ways=[way], digest=True)
    assert len(way.told) == 2
    later = after + timedelta(days=7)
    assert rounds.run(watched.store, watched.study, later, ways=[way], digest=True).digest
    assert way.told[2].startswith("Chandung · ta-bim-hu-cau: tuần qua, 04/11/2026 – 11/11/2026")


def test_what_a_clock_that_ran_ahead_has_noted_keeps_nothing_silent(watched: Watched) -> None:
    way, bad = Kept(), Kept("hỏng", Channel(file="y.txt", digest=False), down=True)
    watched.round(way)
    watched.day += 30
    _pained(watched, 20)
    assert watched.round(way, bad, digest=True).digest
    told = len(way.told)
    watched.day -= 24
    assert watched.round(way, digest=True).digest
    assert len(way.told) == told + 1
    patient = rounds.run(watched.store, watched.study, watched.now, ways=[bad], patient=True)
    assert patient.told[0].failed
    assert ledger.read(watched.store).rested("pain|MiniCare|price", watched.now, timedelta(days=28))


def test_two_rounds_at_once_are_refused(watched: Watched) -> None:
    with rounds.alone(watched.study.database), pytest.raises(StoreError), rounds.alone(watched.study.database):
        pass


def test_nothing_of_anybodys_text_is_kept_with_an_alert(watched: Watched) -> None:
    _pained(watched, 20)
    watched.round(Kept())
    details = [row["detail"] for row in watched.store.query("select detail from alerts where kind = 'pain'")]
    assert details
    assert all("bão" not in detail and isinstance(json.loads(detail), dict) for detail in details)


def test_an_event_that_bears_a_known_key_is_dropped(watched: Watched) -> None:
    event = Event(
        "price", "price|1", "page|x", "normal", "2026-11-01T00:00:00Z", MINI, {"url": SHOP, "count": 1, "changes": []}
    )
    ledger.note(watched.store, [(event, TOLD)], [(event, "sổ")], watched.now)
    assert ledger.read(watched.store).knows("price|1")
    assert [one.event.key for one in ledger.waiting(watched.store, "sổ")] == ["price|1"]
    assert replace(event, key="price|2").key == "price|2"
