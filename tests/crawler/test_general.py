"""The general reader finds posts by how a page is built: blocks alike, each with a date, somebody's name, and words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from crawler.engines.document import Document
from crawler.engines.general import General
from crawler.extract import extract
from data.records import Page

VI = (
    "Bé nhà em dùng loại này hay bị hăm, các mẹ cho em hỏi loại nào thấm hút tốt hơn ạ?",
    "Mình dùng loại dán thấy ổn, thay bốn tiếng một lần là không hăm đâu.",
    "Giá bao nhiêu một gói vậy bạn, siêu thị gần nhà mình hết hàng rồi.",
    "Nhà mình mua trên mạng, một bịch lớn dùng được hai tuần, giao rất nhanh.",
    "Cảm ơn các mẹ, để em thử đổi loại xem sao rồi em báo lại.",
)
EN = (
    "My baby gets a rash from these every night, which brand do you use?",
    "We switched to the blue pack in size three and the rash was gone in a week.",
    "How much is one pack? Our supermarket has been out of stock since Monday.",
    "About twelve dollars for forty, and delivery takes two days where we live.",
    "Thanks everyone, I will try another brand and tell you how it went.",
)
NAMES = ("Lan", "Mẹ Bắp", "hoa.nguyen", "Lan", "Tú Anh")


def page(body: str, url: str = "https://x.example/bai/1-hoi-ve-bim.html", lang: str = "vi") -> Page:
    frame = "<div class='dau'><a href='/'>Trang chủ</a></div>{}<div class='chan'>Trang thử, mọi người đều hư cấu</div>"
    html = f"<html lang='{lang}'><head><title>Hỏi</title></head><body>{frame.format(body)}</body></html>"
    return Page(url, html.encode(), fetched_at=datetime(2026, 11, 21, tzinfo=UTC))


def posts(
    form: str, count: int, texts: Sequence[str], date: str = "{day:02}/03/2025 09:0{minute}", quote: str = ""
) -> str:
    return "<h1>Hỏi về bỉm</h1>" + "".join(
        form.format(
            number=at + 11,
            who=NAMES[at],
            when=date.format(day=at + 1, minute=at),
            text=(quote if at == 2 else "") + texts[at],
        )
        for at in range(count)
    )


FORMS = {
    "classes in Vietnamese, profile links": "<div class='bai' id='b{number}'><div class='nguoi'><a href='/nguoi/{who}'>{who}</a></div>"
    "<div class='luc'>{when}</div><div class='noidung'>{text}</div></div>",
    "neither ids nor links": "<div class='bai'><div class='nguoi'>{who}</div>"
    "<div class='luc'>{when}</div><div class='noidung'>{text}</div></div>",
    "no classes within": "<div class='o'><div>{who}</div><div>{when}</div><div>{text}</div></div>",
    "a bold name": "<div class='item'><b>{who}</b> <span>{when}</span><p>{text}</p></div>",
    "name and date in one piece": "<div class='item'><div class='h'>{who} · {when}</div><p>{text}</p></div>",
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize(
    ("texts", "date", "lang"),
    [(VI, "{day:02}/03/2025 09:0{minute}", "vi"), (EN, "March {day}, 2025 10:0{minute} am", "en")],
    ids=["vi", "en"],
)
@pytest.mark.parametrize("count", [5, 4, 2])
def test_posts_are_found_by_their_build(form: str, texts: Sequence[str], date: str, lang: str, count: int) -> None:
    read = extract(page(posts(form, count, texts, date), "https://x.example/so/1", lang))
    assert (read["kind"], [post["author"] for post in read["posts"]]) == ("thread", list(NAMES[:count]))
    assert [post["text"] for post in read["posts"]] == list(texts[:count])
    assert [post["posted_at"][:8] for post in read["posts"]] == ["2025-03-"] * count


@pytest.mark.parametrize(
    "quote",
    [
        "<div class='trichdan'>Lan viết: Bé nhà em dùng loại này hay bị hăm</div>",
        "<div class='trichdan'>Bé nhà em dùng loại này hay bị hăm, các mẹ cho em hỏi</div>",
        "<div class='xam'><b>Lan đã viết:</b><br>Bé nhà em dùng loại này hay bị hăm</div>",
        "<div>Lan wrote: Bé nhà em dùng loại này hay bị hăm</div>",
        "<div>Originally Posted by Lan<br>Bé nhà em dùng loại này hay bị hăm</div>",
    ],
)
def test_a_quote_is_known_by_what_it_says_whatever_its_class(quote: str) -> None:
    form = FORMS["classes in Vietnamese, profile links"]
    read = extract(page(posts(form, 5, VI, quote=quote)))
    third = read["posts"][2]
    assert (third["own_text"], third["reply_to"]) == (VI[2], read["posts"][0]["post_id"])
    assert third["text"].startswith("> ")
    assert third["text"].endswith(VI[2])
    assert third["quoted"].startswith("Bé nhà em dùng loại này hay bị hăm")
    assert not any(post["quoted"] for post in read["posts"] if post is not third)


@pytest.mark.parametrize(
    "words",
    ["<div>Mẹ mình nói: dùng loại này hay bị hăm</div>", "<div>Lan viết: hay bị hăm<br><br>Bé nhà mình cũng vậy</div>"],
)
def test_an_authors_own_words_in_a_plain_block_stay(words: str) -> None:
    read = extract(page(posts(FORMS["classes in Vietnamese, profile links"], 5, VI, quote=words)))
    assert not any(post["quoted"] for post in read["posts"])


NO_THREADS = {
    "news": "<div class='tin'><h3>{title}</h3><i>{day}/03/2025</i><p>{text}</p></div>",
    "news with links": "<div class='tin'><a href='/tin/{day}'>{title}</a> <i>{day}/03/2025 09:00</i><p>{text}</p></div>",
    "releases": "<div class='ban'><h3>Version 1.{day}</h3><i>{day}/03/2025</i><p>{text}</p></div>",
    "events to come": "<div class='hen'><b>{title}</b><i>{day}/03/2027 09:00</i><p>{text}</p></div>",
    "recipes": "<article class='mon'><h3>{title}</h3><p>{text}</p></article>",
    "offers": "<div class='hang'><b>{title}</b><span>{day}89.000đ</span><p>{text}</p></div>",
}


@pytest.mark.parametrize("form", NO_THREADS.values(), ids=NO_THREADS.keys())
def test_what_is_built_alike_and_nobody_wrote_to_anybody_is_no_thread(form: str) -> None:
    titles = ("Ra mắt loại mới", "Giảm giá cuối tuần", "Chuyến xe về quê", "Ngày hội mẹ và bé", "Mở thêm cửa hàng")
    rows = "".join(form.format(title=titles[at], day=9 - at, text=VI[at]) for at in range(5))
    read = extract(page(f"<h1>Tin của chúng tôi</h1>{rows}", "https://shop.example/gioi-thieu"))
    assert (read["kind"], read["posts"]) == ("landing", [])


def test_comments_under_an_article_do_not_make_it_a_thread() -> None:
    article = "<div class='than'><h1>Chọn tã cho bé</h1><p>" + "</p><p>".join(VI * 6) + "</p></div>"
    read = extract(
        page(article + posts(FORMS["neither ids nor links"], 3, VI).partition("</h1>")[2], "https://bao.example/a")
    )
    assert read["kind"] == "landing"


@pytest.mark.parametrize(
    ("shown", "views"),
    [
        ("<span>1.204 lượt xem</span>", 1204),
        ("<i>Lượt xem: 310</i>", 310),
        ("<i>12K views</i>", 12_000),
        ("<p>Tôi có 3 lượt xem thử rồi</p>", None),
        ("<i>5 lượt xem</i><i>9 lượt xem</i>", None),
    ],
)
def test_views_are_read_where_a_page_tells_them_of_itself(shown: str, views: int | None) -> None:
    doc = Document(page(posts(FORMS["a bold name"], 4, VI) + shown))
    assert General().read_thread(doc).views == views


def test_short_posts_below_their_date_in_a_plain_table_are_posts_like_the_long_ones() -> None:
    texts = (VI[0], VI[1], "ok mẹ", "Mình thấy cũng tốt", "ib giá nhé")
    rows = "".join(
        f"<tr><td><a>{name}</a><br>Thành viên</td><td>Gửi lúc {place + 3}/11/2025 08:0{place}<br><br>{text}</td></tr>"
        for place, (name, text) in enumerate(zip(NAMES, texts, strict=True))
    )
    found = extract(page(f"<h1>Hỏi về bỉm</h1><table>{rows}</table>", "https://x.example/chu-de/1"))
    assert [post["text"] for post in found["posts"]] == list(texts)


def test_an_index_of_boards_with_their_last_posters_is_no_thread() -> None:
    rows = "".join(
        f"<tr><td><h3><a href='/f/{place}/'>Chuyên mục {place}</a></h3>{text}</td><td>12</td><td>345</td>"
        f"<td><a href='/u/{place}'>{name}</a><br>{place + 3}/11/2025 08:0{place}</td></tr>"
        for place, (name, text) in enumerate(zip(NAMES, VI, strict=True))
    )
    found = extract(page(f"<h1>Diễn đàn mẹ và bé</h1><table>{rows}</table>", "https://x.example/forum/"))
    assert found["posts"] == []


def test_a_heading_above_the_date_names_the_author_of_the_words_below() -> None:
    body = "".join(
        f"<h3>{name}</h3><small>{place + 3}/11/2025 08:0{place}</small><p>{text}</p>"
        for place, (name, text) in enumerate(zip(NAMES, VI, strict=True))
    )
    found = extract(page(f"<h1>Hỏi về bỉm</h1><div>{body}</div>", "https://x.example/chu-de/1"))
    assert [(post["author"], post["text"]) for post in found["posts"]] == list(zip(NAMES, VI, strict=True))


def test_a_post_in_which_no_words_can_be_read_is_counted() -> None:
    form = FORMS["classes in Vietnamese, profile links"]
    doc = Document(page(posts(form, 5, [*VI[:3], "<img src='/anh.jpg'>", VI[4]], "0{day}/03/2025 09:0{minute}")))
    thread = General().read_thread(doc)
    assert (len(thread.posts), thread.left_out) == (4, 1)


def ids(body: str, fetched_at: datetime) -> list[str]:
    shown = page(body)
    return [post["post_id"] for post in extract(Page(shown.url, shown.body, fetched_at=fetched_at))["posts"]]


NUMBERED = "<div class='item'><b>{who}</b> <span>{when}</span> <i>#{number}</i><p>{text}</p></div>"


def test_a_numbered_post_stays_the_same_when_its_words_are_changed() -> None:
    day = datetime(2026, 11, 21, tzinfo=UTC)
    edited = [*VI[:2], VI[2] + " Sửa: siêu thị có hàng lại rồi.", *VI[3:]]
    date = "0{day}/03/2025"
    assert ids(posts(NUMBERED, 5, VI, date), day) == ids(posts(NUMBERED, 5, edited, date), day)
    assert len(set(ids(posts(NUMBERED, 5, VI, date), day))) == 5


def test_a_post_without_an_id_is_the_same_tomorrow_where_its_time_is_told_by_how_long_ago_it_was() -> None:
    form = FORMS["a bold name"]
    today = ids(posts(form, 5, VI, "{day} ngày trước"), datetime(2026, 11, 21, 9, tzinfo=UTC))
    later = ids(posts(form, 5, VI, "1{day} ngày trước"), datetime(2026, 12, 1, 11, tzinfo=UTC))
    assert (today, len(set(today))) == (later, 5)


@pytest.mark.parametrize(
    ("below", "likes"),
    [
        ("<div><a>Thích (5)</a> <a>Trả lời</a></div>", 5),
        ("<div><span>12 lượt thích</span><span>Trả lời</span></div>", 12),
        ("<div><button>👍 3</button><button>Reply</button></div>", 3),
        ("<div><a>0 likes</a> · <a>Reply</a></div>", 0),
        ("<div><a>Thích</a> · <a>Trả lời</a></div>", None),
        ("<div><a>Thích 2</a> <a>3 likes</a></div>", None),
    ],
)
def test_likes_are_counted_where_a_word_or_sign_says_so_and_buttons_are_nobodys_words(
    below: str, likes: int | None
) -> None:
    read = extract(page(posts(FORMS["a bold name"].replace("</p>", "</p>" + below), 4, VI)))
    assert [post["text"] for post in read["posts"]] == list(VI[:4])
    assert [post["reactions"] for post in read["posts"]] == [None if likes is None else {"like": likes}] * 4


def test_a_day_without_a_year_is_the_latest_such_day_and_marks_out_of_five_are_none() -> None:
    read = extract(page(posts(FORMS["a bold name"], 4, VI, "2{day}/12")))
    assert [post["posted_at"] for post in read["posts"]] == [f"2025-12-2{day}T17:00:00+00:00" for day in (0, 1, 2, 3)]
    rated = extract(page(posts(FORMS["a bold name"], 4, VI, "{day}/5"), "https://x.example/khach"))
    assert rated["posts"] == []


LINKED = (
    "<div class='bl' id='bl{number}'><div class='ng'><a href='/tv/{who}'>{who}</a></div>"
    "<div class='nd'><span class='tg'>{when}</span><p>{text}</p></div></div>"
)


@pytest.mark.parametrize("count", [5, 3])
def test_an_author_who_is_a_link_beside_the_words_is_found_and_is_no_posts_address(count: int) -> None:
    read = extract(page(posts(LINKED, count, VI), "https://x.example/chu-de/1"))
    assert [post["author"] for post in read["posts"]] == list(NAMES[:count])
    assert [post["url"] for post in read["posts"]] == [f"https://x.example/chu-de/1#bl{at + 11}" for at in range(count)]


def test_a_paragraph_with_a_number_in_it_is_no_button_however_many_posts_end_so() -> None:
    form = FORMS["classes in Vietnamese, profile links"]
    read = extract(page(posts(form, 5, [f"<p>{text}</p><p>(chuyện số {at * 37})</p>" for at, text in enumerate(VI)])))
    assert [post["text"].splitlines()[-1] for post in read["posts"]] == [f"(chuyện số {at * 37})" for at in range(5)]


IN_BLOCKS = (
    "<section class='bai' id='b{number}'><div class='nguoi'><img src='/a.png'><a href='/nguoi/{who}'>{who}</a>"
    "<small>Thành viên</small></div><div class='phai'><div class='tren'><a href='{url}#b{number}'>#1</a> "
    "<span class='luc'>09/03/2025 09:02</span></div><div class='noi'>{quote}<p>{text}</p></div>{foot}</div></section>"
)
FEET = (
    "<div class='duoi'><a href='/bao?id={number}'>Báo xấu</a> <a href='/tl?id={number}'>Trả lời</a></div>",
    "<div class='duoi'><a href='/f?id={number}'>Gắn cờ</a> <a href='/r?id={number}'>Reply (2)</a></div>",
    "<ul><li><a href='#'>Quote</a></li><li><a href='/khac/{number}'>Tặng sao</a></li></ul>",
)


@pytest.mark.parametrize("foot", FEET)
@pytest.mark.parametrize("quote", ["", "<div class='trich'><b>Mẹ Bắp đã viết:</b><p>Bé hay bị hăm.</p></div>"])
@pytest.mark.parametrize("words", [12, 14, 16, 20, 40])
def test_a_link_below_a_lone_post_is_not_who_wrote_it(foot: str, quote: str, words: int) -> None:
    url = "https://x.example/chu-de/4/p2"
    text = " ".join(" ".join(VI).split()[:words])
    form = IN_BLOCKS.replace("{foot}", foot)
    shown = form.format(number=424, who="Tú Anh", url="/chu-de/4/p2", text=text, quote=quote)
    frame = f"<h1>Hỏi về bỉm</h1><div class='ds'>{shown}</div>"
    [post] = General().posts(Document(page(frame, url)), expected=True)
    assert (post.author, post.post_id, post.url, post.text) == ("Tú Anh", "424", f"{url}#b424", text)


def test_where_nobody_is_named_the_links_below_a_post_name_nobody() -> None:
    foot = "<div><a href='/f?id={number}'>Gắn cờ</a> <a href='/r?id={number}'>Trả lời</a></div>"
    shown = f"<div class='bai-viet'><i>{{when}}</i><p>{{text}}</p>{foot}</div>"
    found = General().posts(Document(page(posts(shown, 1, VI))), expected=True)
    assert [post.author for post in found] == [None]


def test_a_name_beside_its_date_stays_one_where_buttons_stand_in_the_same_row() -> None:
    head = "<div><a href='/q?id={number}'>Trích dẫn</a> <a class='user' href='/n/{who}'>{who}</a> <i>{when}</i></div>"
    found = extract(page(posts(f"<div class='bai-viet'>{head}<p>{{text}}</p></div>", 5, VI)))
    assert [post["author"] for post in found["posts"]] == list(NAMES)
