"""A small invented market on loopback that lives day by day: a busy forum, a quiet one, a competitor's shop, and a webhook."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Self

from tests.analysis.world import letters
from tests.servers.little_forum import LittleForum
from tests.servers.site import Site

MINI = "MiniCare"
_OPENINGS = (
    "Hôm qua rảnh nên ghi lại", "Con mình vừa tròn tháng", "Kể các mẹ nghe chuyện nhà mình", "Mới chuyển nhà xong",
    "Đang ngồi chờ con ngủ", "Sáng nay đi chợ về", "Ông bà ngoại lên chơi", "Trời mấy hôm nay trở lạnh",
    "Cuối tuần cả nhà về quê", "Vừa đi tiêm phòng cho con", "Tối qua thức tới khuya", "Nhà mình có hai bé",
)  # fmt: skip
_MIDDLES = (
    "bé dùng {brand} từ hồi mới sinh", "siêu thị gần nhà có bán {brand}", "chị hàng xóm cũng lấy {brand}",
    "tủ đồ còn ba bịch {brand}", "mỗi ngày hết năm miếng {brand}", "lần này lấy {brand} dạng quần",
    "bà nội quen mua {brand} rồi", "đi chơi xa vẫn mang {brand} theo", "bé mặc {brand} cỡ vừa", "mẹ chồng xách lên hai bịch {brand}",
)  # fmt: skip
_ENDINGS = (
    "ai ở gần thì rủ nhau đi dạo", "mai lại kể tiếp", "các mẹ dạo này thế nào", "bé đang tập lẫy", "bé đang tập bò rồi",
    "tối nay nấu cháo cá", "bé vừa mọc răng đầu tiên", "chiều nay cho bé ra công viên", "bé thích nghe hát ru", "bé đã biết gọi bà",
)  # fmt: skip
_SLOW = (
    "đặt {brand} mà giao hàng chậm quá, {wait}", "{brand} giao hàng trễ, {wait}", "mình thấy {brand} giao chậm, {wait}",
    "mua {brand} trên mạng mà giao hàng quá chậm, {wait}", "lần nào {brand} cũng giao hàng chậm, {wait}",
)  # fmt: skip
_WAITS = (
    "đợi cả tuần chưa thấy", "chờ từ thứ hai tới giờ", "hẹn ba ngày mà mười ngày mới tới", "bé hết bỉm mà hàng vẫn chưa tới",
    "sốt ruột quá trời", "chờ dài cả cổ", "hai tuần mới nhận được", "nhà ở ngay trung tâm mà cũng đợi mãi",
)  # fmt: skip
_DEAR = ("{brand} đắt quá, mỗi tháng tốn cả triệu", "giá {brand} cao quá, mua xót ruột")


@dataclass
class Hook:
    """A webhook that notes what it is told; ``down`` makes it answer that it cannot."""

    down: bool = False
    told: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if not hook.down:
                    hook.told.append({**json.loads(body), "path": self.path, "headers": dict(self.headers)})
                self.send_response(500 if hook.down else 200)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"json://127.0.0.1:{self._server.server_port}/hook"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class Shop(Site):
    """A competitor's page with two offers and some claims."""

    def __init__(self) -> None:
        super().__init__()
        self.prices = {f"{MINI} M 64 miếng": 259_000, f"{MINI} L 54 miếng": 269_000}

    def page(self, path: str) -> str | None:
        if path != "/":
            return None
        cards = "".join(
            f"<div class=card><h3>{name}</h3><p class=price>{price:,.0f}đ</p><a class=button href='/'>Mua ngay</a></div>".replace(
                ",", "."
            )
            for name, price in self.prices.items()
        )
        return (
            f"<!doctype html><html lang=vi><head><title>{MINI} (hư cấu)</title></head><body><main><h1>{MINI}</h1>"
            f"<section><h2>Bảng giá</h2>{cards}</section><p>Dành cho mẹ bận rộn.</p>"
            "<ul><li>Đổi trả trong 7 ngày</li><li>Miễn phí giao hàng từ 300k</li></ul></main></body></html>"
        )


class Market:
    """Both forums and the shop; ``live`` lets a day pass in them."""

    def __init__(self, seed: int = 7) -> None:
        self.busy = LittleForum(per_page=60, per_list=100)
        self.quiet = LittleForum(per_page=60, per_list=100)
        self.shop = Shop()
        self._chance = random.Random(seed)
        self._people = 0

    def __enter__(self) -> Self:
        for site in (self.busy, self.quiet, self.shop):
            site.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        for site in (self.busy, self.quiet, self.shop):
            site.__exit__(*error)

    def live(self, day: datetime, *, complaints: int = 0, quiet_forum: bool = True) -> None:
        """Let a day pass, begun at ``day`` (UTC): some write of MiniCare, few complain; ``complaints`` come on top."""
        some = [self._said() for _ in range(self._chance.choice((5, 6, 7)))]
        self._thread(self.busy, day, some + [self._complaint(_SLOW) for _ in range(complaints)])
        if quiet_forum and self._chance.random() < 0.9:
            self._thread(self.quiet, day, [self._small_talk("bỉm") for _ in range(2)])

    def _said(self) -> str:
        draw = self._chance.random()
        if draw < 0.07:
            return self._complaint(_SLOW)
        return self._complaint(_DEAR) if draw < 0.14 else self._small_talk(MINI)

    def _complaint(self, kinds: tuple[str, ...]) -> str:
        pick = self._chance.choice
        return f"{pick(_OPENINGS)}, {pick(kinds).format(brand=MINI, wait=pick(_WAITS))}. {pick(_ENDINGS).capitalize()}."

    def _small_talk(self, brand: str) -> str:
        pick = self._chance.choice
        return f"{pick(_OPENINGS)}, {pick(_MIDDLES).format(brand=brand)}. {pick(_ENDINGS).capitalize()}."

    def _thread(self, forum: LittleForum, day: datetime, texts: list[str]) -> None:
        thread = forum.thread(f"Chuyện ngày {letters(day.timetuple().tm_yday)}")
        for place, text in enumerate(texts):
            self._people += 1
            name = f"mẹ {letters(self._people)}"
            forum.reply(thread, f"{text} Mình là {name}.", author=name, at=day + timedelta(minutes=20 * place))


def history(market: Market, last: datetime, days: int) -> None:
    """``days`` ordinary days up to ``last``."""
    for back in range(days, 0, -1):
        market.live(last - timedelta(days=back))


def at(day: str, hour: int, minute: int = 0) -> datetime:
    """A moment by the clocks of Hà Nội."""
    return datetime.fromisoformat(f"{day}T{hour:02}:{minute:02}:00+07:00").astimezone(UTC)
