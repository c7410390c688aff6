"""The report's content: every number with its n and its quotes, in one language, and nothing from the web but text."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from analysis import findings
from analysis.report import html, markdown
from analysis.report.brand_pages import is_fragment
from analysis.report.build import OPENING_FROM, build
from analysis.report.evidence import LONGEST, excerpt, safe_url
from analysis.report.model import Report
from analysis.report.speech import Speech
from data.records import Annotation, Post, Thread
from data.store import PostReading, Store, WriteBatch
from data.words import entry
from tests.analysis.world import BE, LIKE_OURS, MINI, NOW, OWN, STUDY, Person, World, crowd, letters

MADE_AT = "2026-11-21T03:00:00+00:00"


@pytest.fixture(scope="module")
def report(analysed: World) -> Report:
    with analysed.open() as store:
        return build(store, analysed.study, MADE_AT)


class Page(HTMLParser):
    """The ids, the links and the visible text of a page."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[dict[str, str | None]] = []
        self.tags: set[str] = set()
        self.texts: list[str] = []
        self._silent = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.add(tag)
        if "id" in values:
            self.ids.append(str(values["id"]))
        if tag == "a":
            self.links.append(values)
        self._silent = tag if tag in ("style", "script") else self._silent

    def handle_endtag(self, tag: str) -> None:
        self._silent = "" if tag == self._silent else self._silent

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.texts.append(" ".join(data.split()))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_link_inside_has_its_place_and_every_place_is_one(report: Report, lang: str) -> None:
    page = Page(html.render(report, lang))
    assert len(page.ids) == len(set(page.ids))
    inside = {str(link["href"])[1:] for link in page.links if str(link["href"]).startswith("#")}
    assert inside <= set(page.ids)
    assert {e.key for e in report.evidence} <= inside


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_links_outside_are_http_and_follow_nothing(report: Report, lang: str) -> None:
    outside = [link for link in Page(html.render(report, lang)).links if not str(link["href"]).startswith("#")]
    assert outside
    for link in outside:
        assert str(link["href"]).startswith(("http://", "https://"))
        assert {"noopener", "nofollow"} <= set(str(link["rel"]).split())


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_percentage_stands_without_its_people(report: Report, lang: str) -> None:
    """Each linked percentage is followed by its n, or stands in the heat table with its number of people."""
    source = html.render(report, lang)
    body = source[source.index("<main") :]
    shares = re.findall(r"<a href=\"#e\d+\">(?:<b>)?[\d.,]+%(?:</b>)?(.{0,160})", body, re.DOTALL)
    assert len(shares) > 100
    assert all("n\u00a0=\u00a0" in after or re.search(r"tiny\">\(\d", after) for after in shares)


def test_what_the_web_says_is_shown_as_text(report: Report) -> None:
    source = html.render(report, "vi")
    page = Page(source)
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in source
    assert any("=HYPERLINK" in text for text in page.texts)
    assert not any("javascript:" in str(link["href"]) for link in page.links)
    assert "0912 345 678" not in source
    assert "{{ 7*7 }}" in source
    assert "\u202e" not in source


def test_markdown_shows_hostile_text_as_text_too(report: Report) -> None:
    text = markdown.render(report, "vi")
    assert "<script" not in text
    assert not re.search(r"(?<!\\)\]\(javascript", text)
    assert r"\[link\](javascript:alert(3)) \| cột \| \`mã\`" in text
    for row in (line for line in text.splitlines() if line.startswith("|")):
        assert len(re.findall(r"(?<!\\)\|", row)) >= 3


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_page_and_markdown_hold_the_same_content(report: Report, lang: str) -> None:
    text, page = markdown.render(report, lang), Page(html.render(report, lang))
    for e in report.evidence:
        assert f'<a id="{e.key}"></a>' in text
    for name in ("summary", "pains", "portraits", "assumptions", "evidence", "method"):
        heading = entry(f"report.sections.{name}", lang)
        assert heading in page.texts
        assert f"## {heading}" in text
    assert text.index(entry("report.sections.evidence", lang)) < text.index(
        f"## {entry('report.sections.method', lang)}"
    )
    weighed = sum(e.query[0] == "who_counts" for e in report.evidence)
    said = entry("report.evidence.weighed", lang)
    assert text.replace("\\", "").count(said) == page.texts.count(said) == weighed > 0, "how rows become the number"
    linked = set(re.findall(r"\]\(<#(e\d+)>\)", text))
    assert linked == {e.key for e in report.evidence}


_ENGLISH = r"\b(the|and|of|people|with|customers|among|supported|share)\b"
_VIETNAMESE = r"\b(người|khách|của|và|chưa|nỗi|giả định)\b"


@pytest.mark.parametrize(("lang", "foreign"), [("vi", _ENGLISH), ("en", _VIETNAMESE)])
def test_languages_are_not_mixed(report: Report, lang: str, foreign: str) -> None:
    source = html.render(report, lang)
    own_words = re.sub(r"<blockquote>.*?</blockquote>|<q>.*?</q>|“[^”]*”", "", source, flags=re.DOTALL)
    own_words = own_words.replace(report.note or "", "").replace("Mẹ bỉm thành thị", "")
    own_words = re.sub(r"đọc 02/11/2026: công khai, cho phép", "", own_words)
    texts = Page(own_words).texts
    assert not [text for text in texts if re.search(foreign, text, re.IGNORECASE)]


def test_the_two_languages_have_the_same_words() -> None:
    def keys(value: object, path: str = "") -> set[str]:
        if not isinstance(value, dict):
            return {path}
        return {key for name, part in value.items() for key in keys(part, f"{path}.{name}")}

    for area in ("report", "codes", "analyze"):
        vi, en = ({name: entry(f"{area}.{name}", lang) for name in _names(area, lang)} for lang in ("vi", "en"))
        assert keys(vi) == keys(en)


def _names(area: str, lang: str) -> list[str]:
    from data.words import _area

    return list(_area(area, lang))


def test_fiction_says_so_at_the_top_and_at_the_end(report: Report) -> None:
    page = html.render(report, "vi")
    assert page.count(f'<p class="running">{report.note}</p>') == 7, "in print, at the head of every section"
    assert page.count(str(report.note)) >= 9
    assert "@bottom-center" in page, "and at the foot of every page"
    assert page.index(str(report.note)) < page.index("<h1>")
    assert str(report.note) in markdown.render(report, "en")


def test_quotes_are_short_masked_and_from_the_post() -> None:
    long = "chuyện nhà mình " * 40 + "bé bị hăm đỏ hết mông, gọi 0912 345 678 nhé " + "kể tiếp nữa " * 40
    before, hit, after = excerpt(long, "bé bị hăm đỏ hết mông")
    assert hit == "bé bị hăm đỏ hết mông"
    assert before.startswith("…")
    assert after.endswith("…")
    assert "[phone]" in after
    assert len(before + hit + after) <= LONGEST + 2
    assert excerpt("ngắn thôi", "không có") == ("", "", "ngắn thôi")
    assert excerpt("", "") == ("", "", "")


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/x?y=1#p2", True), ("http://127.0.0.1:8820/t/1", True), ("javascript:alert(1)", False),
        ("data:text/html,x", False), ("//a.example", False), ("", False), (None, False), ("https://", False),
        ("http://[bad", False), (" javascript:alert(1)", False),
    ],
)  # fmt: skip
def test_only_web_addresses_become_links(url: str | None, safe: bool) -> None:
    assert (safe_url(url) is not None) is safe


@pytest.mark.parametrize(
    ("lang", "number", "day", "band", "income"),
    [
        ("vi", "1.234,5", "21/11/2026", "25–34 tuổi", "7–15 triệu đ"),
        ("en", "1,234.5", "21 Nov 2026", "25–34", "7–15 million VND"),
    ],
)
def test_numbers_and_dates_in_the_readers_way(lang: str, number: str, day: str, band: str, income: str) -> None:
    say = Speech(lang, "Asia/Ho_Chi_Minh")
    assert say.number(1234.5, 1) == number
    assert say.date("2026-11-20T18:00:00Z") == day
    assert say.value("age", "25-34") == band
    assert _plain(say.value("income", "7000000-15000000 VND")) == income
    assert say.percent(0.001) == entry("report.below_one_percent", lang)


@pytest.mark.parametrize(
    ("attribute", "code", "words"),
    [
        ("age", "0-17", "dưới 18 tuổi"), ("age", "65-120", "từ 65 tuổi"), ("child_age", "0-5", "dưới 6 tháng"),
        ("child_age", "12-23", "1 tuổi"), ("child_age", "36-71", "3–5 tuổi"), ("child_age", "18m", "18 tháng"),
        ("income", "50000000- VND", "từ 50 triệu đ"), ("budget", "500000-1000000 VND", "500 nghìn–1 triệu đ"),
        ("budget", "0-200000 VND", "dưới 200 nghìn đ"), ("income", "18000000 VND", "18.000.000 đ"),
        ("pain", "safety_health", "không an toàn, hại sức khỏe"), ("interest", "trồng cây", "trồng cây"),
    ],
)  # fmt: skip
def test_codes_have_names(attribute: str, code: str, words: str) -> None:
    assert _plain(Speech("vi").value(attribute, code)) == words


def _plain(text: str) -> str:
    """``text`` with the blanks that never break a line made common ones."""
    return text.replace("\u00a0", " ")


def test_assumptions_read_as_sentences(report: Report) -> None:
    vi, en = Speech("vi"), Speech("en")
    checks = [report.segments[0].of(p, OWN) for p in range(4)]
    assert [vi.assumption(c) for c in checks if c] == [
        "Ít nhất 70% là nữ",
        "Ít nhất 50% ở độ 25–34 tuổi",
        "Ít nhất 50% sống ở Hà Nội hoặc TP.HCM",
        "“không an toàn, hại sức khỏe” thuộc 3 nỗi đau nhiều người nói đến nhất",
    ]
    assert [en.assumption(c) for c in checks if c][:3] == [
        "At least 70% are women",
        "At least 50% are aged 25–34",
        "At least 50% live in Hà Nội or Ho Chi Minh City",
    ]


def test_the_summary_answers_the_question(report: Report) -> None:
    page = html.render(report, "vi")
    assert f"Có vẻ đúng là khách của {OWN}: cả 5 giả định trả lời được" in page
    assert f"không giả định nào đúng với người nói về {BE}" in page
    assert [c.verdict for c in report.competitors] == ["close", "far"]


def test_openings_are_what_nobody_promises(report: Report) -> None:
    promised = {one.category for c in report.competitors for p in c.pages.promises for one in p.heard}
    assert promised == {"performance", "emotional", "safety_health", "price"}
    assert {o.category for o in report.openings} == {"delivery"}
    assert all(o.estimate.low >= OPENING_FROM for o in report.openings), "what few tell of is no opening"


def test_our_own_weakness_is_no_opening(world: World) -> None:
    """Of 40 people who cannot find the thing in the shops, 34 mean us: the market's share is high, and tells nothing new."""
    cannot_find = [("unmet_need", "availability")]
    with world.open() as store:
        people = [Person(f"ta {letters(i)}", OWN, (), cannot_find if i < 34 else ()) for i in range(80)]
        people += [Person(f"họ {letters(i)}", MINI, (), cannot_find if i < 6 else ()) for i in range(120)]
        people += [Person(f"khác {letters(i)}", BE, (), [("complaint", "delivery")]) for i in range(40)]
        world.fill(store, people)
        world.page(store, "https://minicare.example/", promises=("Giá rẻ nhất",))
        findings.find(store, world.study)
        report = build(store, world.study, MADE_AT)
    assert [o.category for o in report.openings] == ["delivery"]
    assert report.openings[0].estimate.n == 160, "of everybody who speaks of a competitor"
    assert [(w.category, w.estimate.count, w.estimate.n) for w in report.weaknesses] == [("availability", 34, 80)]
    for text in (unescape(html.render(report, "vi")), markdown.render(report, "vi")):
        assert f"điểm yếu của chính {OWN}" in text


def test_posts_are_those_by_which_people_are_counted(world: World) -> None:
    """Six people answer in a thread that names the brand; five of them name it themselves, each once."""
    with world.open() as store:
        world.fill(store, [Person(f"người {c}", MINI) for c in "abcde"] + [Person("người f", None)])
        run = store.begin_run("read")
        readings = [
            PostReading(post, Annotation("x", "vi"), ((MINI, "text" if "người f" not in post.text else "thread"),))
            for batch in store.posts_to_read("again")
            for post in batch
        ]
        store.save_annotations(run, "again", readings)
        findings.find(store, world.study)
        report = build(store, world.study, MADE_AT)
        row = next(r for r in store.named("brands_talked_about") if r["brand"] == MINI)
    assert (report.competitors[0].portrait.people, report.competitors[0].portrait.posts) == (5, 5)
    assert (row["authors"], row["posts"]) == (5, 5)


def test_sources_are_what_the_crawl_found_them_to_be(tmp_path: Path) -> None:
    """The study says no kind; an early crawl took the forum's pages for a brand's."""
    board = "https://minicare.example/dien-dan/"
    world = World(tmp_path, {**STUDY, "sources": [{"url": board, "about": MINI}, *STUDY["sources"]]})
    with world.open() as store:
        world.fill(store, crowd(MINI, LIKE_OURS, 10, 1))
        world.page(store, "https://minicare.example/", promises=("Giá rẻ nhất",))
        world.page(store, board, promises=("Giao nhanh 2 giờ",))
        findings.find(store, world.study)
        before = build(store, world.study, MADE_AT)
        posts = (Post("q1", "MiniCare dùng được", "người q", NOW),)
        store.write(WriteBatch(threads=[(store.source_id(board), Thread("9", f"{board}t/9", "xenforo", "Hỏi", posts))]))
        findings.find(store, world.study)
        after = build(store, world.study, MADE_AT)
    kinds = {s.url: s.kind for s in after.sources}
    assert kinds[board] == "forum"
    assert kinds["https://minicare.example/"] == "site"
    assert (before.coverage.pages, after.coverage.pages) == (2, 1)
    assert after.competitors[0].pages.count == 1
    assert {one.category for p in after.competitors[0].pages.promises for one in p.heard} == {"price"}


def test_one_promise_stands_once_with_all_that_it_is_about(world: World) -> None:
    with world.open() as store:
        world.fill(store, [Person(f"người {letters(i)}", MINI, (), [("complaint", "durability")]) for i in range(8)])
        world.page(store, "https://minicare.example/", promises=("Bền 5 năm, bảo hành tận nhà",))
        findings.find(store, world.study)
        report = build(store, world.study, MADE_AT)
    promises = report.competitors[0].pages.promises
    assert [[one.category for one in p.heard] for p in promises] == [["durability", "warranty_returns"]]
    page = unescape(html.render(report, "vi"))
    assert page.split('class="promise"')[1].count("Bền 5 năm") == 1
    heard = re.sub(r"<[^>]+>", "", page.split('class="promise"')[1])
    assert "8 người than phiền vì nhanh hỏng; Khó bảo hành, đổi trả: chưa đủ người nói để biết" in heard


def test_prices_and_audiences_come_from_the_pages(report: Report) -> None:
    mini = report.competitors[0]
    assert mini.pages.audiences == ("dành cho mẹ bỉm bận rộn",)
    assert "259.000 đ" in _plain(html.render(report, "vi"))
    assert "was 310,000 VND" in _plain(html.render(report, "en"))


def test_an_empty_study_makes_a_report_that_says_so(world: World) -> None:
    with world.open() as store:
        findings.find(store, world.study)
        report = build(store, world.study, MADE_AT)
    page = html.render(report, "vi")
    assert f"Chưa có ai nói về {MINI}" in page
    assert "Chưa đủ dữ liệu để vẽ chân dung." in page
    assert markdown.render(report, "en")
    links = Page(page)
    assert {str(a["href"])[1:] for a in links.links if str(a["href"]).startswith("#")} <= set(links.ids)


def test_a_tiny_audience_gets_no_numbers(world: World) -> None:
    with world.open() as store:
        world.fill(store, [Person(f"người {c}", MINI, [("gender", "female", None)]) for c in "abc"])
        findings.find(store, world.study)
        page = html.render(build(store, world.study, MADE_AT), "vi")
    assert f"Có chưa tới 5 người nói về {MINI}" in page
    assert not re.search(r"(?<!dưới )\b[1-4] người", page)
    assert "n\u00a0=\u00a03" not in page


def test_without_competitors_the_summary_is_about_our_own_customers(tmp_path: Path) -> None:
    alone = World(tmp_path, {**STUDY, "competitors": []})
    with alone.open() as store:
        alone.fill(store, crowd(OWN, LIKE_OURS, 60, 1))
        findings.find(store, alone.study)
        report = build(store, alone.study, MADE_AT)
    for lang, rival in (("vi", "đối thủ"), ("en", "competitor")):
        page = html.render(report, lang)
        summary = page[page.index("<header class=") : page.index('id="pains"')]
        assert rival not in summary
        assert '<a href="#e1">' in summary
        assert f"### {OWN} — " in markdown.render(report, lang)


def test_every_number_tells_how_to_see_all_of_its_posts(report: Report) -> None:
    page = unescape(html.render(report, "vi"))
    assert f"chandung query @pain_quotes -p brand {MINI} -p category safety_health" in page
    assert f'chandung query @who_counts -p brand "{OWN}" -p figure "gender=female"' in page
    assert page.count("chandung query @") == len(report.evidence)
    hurt = next(e for e in report.evidence if e.subject == ("pain", "safety_health") and e.brand == MINI)
    assert f"trích {len(hurt.quotes)} trong {round(hurt.people.count)} người" in page


@pytest.mark.parametrize(
    ("name", "fragment"),
    [
        ("Mỗi miếng chưa tới:", True), ("Giá chỉ từ", True), ("Chỉ", True), ("Tã dán size M 64 miếng", False),
        ("Combo 3", False), (None, False),
    ],
)  # fmt: skip
def test_the_beginning_of_a_sentence_is_no_offer(name: str | None, fragment: bool) -> None:
    assert is_fragment(name) is fragment


def test_purged_words_leave_the_numbers_and_say_why(analysed: World, tmp_path: object) -> None:
    from analysis.report.evidence import Book, wants_value
    from analysis.report.model import Estimate

    with analysed.open() as store:
        book, people = Book(), Estimate(5, 12, 5 / 12, 0.2, 0.7)
        key = book.add(MINI, ("gender", "female"), people, [10**9], wants_value("gender", "female"), ("who_counts", {}))
        evidence = book.read(store)
    assert key == "e1"
    assert evidence[0].quotes == ()


def test_the_same_findings_write_the_same_report(analysed: World, analysed_store: Store, report: Report) -> None:
    again = build(analysed_store, analysed.study, MADE_AT)
    assert html.render(again, "vi") == html.render(report, "vi")
