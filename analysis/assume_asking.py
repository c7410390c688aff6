"""The questions of ``chandung assume add``: what was not given as an option is asked, and asked again until it fits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import click

from analysis.assuming import share, threshold, values
from data.codebook import ATTRIBUTES, PAIN_CATEGORIES, VALUES
from data.errors import InputError
from data.study import Study
from data.study_file import nearest
from data.words import tell

Fields = dict[str, Any]


def complete(study: Study, given: Mapping[str, Any]) -> tuple[str, Fields, bool]:
    """The segment and the fields of the assumption in the file's order, and whether anything was asked.

    Raises ``InputError`` for a threshold that is no number.
    """
    asked: list[str] = []
    segment = given["segment"] or _segment(study, asked)
    subject = _subject(given, asked)
    fields: Fields = {**({"id": given["name"]} if given["name"] else {}), **subject, **_claim(given, subject, asked)}
    if given["minimum_n"] is not None:
        fields["minimum_n"] = given["minimum_n"]
    note = given["note"] or (_prompt(tell("assume.ask.note"), needed=False) if asked else "")
    if note:
        fields["note"] = note
    return _as_named(study, segment), fields, bool(asked)


def _as_named(study: Study, segment: str) -> str:
    """A segment as the file writes it."""
    return next(
        (s.segment for s in study.own.target if s.segment.casefold() == segment.strip().casefold()), segment.strip()
    )


def _segment(study: Study, asked: list[str]) -> str:
    known = [segment.segment for segment in study.own.target]
    if len(known) == 1:
        return known[0]
    asked.append("segment")
    key = "segment" if known else "first_segment"
    return _prompt(tell(f"assume.ask.{key}", options="; ".join(known)))


def _subject(given: Mapping[str, Any], asked: list[str]) -> Fields:
    """What it is about: the options as they stand (they are checked later), or the answer to a question."""
    told = {name: given[name] for name in ("attribute", "pain") if given[name]}
    if told:
        return told
    asked.append("subject")
    click.echo(tell("assume.ask.subjects", attributes=", ".join(ATTRIBUTES), pains=", ".join(PAIN_CATEGORIES)))
    while True:
        answer = _prompt(tell("assume.ask.subject")).casefold().replace(" ", "_")
        if answer in ATTRIBUTES or answer in PAIN_CATEGORIES:
            return {"attribute" if answer in ATTRIBUTES else "pain": answer}
        near = _nearest(answer.replace("_", " "), (*ATTRIBUTES, *PAIN_CATEGORIES))
        click.echo(tell("assume.ask.no_subject", got=answer, nearest=near))


def _claim(given: Mapping[str, Any], subject: Fields, asked: list[str]) -> Fields:
    """The values expected, and the threshold."""
    limits = {name: _share(name, given[name]) for name in ("at_least", "at_most") if given[name] is not None}
    if given["top"] is not None:
        return {"expect": f"top {given['top']}", **limits}
    expect = values(list(given["expect"]))
    if not expect and "pain" not in subject:
        asked.append("expect")
        expect = _expect(str(subject["attribute"]))
    if not limits:
        asked.append("threshold")
        limits = _threshold("pain" in subject)
    return {"expect": limits.pop("expect", None) or expect or subject.get("pain"), **limits}


def _expect(attribute: str) -> Any:
    known = VALUES.get(attribute, ())
    question = tell("assume.ask.expect_of", options=", ".join(known)) if known else tell("assume.ask.expect")
    while True:
        found = values([_prompt(question)])
        wrong = [one for one in (found if isinstance(found, list) else [found]) if known and one not in known]
        if found and not wrong:
            return found
        if wrong:
            said = tell(
                "study.wrong.not_one_of", got=wrong[0], options=", ".join(known), nearest=_nearest(wrong[0], known)
            )
            click.echo(said)


def _threshold(of_a_pain: bool) -> Fields:
    question = tell("assume.ask.threshold_pain" if of_a_pain else "assume.ask.threshold")
    while True:
        answer = _prompt(question)
        found = threshold(answer)
        if found and (of_a_pain or "expect" not in found):
            return found
        click.echo(tell("assume.ask.no_threshold", got=answer))


def _share(name: str, text: str) -> float:
    found = share(text)
    if found is None:
        raise InputError("assume_threshold", option=f"--{name.replace('_', '-')}", got=text)
    return found


def _prompt(question: str, *, needed: bool = True, ask: Callable[..., Any] = click.prompt) -> str:
    suffix = " " if question.endswith(("?", ")")) else ": "
    while True:
        answer = str(ask(question, default="", show_default=False, prompt_suffix=suffix)).strip()
        if answer or not needed:
            return answer


def _nearest(got: str, options: Iterable[str]) -> str:
    return nearest(got, tuple(options))
