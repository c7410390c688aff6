"""A small market that is watched day by day, and a channel that keeps what it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine

from analysis import findings
from analysis.alerts import rounds
from analysis.alerts.channels import ChannelError
from analysis.alerts.message import TEXT, Message, write
from analysis.alerts.rounds import Round
from crawler import landing
from crawler.engines.document import Document
from crawler.landing.changes import since
from data.records import LandingPage, Offer, Page
from data.store import CrawlCounts, FetchedPage, Store, WriteBatch
from data.study import Job, Study
from data.study_alerts import Alerts, Channel
from tests.analysis.over_time import BOARD
from tests.analysis.world import World

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

    def fails(self, step: str, state: str = "failed", said: str = "Ổ đĩa đã hết chỗ.", code: int = 3) -> None:
        """A step of the night's job has just ended like that."""
        at = (self.now - timedelta(hours=1)).isoformat(timespec="seconds").replace("+00:00", "Z")
        row = {
            "job": "crawl 0 3 * * *",
            "step": step,
            "started_at": at,
            "ended_at": at,
            "state": state,
            "exit_code": code,
            "said": said,
        }
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


def set_price(watched: Watched, price: float, name: str = "Bỉm M") -> None:
    watched.says = {**watched.says, "offers": (Offer(name, price, "VND", f"{price:.0f}đ"),)}


def claims(watched: Watched, number: int) -> None:
    """Another page of the shop has so many claims."""
    watched.lines = CLAIMS[:number]
    watched.read_page(SHOP + "cam-ket")
    watched.lines = ()
