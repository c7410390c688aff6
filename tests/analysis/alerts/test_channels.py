"""Telling: a real webhook, a real mail server and a file; what fails is tried again, secrets stay secret, the web's words do no harm."""

from __future__ import annotations

import json
import logging
import shlex
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from analysis.alerts import message as writing
from analysis.alerts import wording
from analysis.alerts.channels import ChannelError, WebChannel, channels
from analysis.alerts.message import Message, Part
from analysis.alerts.secrets import hide, resolve
from analysis.alerts.wording import Item
from data.study import Study
from tests.analysis.alerts.little_market import Hook
from tests.command_line import run as command
from tests.conftest import StudyFolder

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
HOSTILE = (
    "@everyone <script>alert(1)</script> [bấm](javascript:alert(2)) *đậm* <!channel> http://xau.example/ `mã` </b>"
)
TOLD = Message(
    "Chandung · thu: 1 tin mới",
    (
        Part(
            None,
            (
                Item(
                    f"MiniCare đổi giá: {HOSTILE}",
                    ("lời “người”",),
                    "https://minicare.example/gia?a=(1)",
                    "chandung status",
                ),
            ),
        ),
    ),
)


class Post:
    """Mail as a server took it."""

    def __init__(self) -> None:
        self.taken: list[Any] = []

    async def handle_DATA(  # noqa: N802 - the server's own name for it
        self, _server: Any, _session: Any, envelope: Any
    ) -> str:
        self.taken.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture
def post() -> Iterator[tuple[Post, int]]:
    taken = Post()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(taken, hostname="127.0.0.1", port=port)
    controller.start()
    yield taken, port
    controller.stop()


def _study(folder: Path, *to: dict[str, Any]) -> Study:
    study = Study.model_validate(
        {"study": "thu", "contact": "a@example.com", "own": {"name": "An Nhiên", "sites": ["https://annhien.example"]},
         "alerts": {"to": list(to)}}
    )  # fmt: skip
    study._path = folder / "study.yaml"
    return study


def test_a_webhook_gets_plain_text_as_json(tmp_path: Path) -> None:
    with Hook() as hook:
        [way] = channels(_study(tmp_path, {"url": hook.url}))
        way.send(TOLD, "normal", NOW)
    [told] = hook.told
    assert told["title"] == TOLD.title
    assert told["message"].startswith("• MiniCare đổi giá: ")
    assert "Làm tiếp: chandung status" in told["message"]


def test_mail_is_html_that_runs_nothing(tmp_path: Path, post: tuple[Post, int]) -> None:
    taken, port = post
    url = f"mailto://127.0.0.1:{port}?from=chandung@vi-du.example&to=to@vi-du.example&mode=insecure"
    [way] = channels(_study(tmp_path, {"url": url}))
    way.send(TOLD, "normal", NOW)
    [mail] = taken.taken
    assert mail["to"].addresses[0].addr_spec == "to@vi-du.example"
    assert mail["subject"] == TOLD.title
    body = mail.get_body(("html",)).get_content()
    plain = mail.get_body(("plain",)).get_content()
    assert "Căn cứ: https://minicare.example/gia?a=%281%29" in plain.replace("\n", " ")
    assert "<script" not in body
    assert "&lt;script&gt;" in body
    assert '<a href="https://minicare.example/gia?a=%281%29">' in body
    assert "javascript:" not in body.replace("(javascript:alert(2))", "")


def test_a_file_is_added_to(tmp_path: Path) -> None:
    [way] = channels(_study(tmp_path, {"file": "tin/bao.txt"}))
    for _ in range(2):
        way.send(TOLD, "normal", NOW)
    text = (tmp_path / "tin" / "bao.txt").read_text(encoding="utf-8")
    assert text.startswith("2026-11-20 15:30 · Chandung · thu: 1 tin mới\n\n• MiniCare đổi giá")
    assert text.count("• MiniCare") == 2


def test_nothing_is_added_to_a_file_that_somebody_else_wrote(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("# Mine\n", encoding="utf-8")
    [way] = channels(_study(tmp_path, {"file": "notes.md"}))
    with pytest.raises(ChannelError, match=r"notes\.md"):
        way.send(TOLD, "normal", NOW)
    assert (tmp_path / "notes.md").read_text(encoding="utf-8") == "# Mine\n"


def test_a_channel_that_refuses_says_why_without_its_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Hook(down=True) as hook:
        monkeypatch.setenv("MOC", "rat-bi-mat/123456")
        [way] = channels(_study(tmp_path, {"url": f"{hook.url}/${{MOC}}", "name": "móc"}))
        with pytest.raises(ChannelError, match="500") as refused:
            way.send(TOLD, "normal", NOW)
    assert "rat-bi-mat" not in str(refused.value)


def test_nobody_answers(tmp_path: Path) -> None:
    [way] = channels(_study(tmp_path, {"url": "json://127.0.0.1:9/"}))
    with pytest.raises(ChannelError):
        way.send(TOLD, "normal", NOW)


@pytest.mark.parametrize(
    ("url", "value"),
    [
        ("tgram://${BI_MAT}/12345", "123456789:AAabcdefghijklmnopqrstuvwxyzABCDEF"),
        ("slack://${BI_MAT}", "T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"),
        ("${BI_MAT}", "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"),
        ("discord://4174216298/${BI_MAT}", "JHMHI8qBe7bk2ZwO5U711o3dV_js"),
        ("workflows://host.example:443/${BI_MAT}/chu-ky-dai-dai", "ma-luong-rat-bi-mat"),
        ("mailtos://ten:${BI_MAT}@thu.example?to=a@b.example", "mật/khẩu @ rất:khó"),
    ],
)
def test_secrets_are_never_logged_or_shown(
    url: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("BI_MAT", value)
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr("requests.post", _refuse)
    monkeypatch.setattr("requests.request", _refuse)
    monkeypatch.setattr("smtplib.SMTP_SSL.connect", _refuse)
    monkeypatch.setattr("smtplib.SMTP.connect", _refuse)
    [way] = channels(_study(tmp_path, {"url": url}))
    with pytest.raises(ChannelError) as refused:
        way.send(TOLD, "normal", NOW)
    parts = [
        part
        for part in value.replace("https://hooks.slack.com/services/", "").replace(":", "/").split("/")
        if len(part) > 4
    ]
    for said in (str(refused.value), caplog.text, repr(way)):
        assert not [part for part in parts if part in said]
    assert str(refused.value)


def _refuse(*words: Any, **named: Any) -> Any:
    raise OSError(f"refused {words} {named}")


def test_a_secret_that_is_not_set_is_named_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BI_MAT", raising=False)
    [way] = channels(_study(tmp_path, {"url": "tgram://${BI_MAT}/12345", "name": "tổ"}))
    with pytest.raises(ChannelError, match="BI_MAT"):
        way.send(TOLD, "normal", NOW)


def test_an_address_of_no_known_kind_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BI_MAT", "https://khong-biet.example/abcdef")
    [way] = channels(_study(tmp_path, {"url": "${BI_MAT}"}))
    with pytest.raises(ChannelError, match="apprise") as refused:
        way.send(TOLD, "normal", NOW)
    assert "abcdef" not in str(refused.value)


def test_a_value_is_quoted_where_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEN", "a@b.example")
    monkeypatch.setenv("MAT_KHAU", "x/y:z@w 1")
    assert resolve("mailtos://${TEN}:${MAT_KHAU}@thu.example?to=c@d.example", "thư").startswith(
        "mailtos://a%40b.example:x%2Fy%3Az%40w%201@thu.example"
    )
    assert "x/y" not in hide("sai mật khẩu x%2Fy%3Az%40w%201 và x/y:z@w 1", "${MAT_KHAU}")


def test_names_are_told_apart(tmp_path: Path) -> None:
    named = channels(_study(tmp_path, {"url": "json://a.example/"}, {"url": "json://b.example/"}, {"file": "x.txt"}))
    assert [way.name for way in named] == ["json", "json 2", "x.txt"]


@pytest.mark.parametrize("form", [writing.TEXT, writing.MARKDOWN, writing.HTML])
def test_the_webs_words_call_nobody_and_lead_nowhere(form: str) -> None:
    body = writing.write(TOLD, form)
    assert "@everyone" not in body
    assert "http://xau.example" not in body
    if form == writing.MARKDOWN:
        assert "[bấm](" not in body
        assert "<script" not in body.replace("\\<script", "")
        assert "<!channel" not in body.replace("\\<!channel", "")
        assert "*đậm*" not in body.replace("\\*", "")
    if form == writing.HTML:
        assert "<script" not in body
        assert "</b>" not in body.replace("&lt;/b&gt;", "")
        assert "<!channel" not in body


@pytest.mark.parametrize(
    "url",
    [
        "slack://T1JJ3T3L2/A1BRTD4JD/${BI_MAT}",
        "discord://4174216298/${BI_MAT}",
        "tgram://${TG}/12345",
        "workflows://a.example/${BI_MAT}/${BI_MAT}",
    ],
)
def test_what_reaches_a_chat_is_harmless(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What apprise makes of it, as it would leave for the chat."""
    sent: list[str] = []

    answer = "ok" if url.startswith("slack") else '{"ok": true, "result": {}}'
    taken = SimpleNamespace(status_code=200, ok=True, text=answer, content=answer.encode(), headers={})

    def take(*words: Any, **named: Any) -> Any:
        sent.append(str(named.get("data") or json.dumps(named.get("json"))))
        return taken

    monkeypatch.setenv("BI_MAT", "TIiajkdnlazkcOXrIdevi7FQ")
    monkeypatch.setenv("TG", "123456789:AAabcdefghijklmnopqrstuvwxyzABCDEF")
    monkeypatch.setattr("requests.post", take)
    monkeypatch.setattr("requests.request", take)
    [way] = channels(_study(tmp_path, {"url": url}))
    way.send(TOLD, "normal", NOW)
    assert len(sent) == 1
    said = json.dumps(json.loads(sent[0]) if sent[0].startswith("{") else sent[0], ensure_ascii=False)
    for harm in ("@everyone", "<!channel>", "<script>", "](javascript:", "http://xau.example"):
        assert harm not in said.replace("\\<script", ""), harm
    assert "minicare.example/gia" in said


def test_a_long_message_is_cut_to_what_the_channel_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    many = Message("nhiều", (Part(None, tuple(Item(f"tin số {n} " + "dài " * 40, ("lời " * 30,)) for n in range(30))),))
    body = writing.write(many, writing.MARKDOWN, most=1800)
    assert len(body) <= 1800
    assert "lời lời" not in body
    assert body.startswith("- tin số 0")
    assert "còn vài điều chưa kể" in body


def test_the_command_tries_every_channel(study: StudyFolder) -> None:
    study.write([{"url": "https://dien-dan.example/"}])
    nowhere = study.run("alerts", "--test")
    assert (nowhere.returncode, nowhere.stdout, "has no channel" in nowhere.stderr) == (2, "", True)
    with Hook() as hook, Hook(down=True) as broken:
        study.write(
            [{"url": "https://dien-dan.example/"}],
            alerts={"to": [{"file": "bao.txt"}, {"url": hook.url, "name": "móc"}, {"url": broken.url, "name": "hỏng"}]},
        )
        done = study.run("alerts", "--test")
    assert done.returncode == 1
    assert done.stdout.splitlines() == ["bao.txt: the test was sent.", "móc: the test was sent."]
    first, last = done.stderr.splitlines()
    assert first.startswith("hỏng: not sent (")
    assert last == "2 of 3 channels were reached; not reached: hỏng."
    assert "Traceback" not in done.stderr
    assert len(hook.told) == 1
    assert not study.database.exists()


def test_a_plugins_own_fault_is_a_failure_like_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [way] = channels(_study(tmp_path, {"url": "json://a.example/"}))
    assert isinstance(way, WebChannel)
    monkeypatch.setattr("apprise.Apprise.notify", lambda *_, **__: 1 / 0)
    with pytest.raises(ChannelError, match="ZeroDivision"):
        way.send(TOLD, "normal", NOW)


def test_the_next_step_about_a_source_is_a_command_that_check_understands(tmp_path: Path) -> None:
    step = wording._check("http://127.0.0.1:9/dien-dan?f=1&p=2")
    words = shlex.split(step)
    assert words == ["chandung", "check", "--source", "http://127.0.0.1:9/dien-dan?f=1&p=2"]
    source = "http://127.0.0.1:9/dien-dan?f=1&p=2"
    (tmp_path / "study.yaml").write_text(
        f"study: thu\ncontact: me@example.com\nown: {{name: An}}\nsources: [{{url: '{source}'}}]\n", encoding="utf-8"
    )
    done = command(*words[1:], cwd=tmp_path)
    assert done.returncode != 2, done.stderr
    assert "127.0.0.1:9" in done.stdout
