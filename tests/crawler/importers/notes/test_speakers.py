"""Who says what in a note."""

import time

import pytest

from crawler.importers.notes.form import same_person, without_names
from crawler.importers.notes.speakers import looks_reported, reported, role_of, taken_apart, without_greetings


def test_a_conversation_in_one_cell_is_taken_apart_by_its_speakers() -> None:
    said = taken_apart("KH: Máy chạy nóng quá. NV: Dạ em xin lỗi chị. KH: Mình muốn đổi máy", {})
    assert said is not None
    assert said.customer == "Máy chạy nóng quá.\nMình muốn đổi máy"
    assert said.agent == "Dạ em xin lỗi chị."


@pytest.mark.parametrize(
    ("text", "customer", "agent"),
    [
        (
            "[10:02] Customer: It leaks at night\n[10:03] Agent Anna: Sorry to hear",
            "It leaks at night",
            "Sorry to hear",
        ),
        ("Khách hàng (0912): tã bị tràn\nCSKH Hoa: em ghi nhận ạ", "tã bị tràn", "em ghi nhận ạ"),
        ("Shop: chào chị\nKhách: giá bao nhiêu?\nShop: 200k ạ", "giá bao nhiêu?", "chào chị\n200k ạ"),
        ("Bot: Xin chào", "", "Xin chào"),
    ],
)
def test_speakers_are_known_in_both_languages(text: str, customer: str, agent: str) -> None:
    said = taken_apart(text, {})
    assert said is not None
    assert (said.customer, said.agent) == (customer, agent)


def test_names_of_the_row_may_stand_for_its_speakers() -> None:
    said = taken_apart("Lan Nguyễn: bé bị hăm\nHoa: dạ", {"Lan Nguyễn": "customer", "Hoa": "agent"})
    assert said is not None
    assert (said.customer, said.agent) == ("bé bị hăm", "dạ")


@pytest.mark.parametrize("text", ["máy nóng, giá: 200k", "https://shop:8080/x", "Mình thấy shop bán đắt", ""])
def test_words_without_speakers_are_nobodys_conversation(text: str) -> None:
    assert taken_apart(text, {}) is None


def test_of_an_agents_note_only_what_reports_the_customer_is_kept() -> None:
    said = reported(
        "KH báo máy nóng và ồn. Đã tư vấn khách vệ sinh máy. Khách phàn nàn là giao hàng trễ; hẹn gọi lại thứ hai."
    )
    assert said.customer == "máy nóng và ồn. giao hàng trễ;"
    assert said.agent == "Đã tư vấn khách vệ sinh máy. hẹn gọi lại thứ hai."
    assert said.how == "report"


def test_english_notes_are_read_alike() -> None:
    said = reported(
        "Customer complained that the fan is noisy. Offered a refund. Client also says delivery took two weeks."
    )
    assert said.customer == "the fan is noisy. delivery took two weeks."
    assert said.agent == "Offered a refund."


def test_a_word_that_only_begins_like_the_customer_is_none() -> None:
    assert reported("Khách sạn gần đây đông. Customers list sent.").customer in ("", "sạn gần đây đông.")


def test_notes_are_known_by_how_their_sentences_begin() -> None:
    assert looks_reported(["KH hỏi giá", "đã gọi lại", "Khách chê đắt"])
    assert not looks_reported(["Mình mua tuần trước mà đã hỏng", "shop ơi còn hàng không"])


@pytest.mark.parametrize(
    ("cell", "who"),
    [("Khách hàng", "customer"), ("inbound", "customer"), ("BOT", "agent"), ("nhân viên", "agent"), ("x", None)],
)
def test_roles(cell: str, who: str | None) -> None:
    assert role_of(cell) == who


def test_greetings_are_dropped_from_what_agents_say() -> None:
    assert (
        without_greetings("Dạ em chào chị ạ. Máy bảo hành 12 tháng. Cảm ơn chị đã liên hệ!") == "Máy bảo hành 12 tháng."
    )


@pytest.mark.parametrize("said", ["0912 345 678", "+84 912 345 678", "84912345678", "912345678", "(091) 234-5678"])
def test_a_telephone_is_the_same_person_however_it_is_written(said: str) -> None:
    assert same_person(said) == "0912345678"


def test_other_ids_stay() -> None:
    assert [same_person(one) for one in ("KH0012", "Lan@Example.com", "12")] == ["KH0012", "lan@example.com", "12"]


def test_names_are_hidden_also_behind_a_word_of_address() -> None:
    assert (
        without_names("Chị Lan ở Gò Vấp, Nguyễn Thị Lan gọi", ["Nguyễn Thị Lan"]) == "Chị [name] ở Gò Vấp, [name] gọi"
    )


@pytest.mark.parametrize(
    "text", ["KH: " * 20_000, "khách báo " * 20_000, "." * 60_000, "KH " * 60_000, "[10:00] " * 20_000]
)
def test_hostile_texts_take_no_time(text: str) -> None:
    start = time.perf_counter()
    taken_apart(text, {"a": "agent"})
    reported(text)
    without_greetings(text)
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize(
    ("text", "customer"),
    [
        ("Chị Nguyễn Thị Mai, sđt 0912345678, than giao hàng chậm 5 ngày", "giao hàng chậm 5 ngày"),
        ("Chị Hà than giao hàng chậm", "giao hàng chậm"),
        ("Anh Ba phàn nàn bé bị hăm. Đã xin lỗi.", "bé bị hăm."),
        ("Cô Bảy (KH cũ) vừa gọi khiếu nại máy ồn", "máy ồn"),
        ("Ms Hoa complained about the smell", "the smell"),
        ("Anh chị vui lòng báo lại giúp em", ""),
        ("Chị Lan báo kho gửi bù", ""),  # she is the agent
        ("Bạn nên hỏi lại khách", ""),
    ],
)
def test_a_person_by_name_reports_a_customer(text: str, customer: str) -> None:
    assert reported(text, ("Trần Lan",)).customer == customer
