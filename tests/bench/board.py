"""A XenForo board of any size, made up page by page as it is asked for: ``python -m tests.bench.board POSTS``.

It prints the board's address and serves until its standard input closes. Nothing is kept, so that its own memory stays level.
Its pages are built as XenForo 2 builds them, so that other tools which know XenForo read them too.
"""

from __future__ import annotations

import random
import sys
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_POSTS_A_PAGE, _PAGES_A_THREAD, _THREADS_A_LIST = 20, 5, 50
A_THREAD = _POSTS_A_PAGE * _PAGES_A_THREAD
_PEOPLE = 5_000
_BEGAN = 1_700_000_000
_BOARD = "/forums/bim.2/"
#: What people say is drawn from these, for every post anew: no two say nearly the same.
_TALK = (
    "mình mua cho bé nhà dùng được hai tháng rồi thấm hút ổn mà lưng hay bị hằn đỏ ở Hà Nội thì chỗ nào rẻ hơn ạ giá này em thấy "
    "hơi chát giao hàng chậm quá đặt từ tuần trước hôm nay mới tới nơi cảm ơn mom nhiều nha để thử xem sao bỉm dán quần size tràn "
    "đêm ngủ say con trai gái tròn năm mẹ chồng bảo tã vải đỡ tốn hăm da nhạy cảm bác sĩ khuyên đổi loại khác siêu thị sale cuối "
    "tháng khuyến mãi tặng khăn ướt mùi thơm nồng khó chịu không biết mọi người thế cũng vậy luôn chuẩn đúng ghê hàng thật giả tem"
)
_WORDS = _TALK.split()
_NAVIGATION = "".join(
    f'<li><div class="p-navEl"><a href="{href}" class="p-navEl-link" data-nav-id="{name}">{words}</a></div></li>'
    for name, href, words in (
        ("forums", "/", "Diễn đàn"),
        ("whatsNew", "/whats-new/", "Có gì mới"),
        ("members", "/members/", "Thành viên"),
    )
)
_HEADER = (
    '<div class="p-pageWrapper" id="top"><header class="p-header" id="header"><div class="p-header-inner">'
    '<div class="p-header-content"><div class="p-header-logo p-header-logo--image"><a href="/">Làng bỉm (hư cấu)</a></div></div>'
    f'</div></header><nav class="p-nav"><div class="p-nav-inner"><ul class="p-nav-list js-offCanvasNavSource">{_NAVIGATION}</ul>'
    '</div></nav><div class="p-body"><div class="p-body-inner">'
)
_CRUMBS = (
    '<ul class="p-breadcrumbs" itemscope itemtype="https://schema.org/BreadcrumbList">'
    '<li itemprop="itemListElement"><a href="/" itemprop="item"><span itemprop="name">Diễn đàn</span></a></li>'
    '<li itemprop="itemListElement"><a href="/categories/nha-bim.1/" itemprop="item"><span itemprop="name">Nhà bỉm</span></a></li>'
    "{more}</ul>"
)
_BOARD_CRUMB = (
    f'<li itemprop="itemListElement"><a href="{_BOARD}" itemprop="item"><span itemprop="name">Bỉm</span></a></li>'
)


def _page(template: str, title: str, crumbs: str, body: str) -> bytes:
    return (
        f'<!DOCTYPE html>\n<html id="XF" lang="vi-VN" dir="LTR" data-app="public" data-template="{template}" '
        f'data-logged-in="false" class="has-no-js template-{template}">\n<head><meta charset="utf-8" />'
        f'<title>{title} | Làng bỉm (hư cấu)</title></head>\n<body data-template="{template}">{_HEADER}{crumbs}'
        f'<div class="p-body-header"><div class="p-title"><h1 class="p-title-value">{title}</h1></div></div>'
        f'<div class="p-body-main"><div class="p-body-content"><div class="p-body-pageContent">{body}</div></div></div>'
        '</div></div><footer class="p-footer" id="footer"><a href="/help/terms/">Điều khoản</a></footer></div></body></html>'
    ).encode()


def _paging(address: str, number: int, pages: int) -> str:
    if pages < 2:
        return ""
    numbers = "".join(
        f'<li class="pageNav-page{" pageNav-page--current" if one == number else ""}">'
        f'<a href="{address}{f"page-{one}" if one > 1 else ""}">{one}</a></li>'
        for one in range(max(1, number - 2), min(pages, number + 2) + 1)
    )
    onward = f'<a href="{address}page-{number + 1}" class="pageNav-jump pageNav-jump--next">Tiếp</a>'
    return (
        '<div class="block-outer"><nav class="pageNavWrapper pageNavWrapper--mixed"><div class="pageNav">'
        f'<ul class="pageNav-main">{numbers}</ul>{onward if number < pages else ""}</div></nav></div>'
    )


def _moment(post: int) -> str:
    at = datetime.fromtimestamp(_BEGAN + post * 60, UTC)
    return (
        f'<time class="u-dt" dir="auto" datetime="{at:%Y-%m-%dT%H:%M:%S}+0000" data-time="{_BEGAN + post * 60}" '
        f'data-date-string="{at:%d/%m/%Y}" data-time-string="{at:%H:%M}" title="{at:%d/%m/%Y lúc %H:%M}">{at:%d/%m/%Y}</time>'
    )


def _index(threads: int) -> bytes:
    board = (
        '<div class="node node--id2 node--depth2 node--forum node--unread"><div class="node-body"><span class="node-icon"></span>'
        f'<div class="node-main js-nodeMain"><h3 class="node-title"><a href="{_BOARD}" data-xf-init="element-tooltip" '
        'data-shortcut="node-description">Bỉm</a></h3></div><div class="node-stats">'
        f'<dl class="pairs pairs--rows"><dt>Chủ đề</dt><dd>{threads}</dd></dl>'
        f'<dl class="pairs pairs--rows"><dt>Bài viết</dt><dd>{threads * A_THREAD}</dd></dl></div>'
        f'<div class="node-extra"><div class="node-extra-row">{_moment(threads * A_THREAD)}</div></div></div></div>'
    )
    return _page(
        "forum_list",
        "Làng bỉm",
        "",
        '<div class="block block--category block--category1"><span class="u-anchorTarget" id="nha-bim.1"></span>'
        '<div class="block-container"><h2 class="block-header"><a href="/categories/nha-bim.1/">Nhà bỉm</a></h2>'
        f'<div class="block-body">{board}</div></div></div>',
    )


def _line(thread: int) -> str:
    address, name = f"/threads/chuyen-bim.{thread}/", f"thanhvien{thread * A_THREAD * 7 % _PEOPLE}"
    return (
        f'<div class="structItem structItem--thread js-inlineModContainer js-threadListItem-{thread}" data-author="{name}">'
        '<div class="structItem-cell structItem-cell--main"><div class="structItem-title">'
        f'<a href="{address}" data-tp-primary="on" data-xf-init="preview-tooltip">Chuyện bỉm {thread}</a></div>'
        f'<div class="structItem-minor"><ul class="structItem-parts"><li>{name}</li></ul></div></div>'
        f'<div class="structItem-cell structItem-cell--meta"><dl class="pairs pairs--justified"><dt>Trả lời</dt><dd>{A_THREAD - 1}</dd>'
        f'</dl><dl class="pairs pairs--justified structItem-minor"><dt>Lượt xem</dt><dd>{thread * 31}</dd></dl></div>'
        f'<div class="structItem-cell structItem-cell--latest"><a href="{address}latest" rel="nofollow">'
        f"{_moment(thread * A_THREAD)}</a></div></div>"
    )


def _list(number: int, threads: int) -> bytes:
    """The newest thread first."""
    newest = threads - (number - 1) * _THREADS_A_LIST
    lines = "".join(_line(thread) for thread in range(newest, max(0, newest - _THREADS_A_LIST), -1))
    paging = _paging(_BOARD, number, -(-threads // _THREADS_A_LIST))
    return _page(
        "forum_view",
        "Bỉm",
        _CRUMBS.format(more=""),
        f'<div class="block" data-type="thread">{paging}<div class="block-container"><div class="block-body">'
        f'<div class="structItemContainer">{lines}</div></div></div></div>',
    )


def _post(post: int, place: int, thread: int) -> str:
    name, said = f"thanhvien{post * 7 % _PEOPLE}", " ".join(random.Random(post).choices(_WORDS, k=8 + post % 17))
    member, address = f"/members/{name}.{post * 7 % _PEOPLE + 1}/", f"/threads/chuyen-bim.{thread}/post-{post}"
    return (
        f'<article class="message message--post js-post js-inlineModContainer" data-author="{name}" data-content="post-{post}" '
        f'id="js-post-{post}"><span class="u-anchorTarget" id="post-{post}"></span><div class="message-inner">'
        '<div class="message-cell message-cell--user"><section class="message-user"><div class="message-avatar">'
        f'<div class="message-avatar-wrapper"><a href="{member}" class="avatar avatar--m avatar--default">T</a></div></div>'
        f'<div class="message-userDetails"><h4 class="message-name"><a href="{member}" class="username" dir="auto">{name}</a></h4>'
        '<h5 class="userTitle message-userTitle" dir="auto">Thành viên</h5></div><div class="message-userExtras">'
        f'<dl class="pairs pairs--justified"><dt>Bài viết</dt><dd>{post % 900}</dd></dl></div></section></div>'
        '<div class="message-cell message-cell--main"><div class="message-main js-quickEditTarget">'
        '<header class="message-attribution message-attribution--split"><ul class="message-attribution-main listInline">'
        f'<li class="u-concealed"><a href="{address}" rel="nofollow">{_moment(post)}</a></li></ul>'
        f'<ul class="message-attribution-opposite"><li><a href="{address}" rel="nofollow">#{place + 1}</a></li></ul></header>'
        f'<div class="message-content js-messageContent"><div class="message-userContent lbContainer" data-lb-id="post-{post}">'
        f'<article class="message-body js-selectToQuote"><div class="bbWrapper">{said}</div>'
        '<div class="js-selectToQuoteEnd">&nbsp;</div></article></div></div><footer class="message-footer">'
        '<div class="reactionsBar js-reactionsList"></div></footer></div></div></div></article>'
    )


def _thread(thread: int, number: int) -> bytes:
    before = (thread - 1) * A_THREAD + 1
    places = range((number - 1) * _POSTS_A_PAGE, number * _POSTS_A_PAGE)
    posts = "".join(_post(before + place, place, thread) for place in places)
    paging = _paging(f"/threads/chuyen-bim.{thread}/", number, _PAGES_A_THREAD)
    return _page(
        "thread_view",
        f"Chuyện bỉm {thread}",
        _CRUMBS.format(more=_BOARD_CRUMB),
        f'<div class="block block--messages" data-type="post">{paging}<div class="block-container lbContainer" '
        f'data-lb-id="thread-{thread}"><div class="block-body js-replyNewMessageContainer">{posts}</div></div></div>',
    )


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    threads = 0

    def do_GET(self) -> None:
        body = self._body([part for part in self.path.split("/") if part])
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _body(self, parts: list[str]) -> bytes:
        if not parts:
            return _index(self.threads)
        number = int(parts[2].removeprefix("page-")) if parts[2:] and parts[2].startswith("page-") else 1
        if parts[0] == "threads" and parts[1:]:
            return _thread(int(parts[1].rpartition(".")[2]), number)
        return _list(number, self.threads) if parts[0] == "forums" else b""

    def log_message(self, *_: object) -> None:
        return None


def main() -> None:
    _Handler.threads = max(1, int(sys.argv[1]) // A_THREAD)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_address[1]}/", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
