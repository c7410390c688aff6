"""Every sentence exists in both languages, takes the same values in both, and no code asks for one that is missing."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from data import errors
from data.words import LANGUAGES, entry, language, speak, tell

ROOT = Path(__file__).parent.parent.parent
WORDS = ROOT / "data" / "languages"
AREAS = sorted({path.stem for path in WORDS.glob("*/words/*.toml")})
CODE = [
    ROOT / "chandung.py",
    *(p for folder in ("crawler", "analysis", "data") for p in sorted((ROOT / folder).rglob("*.py"))),
]
#: Written from parts that differ: “21/11/2026” and “21 November 2026”.
DATES = {"report.date", "report.month"}
ERRORS = {
    name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.ChandungError)
}


def leaves(tree: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from leaves(value, f"{at}.{key}" if at else key)
    else:
        yield at, tree


def area(lang: str, name: str) -> dict[str, Any]:
    path = WORDS / lang / "words" / f"{name}.toml"
    assert path.exists(), f"{name}.toml is missing in {lang}"
    return dict(leaves(tomllib.loads(path.read_text(encoding="utf-8"))))


def placeholders(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


@pytest.mark.parametrize("name", AREAS)
def test_both_languages_have_the_same_keys(name: str) -> None:
    vi, en = (set(area(lang, name)) for lang in ("vi", "en"))
    assert vi == en, f"only in one language: {sorted(vi ^ en)}"


@pytest.mark.parametrize("name", AREAS)
def test_both_languages_take_the_same_values(name: str) -> None:
    vi, en = area("vi", name), area("en", name)
    for key in (vi.keys() & en.keys()) - {date.removeprefix(f"{name}.") for date in DATES}:
        pairs = [(vi[key], en[key])]
        if isinstance(vi[key], list):
            pairs = [
                (a, b) for a, b in zip(vi[key], en[key], strict=False) if isinstance(a, str) and isinstance(b, str)
            ]
        for one, other in pairs:
            if isinstance(one, str):
                assert placeholders(one) == placeholders(other), f"{name}.{key}"


@pytest.mark.parametrize("name", AREAS)
def test_no_sentence_is_empty(name: str) -> None:
    for lang in LANGUAGES:
        for key, value in area(lang, name).items():
            assert value != "", f"{lang} {name}.{key}"


def asked_for() -> Iterator[tuple[str, str]]:
    """(key, where) for every key that the code names as a plain string."""
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", "")
            place = 1 if name == "tell_in" else 0
            if name not in {"tell", "tell_in", *ERRORS} or len(node.args) <= place:
                continue
            key = node.args[place]
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                prefix = "errors." if name in ERRORS else ""
                yield prefix + key.value, f"{path.relative_to(ROOT)}:{node.lineno}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_message_is_missing(lang: str) -> None:
    missing = []
    for key, where in asked_for():
        try:
            entry(key, lang)
        except (KeyError, TypeError):
            missing.append(f"{where} asks for {key}")
    assert missing == []


def test_one_is_not_spoken_of_as_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANDUNG_LANG", "en")
    said = [tell("crawl.told.asked", requests=count, size="1 kB", time="1 s") for count in ("1", 2, "1,000")]
    assert said == [f"asked {times}, 1 kB fetched, 1 s" for times in ("once", "2 times", "1,000 times")]
    assert tell("crawl.told.copies", count=1) == "1 of the new ones is a copy"
    assert tell("crawl.told.failed", count="1") == "1 page failed"
    assert tell("crawl.skipped.not_a_page", count=1) == "1 that is no web page"


def test_the_language_comes_from_what_was_said_then_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANDUNG_LANG", "vi")
    try:
        assert language() == "vi"
        speak("en")
        assert language() == "en"
        assert tell("study.types.number") == "a number"
        speak(None)
        assert tell("study.types.number") == "một con số"
    finally:
        speak(None)


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ({"LANG": "vi_VN.UTF-8"}, "vi"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "vi_VN"}, "vi"),
        ({"LANG": "vi_VN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "vi_VN.UTF-8", "CHANDUNG_LANG": "en"}, "en"),
    ],
)
def test_the_system_says_the_language_even_where_its_locale_is_not_installed(
    named: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CHANDUNG_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    assert language() == expected
