"""A XenForo board of any size, made up page by page as it is asked for: ``python -m tests.bench.board POSTS``.

It prints the board's address and serves until its standard input closes. Nothing is kept, so that its own memory stays level.
"""

from __future__ import annotations

import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_POSTS_A_PAGE, _PAGES_A_THREAD, _THREADS_A_LIST = 20, 5, 50
_A_THREAD = _POSTS_A_PAGE * _PAGES_A_THREAD
_PEOPLE = 5_000
_BEGAN = 1_700_000_000
_SAID = (
    "mình mua cho bé nhà mình dùng được hai tháng rồi, thấm hút ổn mà lưng hay bị hằn đỏ",
    "ở Hà Nội thì mua chỗ nào rẻ hơn ạ, giá này em thấy hơi chát",
    "giao hàng chậm quá, đặt từ tuần trước mà hôm nay mới tới nơi",
    "cảm ơn mom nhiều nha, để em thử xem sao",
)


def _page(body: str, following: str | None) -> bytes:
    onward = f'<a class="pageNav-jump pageNav-jump--next" href="{following}">Next</a>' if following else ""
    return f"<!DOCTYPE html><html id=XF lang=vi-VN><head><title>B</title></head><body>{body}{onward}</body></html>".encode()


def _list(number: int, threads: int) -> bytes:
    first, last = (number - 1) * _THREADS_A_LIST, min(number * _THREADS_A_LIST, threads)
    lines = "".join(
        f'<div class="structItem structItem--thread"><div class=structItem-title><a data-tp-primary=on '
        f'href="/threads/chuyen-bim.{thread + 1}/">Chuyện bỉm {thread}</a></div><div class=structItem-cell--meta>'
        f"<dl><dd>{_A_THREAD - 1}</dd></dl></div><div class=structItem-cell--latest>"
        f'<time datetime="2026-0{1 + thread % 9}-11T08:00:00+0700"></time></div></div>'
        for thread in range(first, last)
    )
    return _page(lines, f"/forums/bim.1/page-{number + 1}" if last < threads else None)


def _thread(thread: int, number: int) -> bytes:
    posts = []
    for place in range((number - 1) * _POSTS_A_PAGE, number * _POSTS_A_PAGE):
        post = (thread - 1) * _A_THREAD + place + 1
        name, said = f"thanhvien{post * 7 % _PEOPLE}", _SAID[post % len(_SAID)]
        posts.append(
            f'<article class="message message--post" data-author="{name}" data-content="post-{post}" id="js-post-{post}">'
            f'<h4 class=message-name><a class=username href="/members/{name}/">{name}</a></h4>'
            f'<header class=message-attribution><a href="/threads/chuyen-bim.{thread}/post-{post}">'
            f'<time datetime="{_BEGAN + post * 60}" data-timestamp="{_BEGAN + post * 60}"></time></a></header>'
            f"<div class=message-body><div class=bbWrapper>{said}, lần {post} rồi</div></div></article>"
        )
    following = f"/threads/chuyen-bim.{thread}/page-{number + 1}" if number < _PAGES_A_THREAD else None
    return _page(f"<h1 class=p-title-value>Chuyện bỉm {thread - 1}</h1>{''.join(posts)}", following)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    threads = 0

    def do_GET(self) -> None:
        parts = [part for part in self.path.split("/") if part]
        number = int(parts[2].removeprefix("page-")) if len(parts) > 2 else 1
        if parts[:1] == ["threads"]:
            body = _thread(int(parts[1].rpartition(".")[2]), number)
        elif parts[:1] == ["forums"]:
            body = _list(number, self.threads)
        else:
            body = b""
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return None


def main() -> None:
    _Handler.threads = max(1, int(sys.argv[1]) // _A_THREAD)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_address[1]}/forums/bim.1/", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
