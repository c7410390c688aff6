"""Works a page of the gallery through as its reader would, and writes into it what came out.

``python -m tests.gallery --write`` brings the outputs of all pages up to date.
"""

from __future__ import annotations

import csv
import re
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from data.words import tell_in
from tests.command_line import run
from tests.tutorial import steps, words_of

FOLDER = Path(__file__).parent.parent / "docs" / "gallery"
NAMES = ("consumer", "services", "industrial")
#: A block behind this mark is the whole output of the command before it.
_WHOLE = re.compile(r"(?<=<!-- whole output -->\n)```text\n.*?^```$", re.M | re.S)
_PLANTED = re.compile(r"(?<=<!-- planted -->\n).*?(?=^<!-- /planted -->$)", re.M | re.S)
#: Rows of fewer people than this, planted and found, are too few to tell.
_LEAST = 8


def page(name: str, lang: str) -> Path:
    return FOLDER / (f"{name}.md" if lang == "en" else f"{name}.vi.md")


def copied(name: str, folder: Path) -> Path:
    """A copy of the study's folder, as a reader makes it."""
    return Path(shutil.copytree(FOLDER / "studies" / name, folder / name))


def worked(path: Path, folder: Path, lang: str) -> str:
    """The page as it must be: its commands are run in ``folder``, their outputs and the planted truth beside what was found put in.

    Raises ``AssertionError`` where a command fails or a line that the page expects of it does not come.
    """
    text = path.read_text(encoding="utf-8")
    outputs: list[str] = []
    for step in steps(path):
        told = [_run(words_of(command, 0), folder, lang) for command in step.commands]
        outputs.append(told[-1])
        flat = " ".join("\n".join(told).split())
        if not _is_whole(text, step.answers):
            for answer in step.answers:
                assert " ".join(answer.split()) in flat, f"{step.commands}: “{answer}” is not in\n{flat}"
    told_of = iter(outputs[place] for place, step in enumerate(steps(path)) if _is_whole(text, step.answers))
    text = _WHOLE.sub(lambda _: f"```text\n{_trimmed(next(told_of))}\n```", text)
    return _PLANTED.sub(lambda _: planted_and_found(folder, lang), text)


def _is_whole(text: str, answers: list[str]) -> bool:
    return any(
        [line for line in block.group().splitlines()[1:-1] if line.strip()] == answers
        for block in _WHOLE.finditer(text)
    )


def _trimmed(output: str) -> str:
    return "\n".join(line.rstrip() for line in output.strip("\n").splitlines())


def _run(words: list[str], folder: Path, lang: str) -> str:
    done = run(*words, cwd=folder, lang=lang, COLUMNS="80", PYTHONUTF8="1")
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def planted_and_found(folder: Path, lang: str) -> str:
    """A table of what was planted beside what the analysis found, and how much of it lies within the intervals."""
    [database] = folder.glob("*.db")
    with sqlite3.connect(f"file:{database.as_posix()}?mode=ro", uri=True) as store:
        found = {
            (brand, attribute, value): rest
            for brand, attribute, value, *rest in store.execute(
                "select brand, attribute, value, authors, told, low, high from audience_shares"
                " union all select brand, 'pain', category, authors, audience, low, high from pain_shares"
            )
        }
    store.close()
    lines, inside, rows = [_HEAD[lang]], 0, 0
    with (folder / "planted.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            people, of = int(row["people"]), int(row["of"])
            authors, told, low, high = found.get((row["brand"], row["attribute"], row["value"]), (0, 0, 0, 1))
            if max(people, authors) < _LEAST:
                continue
            rows += 1
            within = bool(told) and low - 0.005 <= people / of <= high + 0.005  # as exactly as it is shown
            inside += within
            seen = f"{authors:.0f}/{told:.0f} ({100 * low:.0f}–{high:.0%})" if told else "–"
            lines.append(
                f"| {row['brand']} | {_named(row['attribute'], row['value'], lang)} | {people}/{of} ({people / of:.0%}) "
                f"| {seen} | {'✓' if within else '✕'} |"
            )
    return "\n".join(lines) + "\n\n" + _SUM[lang].format(inside=inside, rows=rows) + "\n"


_HEAD = {
    "en": "| brand | what | planted | found (95% interval) | |\n| --- | --- | --- | --- | --- |",
    "vi": "| thương hiệu | điều gì | đã gieo | tìm thấy (khoảng tin cậy 95%) | |\n| --- | --- | --- | --- | --- |",
}
_SUM = {
    "en": "{inside} of {rows} planted shares lie within the interval of what was found.",
    "vi": "{inside} trên {rows} tỷ lệ đã gieo nằm trong khoảng tin cậy của điều tìm thấy.",
}


def _named(attribute: str, value: str, lang: str) -> str:
    key = f"codes.{'categories' if attribute == 'pain' else f'values.{attribute}'}.{value}"
    try:
        name = tell_in(lang, key)
    except KeyError:
        name = value
    return f"{tell_in(lang, f'codes.attributes.{attribute}')}: {name}"


def main(say: Callable[[str], object] = print) -> None:
    wanted = [word for word in sys.argv[1:] if not word.startswith("-")] or NAMES
    for name in wanted:
        for lang in ("vi", "en"):
            if not page(name, lang).exists():
                continue
            with tempfile.TemporaryDirectory() as temporary:
                text = worked(page(name, lang), copied(name, Path(temporary)), lang)
            if "--write" in sys.argv:
                page(name, lang).write_text(text, encoding="utf-8", newline="\n")
            say(f"{page(name, lang).name}: {'written' if '--write' in sys.argv else 'worked'}")


if __name__ == "__main__":
    main()
