"""Every secret that a study names is found, whatever it is of: printed units, ``doctor`` and ``status`` all stand on it."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from data import doctor
from data.study import Study
from data.study_alerts import Channel
from data.study_file import load
from data.study_secrets import Secret, secrets, unset, variables
from tests.conftest import StudyFolder

CHANNELS = [
    {"url": "mailtos://lan:${MAIL_PASS}@thu.example"},
    {"url": "mailtos://mai:${MAIL_PASS}@thu.example"},
    {"url": "jsons://moc.example/${HOOK}/${HOOK_TOKEN}", "name": "móc"},
    {"url": "${TEAMS}"},
    {"file": "tin.txt"},
]


@pytest.fixture
def named(study: StudyFolder, monkeypatch: pytest.MonkeyPatch) -> Study:
    for name in ("FB_TOKEN", "MAIL_PASS", "HOOK", "HOOK_TOKEN", "TEAMS"):
        monkeypatch.delenv(name, raising=False)
    study.write([{"url": "https://graph.example/", "token": "${FB_TOKEN}"}], alerts={"to": CHANNELS})
    return load(study.folder)


def test_secrets_of_sources_and_of_channels(named: Study) -> None:
    assert list(secrets(named)) == [
        Secret("FB_TOKEN", "source", "https://graph.example/"),
        Secret("MAIL_PASS", "channel", "mailtos"),
        Secret("MAIL_PASS", "channel", "mailtos 2"),
        Secret("HOOK", "channel", "móc"),
        Secret("HOOK_TOKEN", "channel", "móc"),
        Secret("TEAMS", "channel", "TEAMS"),
    ]
    assert variables(named) == ["FB_TOKEN", "HOOK", "HOOK_TOKEN", "MAIL_PASS", "TEAMS"]


def test_no_field_takes_a_secret_that_is_not_found() -> None:
    """A field that says it takes ``${NAME}`` is a source's token or a channel's address, or :func:`secrets` has to learn of it."""
    definitions = {"Study": (schema := Study.model_json_schema()), **schema["$defs"]}
    found = {
        (part, field)
        for part, definition in definitions.items()
        for field, described in definition.get("properties", {}).items()
        if "${" in described.get("description", "")
    }
    assert found == {("Source", "token"), ("Channel", "url")}


def test_doctor_names_each_that_is_not_set(named: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK", "x")
    monkeypatch.setenv("TEAMS", " ")
    assert [one.name for one in unset(named)] == ["FB_TOKEN", "MAIL_PASS", "MAIL_PASS", "HOOK_TOKEN", "TEAMS"]
    found = [one for one in doctor.checks(named.path) if one.name == "secret"]
    assert {one.state for one in found} == {"bad"}
    assert ["HOOK_TOKEN" in one.sentence and "móc" in one.sentence for one in found] == [
        False,
        False,
        False,
        True,
        False,
    ]


def test_doctor_misses_no_key_where_nothing_was_crawled(tmp_path: Path) -> None:
    study = StudyFolder(tmp_path).write([{"url": "https://a.example/"}])
    assert study.run("schedule", "--once").returncode == 2  # nothing is scheduled, and no database made
    study.write([{"url": "https://a.example/"}], schedule=[{"what": "crawl", "every": "0 3 * * *"}])
    assert study.run("schedule", "--once").returncode == 0
    assert study.database.exists()
    assert [one.name for one in doctor.checks(study.folder) if one.name == "key"] == []


def _refused(url: str) -> str | None:
    """Why a channel's address is refused: the key of the sentence."""
    try:
        Channel(url=url)
    except ValidationError as error:
        return str(getattr(error.errors()[0]["ctx"]["error"], "key", ""))
    return None


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("tuyetvoi://x", "alert_service"),
        ("tgramm://${TOKEN}/1", "alert_service"),
        ("twilio://${SID}:${TOKEN}@${FROM}/${TO}", None),  # less usual, and known to apprise
        ("tgram://123456:abc/1", "alert_secret"),
        ("https://hooks.slack.com/services/T0/B0/abc", "alert_secret"),
        ("json://moc.example/hook/matkhauro123", "alert_secret_part"),
        ("jsons://moc.example/webhook/550e8400-e29b-41d4-a716-446655440000", "alert_secret_part"),
        ("jsons://5f2a1c9e8b7d4f00@moc.example/", "alert_secret_part"),
        ("jsons://moc.example/x?goi=aBcDeFgHiJkLmNoP", "alert_secret_part"),
        ("jsons://moc.example/x?+Authorization=abc", "alert_secret"),
        ("jsons://moc.example/x?api_key=abc", "alert_secret"),
        ("json://127.0.0.1:45123/hook", None),
        ("jsons://moc.example/hooks/nghien-cuu-bim-2026-11/v2?format=text", None),
        ("jsons://moc.example/api/v1/chandung2026/${HOOK_TOKEN}?api_key=${KEY}", None),
        ("mailto://127.0.0.1:2525?from=chandung2026team@vi-du.example&to=lan.nguyen199512@vi-du.example", None),
    ],
)
def test_what_an_address_of_a_channel_may_show(url: str, why: str | None) -> None:
    assert _refused(url) == why


def test_a_refused_part_is_not_repeated_whole(study: StudyFolder) -> None:
    study.write(alerts={"to": [{"url": "json://moc.example/hook/matkhauro123"}]})
    done = study.run("check")
    assert done.returncode == 2
    assert "“mat…”" in done.stderr
    assert "matkhauro123" not in done.stderr + done.stdout
    study.write(alerts={"to": [{"url": "tuyetvoi://x"}]})
    assert (
        "there is no service “tuyetvoi” to tell alerts by. Some that there are: mailtos://, tgram://"
        in study.run("check").stderr
    )
