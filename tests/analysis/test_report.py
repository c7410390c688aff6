"""The report's content: every number with its n and its quotes, and what is told of it."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from analysis import findings
from analysis.report import html, markdown, pain_trends, sentences
from analysis.report.blocks import Cards, Items
from analysis.report.brand_pages import is_fragment
from analysis.report.briefing.front import front
from analysis.report.build import OPENING_FROM, build
from analysis.report.evidence import LONGEST, excerpt
from analysis.report.model import Cell, Estimate, Heard, Moved, Promised, Report, Seen, Trait, Trend
from analysis.report.speech import Speech
from data.records import Annotation, Post, Thread
from data.store import PostReading, WriteBatch
from tests.analysis.shown import Page, plain
from tests.analysis.world import BE, LIKE_OURS, MADE_AT, MINI, NOW, OWN, STUDY, Person, World, crowd, letters


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
    assert f"khá giống khách {OWN} nhắm tới. Về “Mẹ bỉm thành thị”: cả 5 giả định xét được đều đúng" in page
    assert f"Người nói về {BE} không giống khách mà {OWN} nhắm tới" in page
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
    table = page.split(">Lời hứa và thực tế</caption>")[1].partition("</table>")[0]
    assert table.count("Bền 5 năm") == 1
    heard = re.sub(r"<[^>]+>", " ", table)
    assert "8 người than phiền vì nhanh hỏng" in heard
    assert "Khó bảo hành, đổi trả: chưa đủ người nói để biết" in heard


def test_prices_and_audiences_come_from_the_pages(report: Report) -> None:
    mini = report.competitors[0]
    assert mini.pages.audiences == ("dành cho mẹ bỉm bận rộn",)
    page = plain(html.render(report, "vi"))
    assert "259.000 đ" in page
    assert f"<b>{Speech('vi').count(report.coverage.counted)}</b> <span>Bài được tính</span>" in page, (
        "of all that were read"
    )
    giving = sum(bool(source.posts) for source in report.sources)
    assert f"<b>{giving}</b> <span>Nguồn có bài</span>" in page
    assert "was 310,000 VND" in plain(html.render(report, "en"))


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


def test_posts_in_languages_that_are_not_read_do_not_count_and_the_first_page_says_so(world: World) -> None:
    crowd = [Person(f"người {a}{b}", MINI, (), [("complaint", "price")]) for a in "abcd" for b in "efgh"]
    strange = [Person(f"khách {a}{b}", MINI) for a in "abcd" for b in "ef"]
    with world.open() as store:
        world.fill(store, [*crowd, *strange])
        with store._db.conn as db:  # type: ignore[attr-defined]
            db.execute("update posts set lang = 'th' where text like '%khách%'")
        findings.find(store, world.study)
        found = build(store, world.study, MADE_AT)
    assert (found.coverage.posts, found.coverage.counted, found.coverage.foreign) == (24, 16, 8)
    assert (found.coverage.people, found.coverage.writers) == (16, 24)
    assert [(h.estimate.count, h.estimate.n) for h in found.competitors[0].portrait.hurts] == [(16, 16)]
    text = markdown.render(found, "vi")
    assert "Lưu ý: 8 bài (33%) viết bằng thứ tiếng mà máy chưa đọc được" in text.split("## Từng đối thủ")[0]
    assert "Đã đọc 24 bài của 24 người" in text
    assert "tính 16 bài của 16 người." in text


def test_who_are_not_counted_stay_untold_where_they_are_few(world: World) -> None:
    with world.open() as store:
        world.fill(store, [Person(f"người {a}{b}", MINI) for a in "abcd" for b in "efgh"])
        with store._db.conn as db:  # type: ignore[attr-defined]
            db.execute("update posts set lang = 'th' where id <= 2")
        findings.find(store, world.study)
        assert build(store, world.study, MADE_AT).coverage.writers is None


def test_an_own_brand_of_which_nobody_speaks_is_told_of_at_once(world: World) -> None:
    with world.open() as store:
        world.fill(store, [Person(f"người {a}{b}", MINI) for a in "abcd" for b in "efgh"])
        findings.find(store, world.study)
        found = build(store, world.study, MADE_AT)
    page = markdown.render(found, "vi").split("## Từng đối thủ")[0]
    assert f"Chưa có ai nói về {OWN} trong các nguồn đã đọc" in page
    assert "chưa ghi An Nhiên nhắm tới ai" not in page
    aimless = markdown.render(replace(found, segments=()), "vi").split("## Từng đối thủ")[0]
    assert "chưa ghi An Nhiên nhắm tới ai" in aimless


def test_a_single_brand_has_one_column_and_no_caption_of_lines_that_are_not_there(world: World) -> None:
    with world.open() as store:
        world.fill(store, [Person(f"n {a}{b}", OWN, (), [("complaint", "price")]) for a in "abcd" for b in "ef"])
        findings.find(store, world.study)
        found = replace(build(store, world.study, MADE_AT), competitors=())
    text = markdown.render(found, "vi")
    assert f"| Nỗi đau | {OWN} (n = 8) |\n" in text.replace("\u00a0", " ")
    assert "Đường nhỏ bên phải" not in text


def test_a_file_that_was_imported_is_called_that() -> None:
    assert Speech("vi").place("file:posts_gau.csv") == "tệp nhập vào: posts_gau.csv"
    assert Speech("en").place("dien-dan.example") == "dien-dan.example"


def test_what_grew_most_is_among_the_places_to_start(report: Report) -> None:
    say = Speech("vi")
    brand = report.competitors[0]
    hurt = next(h for h in brand.portrait.hurts if h.rank is not None)
    risen = replace(hurt, trend=Trend(pain_trends.UP[0], ()))
    portrait = replace(
        brand.portrait, hurts=(risen, *(replace(h, trend=None) for h in brand.portrait.hurts if h != hurt))
    )
    still = replace(report.ours, hurts=())
    rising = replace(report, ours=still, competitors=(replace(brand, portrait=portrait),))
    assert _starts(rising, say)[1] == (f"{brand.name}: “{say.category(hurt.category)}” đang tăng rõ", hurt.evidence)
    moved = Moved(brand.name, "pain", "delivery", 0.18, 0.38, 0.01)
    since = replace(rising, moved=(Moved(brand.name, "pain", "price", 0.2, 0.3, 0.01), moved))
    assert _starts(since, say)[1] == (
        f"{brand.name}: “{say.category('delivery')}” tăng từ 18% lên 38% so với báo cáo trước",
        "changed-since",
    )


def test_a_promise_not_kept_is_a_place_to_start_where_nothing_grew(report: Report) -> None:
    say = Speech("vi")
    competitors = tuple(
        replace(c, portrait=replace(c.portrait, hurts=tuple(replace(h, trend=None) for h in c.portrait.hurts)))
        for c in report.competitors
    )
    ours = replace(report.ours, hurts=tuple(replace(h, trend=None) for h in report.ours.hurts))
    calm = replace(report, ours=ours, competitors=competitors, moved=())
    broken = [one for c in calm.competitors if (one := sentences.most_broken(c)) is not None]
    told = [(text, key) for text, key in _starts(calm, say) if "xem khách nói gì" in text]
    assert len(told) == bool(broken)
    if told:
        assert any(f"“{one.broken}”" in told[0][0] for one in broken)


def _starts(report: Report, say: Speech) -> list[tuple[str, str | None]]:
    cards = [card for block in front(report, (), say).blocks if isinstance(block, Cards) for card in block.cards]
    card = next(card for card in cards if card.title == say.tell("start.first"))
    return [(text.text, text.key) for block in card.blocks if isinstance(block, Items) for text in block.texts]


def test_a_promise_not_kept_tells_how_many_complain_of_just_that(report: Report) -> None:
    say = Speech("vi")
    brand = report.competitors[0]
    hurt = next(h for h in brand.portrait.hurts if h.rank is not None)
    one = Heard("delivery", 42, "complained", "e1", broken="Giao trong 2 giờ", near=12)
    two = Heard(hurt.category, 40, "complained", "e2", broken="An toàn", near=None)
    pages = replace(brand.pages, promises=(Promised((("x", None),), (one, two)),))
    still = replace(brand.portrait, hurts=tuple(replace(h, trend=None) for h in brand.portrait.hurts))
    text, key = sentences.broken(replace(brand, pages=pages, portrait=still), say) or ("", None)
    assert (key, "12 người than đúng chuyện ấy (tính chung 42 người" in text) == ("e1", True)
    risen = replace(still, hurts=(replace(hurt, trend=Trend(pain_trends.UP[0], ())),))
    assert (sentences.broken(replace(brand, pages=pages, portrait=risen), say) or ("", None))[1] == "e2"


@pytest.mark.parametrize(
    ("count", "n", "low", "word"),
    [
        (8, 15, 0.37, "có thể phần lớn"),
        (6, 12, 0.25, "một số người"),
        (60, 70, 0.75, "phần lớn"),
        (45, 100, 0.35, "nhiều người"),
    ],
)
def test_how_many_a_phrase_speaks_of_is_no_more_than_is_sure(
    report: Report, count: int, n: int, low: float, word: str
) -> None:
    estimate = Estimate(count, n, count / n, low, 0.9)
    portrait = replace(
        report.ours,
        traits=(Trait("gender", "who", n, n, (Cell("gender", "female", estimate, Seen(n, 1, None, None), None),)),),
    )
    assert [text for text, _ in sentences.who(portrait, Speech("vi"))] == [f"{word} là nữ"]


def test_beside_an_assumption_about_a_pain_stands_how_well_categories_are_read(report: Report) -> None:
    page = plain(markdown.render(report, "vi"))
    assert page.count("Máy xếp nỗi đau vào nhóm chưa thật chắc (điểm 0,") == sum(
        len({c.position for c in s.checks if c.pain}) for s in report.segments
    )


def test_a_hundred_of_a_hundred_who_tell_are_not_called_everybody() -> None:
    say, whole = Speech("vi"), Estimate(11.0, 11, 1.0, 0.74, 1.0)
    children = Trait("children", "demographics", 11, 66, (Cell("children", "2", whole, Seen(11, 1, None, None), None),))
    assert "100% ở đây không phải là tất cả" in sentences.silence(children, 5, say)
    part = replace(children, cells=(replace(children.cells[0], estimate=replace(whole, share=0.8)),))
    assert "100%" not in sentences.silence(part, 5, say)
    assert "100%" not in sentences.silence(replace(children, attribute="gender"), 5, say)
