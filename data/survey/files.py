"""Questionnaires as YAML files that people read and change."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from data.errors import InputError
from data.survey.questionnaire import Choice, Question, Questionnaire
from data.words import tell

#: How the file of a questionnaire ends.
ENDING = ".map.yaml"
_LARGEST = 1_000_000


def load(path: Path) -> Questionnaire:
    """Read a questionnaire. Raises ``InputError`` with what is wrong in it, and where."""
    from pydantic import ValidationError
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    from data.study_yaml import fault

    if not path.is_file():
        raise InputError("survey_no_map", path=path)
    if path.stat().st_size > _LARGEST:
        raise _wrong(path, tell("survey.map.too_large"))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise _wrong(path, tell("survey.map.not_utf8")) from None
    if text.count("*") > 200 and "&" in text:
        raise _wrong(path, tell("survey.map.too_large"))
    try:
        plain = YAML(typ="safe", pure=True).load(text)
    except (YAMLError, RecursionError, ValueError) as error:
        line, said = fault(error, text)
        raise _wrong(path, tell("survey.map.line", line=line, what=said)) from None
    if not isinstance(plain, dict) or "questions" not in plain:
        raise _wrong(path, tell("survey.map.no_questions"))
    try:
        return Questionnaire.model_validate(plain)
    except ValidationError as error:
        raise _wrong(path, "\n".join(dict.fromkeys(_problem(item, plain) for item in error.errors()))) from None


def _wrong(path: Path, problems: str) -> InputError:
    return InputError("survey_map_wrong", path=path, problems=problems)


def _problem(item: Any, plain: Any) -> str:
    """One wrong thing with the question that it stands at."""
    place = list(item["loc"])
    where = ".".join(str(step + 1 if isinstance(step, int) else step) for step in place) or "questions"
    if len(place) > 1 and place[0] == "questions" and isinstance(place[1], int):
        held = plain["questions"][place[1]]
        if isinstance(held, dict) and held.get("code"):
            where = ".".join([str(held["code"]), *(str(s + 1 if isinstance(s, int) else s) for s in place[2:])])
    kind = "unknown" if item["type"] == "extra_forbidden" else "missing" if item["type"] == "missing" else "wrong"
    said = str(item.get("ctx", {}).get("error", "")) if item["type"] == "value_error" else ""
    if said:
        what, _, got = said.partition(" ")
        return tell(f"survey.map.{what}", where=where, got=got[:80])
    return tell(f"survey.map.{kind}", where=where, got=str(item.get("input"))[:80])


def text_of(asked: Questionnaire, notes: Iterable[str] = ()) -> str:
    """A questionnaire as a YAML file with ``notes`` on top."""
    from ruamel.yaml import YAML

    out = io.StringIO()
    yaml = YAML()
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump(_tree(asked), out)
    lines = [f"# {line}" for note in notes for line in note.splitlines()]
    return "\n".join([*lines, out.getvalue().rstrip()]) + "\n"


def _tree(asked: Questionnaire) -> Any:
    from ruamel.yaml.comments import CommentedMap

    plain = asked.model_dump(exclude_defaults=True)
    plain["questions"] = [_question(question) for question in asked.questions]
    order = [*Questionnaire.model_fields]
    return CommentedMap((name, plain[name]) for name in order if name in plain)


def _question(question: Question) -> Any:
    from ruamel.yaml.comments import CommentedMap

    said = question.model_dump(exclude_defaults=True) | {"type": question.type}
    if question.answers:
        said["answers"] = [_choice(choice) for choice in question.answers]
    return CommentedMap((name, said[name]) for name in Question.model_fields if name in said)


def _choice(choice: Choice) -> Any:
    from ruamel.yaml.comments import CommentedMap

    held = CommentedMap(say=choice.say)
    if choice.code is not None:
        held["code"] = choice.code
    held["value"] = choice.value
    if choice.out:
        held["out"] = True
    held.fa.set_flow_style()
    return held
