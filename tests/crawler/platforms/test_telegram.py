"""Public channels of Telegram by their preview page, in the classes of its markup. The channel is invented."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape

import pytest

from crawler.platforms.base import Call, Place
from crawler.platforms.telegram import Telegram, channel_named
from crawler.reasons import Refused
from tests.conftest import StudyFolder
from tests.servers.little_api import HOSTILE, answered, read_or_refuse
from tests.servers.site import Answer, Site

CHANNEL = "https://t.me/s/minicare_hucau"
BEGIN = datetime(2026, 5, 1, tzinfo=UTC)


@dataclass
class Message:
    number: int
    words: str = ""
    inside: str = ""
    signed: str = ""
    at: datetime | None = None

    def html(self) -> str:
        words = (
            f"<div class='tgme_widget_message_text js-message_text' dir='auto'>{self.words}</div>" if self.words else ""
        )
        signed = f"<span class='tgme_widget_message_from_author'>{escape(self.signed)}</span>, " if self.signed else ""
        at = (self.at or BEGIN + timedelta(hours=self.number)).isoformat()
        return (
            "<div class='tgme_widget_message_wrap js-widget_message_wrap'>"
            f"<div class='tgme_widget_message js-widget_message' data-post='minicare_hucau/{self.number}'>"
            "<div class='tgme_widget_message_bubble'><div class='tgme_widget_message_author'>"
            "<a class='tgme_widget_message_owner_name' href='#'><span>MiniCare Hư Cấu</span></a></div>"
            f"{self.inside}{words}<div class='tgme_widget_message_footer'><div class='tgme_widget_message_info'>"
            "<span class='tgme_widget_message_views'>1.2K</span><span class='tgme_widget_message_meta'>"
            f"{signed}<a class='tgme_widget_message_date' href='https://t.me/minicare_hucau/{self.number}'>"
            f"<time datetime='{at}' class='time'>07:00</time></a></span></div></div></div></div></div>"
        )


class LittleTelegram(Site):
    """A channel's preview, three messages a page, the newest at its end."""

    def __init__(self, **named: object) -> None:
        super().__init__(**named)  # type: ignore[arg-type]
        self.messages = [Message(number, f"Tin số {number}") for number in range(1, 8)]
        self.failing: dict[str, list[Answer]] = {}

    def page(self, path: str) -> Answer | str | None:
        if self.failing.get(path):
            return self.failing[path].pop()
        if not path.startswith("/s/minicare_hucau"):
            return Answer(b"", 302, {"Location": "/somebody"})
        before = int(path.partition("before=")[2] or 10**6)
        older = [one for one in self.messages if one.number < before]
        shown = older[-3:]
        more = (
            f"<a href='/s/minicare_hucau?before={shown[0].number}' class='tme_messages_more js-messages_more' "
            f"data-before='{shown[0].number}'></a>"
            if len(older) > 3
            else ""
        )
        return preview(more + "".join(one.html() for one in shown))


def preview(messages: str) -> str:
    return (
        "<!DOCTYPE html><html><head><title>MiniCare Hư Cấu – Telegram</title></head><body>"
        "<div class='tgme_channel_info_header_title'><span dir='auto'>MiniCare Hư Cấu</span></div>"
        f"<section class='tgme_channel_history js-message_history'>{messages}</section></body></html>"
    )


@pytest.fixture
def telegram() -> Iterator[LittleTelegram]:
    with LittleTelegram() as site:
        yield site


def test_a_channel_is_a_thread_and_later_only_new_messages_are_asked_for(
    study: StudyFolder, telegram: LittleTelegram
) -> None:
    [result] = study.write([{"url": CHANNEL, "api": telegram.url}]).crawl()
    assert (result["kind"], result["engine"], result["threads"], result["posts_new"]) == ("fanpage", "telegram", 1, 7)
    assert study.rows("select title, complete, url from threads") == [
        ("MiniCare Hư Cấu", 1, "https://t.me/minicare_hucau")
    ]
    assert telegram.asked[0].path == "/robots.txt", "a preview is a web page"
    telegram.asked.clear()
    [second] = study.crawl()
    assert (second["state"], second["posts_new"], telegram.paths()) == ("done", 0, ["/s/minicare_hucau"])
    now = datetime.now(UTC)
    telegram.messages += [Message(number, f"Tin số {number}", at=now) for number in range(8, 12)]
    telegram.asked.clear()
    [third] = study.crawl()
    assert (third["posts_new"], len(telegram.paths())) == (4, 3), "until a whole page is known"
    assert study.rows("select count(*), count(distinct post_id) from posts") == [(11, 11)]


def test_a_crawl_broken_off_leaves_no_gap(study: StudyFolder, telegram: LittleTelegram) -> None:
    """First in the middle of the channel's past, later in the middle of its news."""
    study.write([{"url": CHANNEL, "api": telegram.url}])
    telegram.failing["/s/minicare_hucau?before=5"] = [Answer("", 429, {"Retry-After": "9999"})]
    [result] = study.crawl(code=1)
    assert (result["state"], result["reason"]["key"], result["posts_new"]) == ("partial", "platforms.wait_until", 3)
    telegram.asked.clear()
    [result] = study.crawl()
    assert (result["posts_new"], telegram.paths()[1]) == (4, "/s/minicare_hucau?before=5")
    now = datetime.now(UTC)
    telegram.messages += [Message(number, f"Tin số {number}", at=now) for number in range(8, 15)]
    telegram.failing["/s/minicare_hucau?before=9"] = [Answer("", 429, {"Retry-After": "9999"})]
    [broken_off] = study.crawl(code=1)
    [result] = study.crawl()
    assert broken_off["posts_new"] + result["posts_new"] == 7
    telegram.asked.clear()
    study.crawl()
    assert telegram.paths() == ["/s/minicare_hucau"]


def test_keywords_and_since_choose_messages(study: StudyFolder, telegram: LittleTelegram) -> None:
    telegram.messages += [Message(60, "Bé bị hăm tã"), Message(61, "Chào buổi sáng")]
    fields = {"keywords": ["hăm"], "since": "2026-05-02"}
    [result] = study.write([{"url": CHANNEL, "api": telegram.url, **fields}], timezone="UTC").crawl()
    assert study.rows("select text from posts") == [("Bé bị hăm tã",)]
    assert (result["skipped"]["no_keyword"], len(telegram.paths())) == (1, 2)


def test_a_robots_txt_that_forbids_is_kept_to(study: StudyFolder) -> None:
    with LittleTelegram(robots="User-agent: *\nDisallow: /s/\n") as site:
        [result] = study.write([{"url": CHANNEL, "api": site.url}]).crawl(code=1)
    assert result["reason"]["key"] == "robots"
    assert site.paths() == []


def test_what_is_no_public_channel_is_told_so(study: StudyFolder, telegram: LittleTelegram) -> None:
    [result] = study.write([{"url": "https://t.me/somebody", "api": telegram.url}]).crawl(code=1)
    assert (result["state"], result["reason"]["key"]) == ("failed", "platforms.telegram.no_preview")


def test_check_shows_the_newest_message(study: StudyFolder, telegram: LittleTelegram) -> None:
    done = study.write([{"url": CHANNEL, "api": telegram.url, "terms": "read"}]).run("check", "--json")
    [found] = json.loads(done.stdout)["sources"]
    assert (found["engine"], found["posts"], found["preview"]["text"]) == ("telegram", 3, "Tin số 7")


def _read(*messages: Message) -> list[tuple[str, str | None, str | None, dict[str, int] | None]]:
    place, call = Place(CHANNEL, "https://t.me"), Call("https://t.me/s/minicare_hucau", "stream")
    answer = Answer(preview("".join(one.html() for one in messages)))
    [thread] = Telegram().read(call, answered(answer), place).threads
    return [(post.text, post.author, post.reply_to, dict(post.reactions or {}) or None) for post in thread.posts]


def test_words_authors_replies_forwards_polls_and_reactions_are_told_apart() -> None:
    reply = (
        "<a class='tgme_widget_message_reply' href='https://t.me/minicare_hucau/3'><div class='tgme_widget_message_text "
        "js-message_reply_text'>Tin cũ</div></a>"
    )
    reactions = (
        "<div class='tgme_widget_message_reactions js-message_reactions'><span class='tgme_reaction'><i class='emoji'>"
        "<b>❤</b></i>1.2K</span><span class='tgme_reaction'><i class='emoji'><b>🤡</b></i>7</span><span class='tgme_reaction "
        "tgme_reaction_paid'><i class='icon'></i>3</span><span class='tgme_reaction'><tg-emoji emoji-id='1'></tg-emoji>2</span></div>"
    )
    forwarded = (
        "<div class='tgme_widget_message_forwarded_from'>Forwarded from <a class='tgme_widget_message_forwarded_from_name' "
        "href='#'>Báo Hư Cấu</a></div>"
    )
    poll = (
        "<div class='tgme_widget_message_poll'><div class='tgme_widget_message_poll_question'>Bé dùng tã gì?</div>"
        "<div class='tgme_widget_message_poll_option_text'>Tã dán</div>"
        "<div class='tgme_widget_message_poll_option_text'>Tã quần</div></div>"
    )
    photo = "<a class='tgme_widget_message_photo_wrap' style=\"background-image:url('x.jpg')\"></a>"
    assert _read(
        Message(1, "Một<br/>Hai", signed="Lan Hư Cấu"),
        Message(2, "Trả lời", reply),
        Message(3, "Thích", reactions),
        Message(4, "Tin báo", forwarded),
        Message(5, "", poll),
        Message(6, "", photo),
    ) == [
        ("Bé dùng tã gì?\n- Tã dán\n- Tã quần", "MiniCare Hư Cấu", None, None),
        ("Tin báo", "Báo Hư Cấu", None, None),
        ("Thích", "MiniCare Hư Cấu", None, {"love": 1200, "🤡": 7, "star": 3, "other": 2}),
        ("Trả lời", "MiniCare Hư Cấu", "minicare_hucau.3", None),
        ("Một\nHai", "Lan Hư Cấu", None, None),
    ]


def test_what_a_message_quotes_stands_apart_unless_it_is_all_there_is() -> None:
    place, call = Place(CHANNEL, "https://t.me"), Call("https://t.me/s/minicare_hucau", "stream")
    quoting = Message(1, "<blockquote>Bé hăm quá</blockquote>Mẹ thử loại này nhé")
    answer = Answer(preview(quoting.html() + Message(2, "<blockquote>Chỉ trích lời</blockquote>").html()))
    [thread] = Telegram().read(call, answered(answer), place).threads
    assert [(post.text, post.quoted) for post in thread.posts] == [
        ("Chỉ trích lời", None),
        ("Mẹ thử loại này nhé", "Bé hăm quá"),
    ]


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_answer_is_refused(what: str) -> None:
    assert read_or_refuse(Telegram(), CHANNEL, Call("https://t.me/s/x", "stream"), HOSTILE[what]()) is None


def test_a_page_that_leads_forward_or_away_is_not_followed() -> None:
    call = Call("https://t.me/s/minicare_hucau?before=5", "stream")
    for more in (
        "<a class='tme_messages_more' data-before='5'></a>",
        "<a class='tme_messages_more' data-before='9x'></a>",
    ):
        reading = read_or_refuse(Telegram(), CHANNEL, call, Answer(preview(more)))
        assert reading is not None
        assert reading.calls == ()
    away = "<a class='tme_messages_more' data-before='2' href='https://elsewhere.example/'></a>"
    reading = read_or_refuse(Telegram(), CHANNEL, call, Answer(preview(away)))
    assert reading is not None
    assert [one.url for one in reading.calls] == ["https://t.me/s/minicare_hucau?before=2"]


@pytest.mark.parametrize(
    "url",
    ["https://t.me/s/minicare", "https://t.me/minicare", "https://telegram.me/minicare/12", "https://minicare.t.me/"],
)
def test_a_channel_is_known_by_its_address(url: str) -> None:
    assert Telegram().knows(url)
    assert channel_named(url) == "minicare"


@pytest.mark.parametrize(
    "url", ["https://t.me/+AbCdEf123", "https://t.me/joinchat/AAAA", "https://t.me/c/123/4", "https://t.me/"]
)
def test_invitations_and_private_channels_are_refused(url: str) -> None:
    with pytest.raises(Refused):
        channel_named(url)
