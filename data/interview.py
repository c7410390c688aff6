"""The questions that ``chandung init`` asks, each with the reason for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Set

import click

from data.starter import Answers, is_address, name_of, short_name
from data.words import LANGUAGES, tell


def ask(answers: Answers, *, asked_before: Set[str], language_given: bool) -> None:
    """Fill ``answers``. What was given as an option is not asked again; an empty answer leaves an example in the file."""
    click.echo(tell("init.hello"))
    if "name" not in asked_before:
        answers.brand = _one("name", fits=lambda text: not is_address(text))
    if "study" not in asked_before:
        proposal = short_name(answers.brand) or answers.study
        answers.study = _one("study", proposal, lambda text: bool(re.fullmatch(r"[\w\-]{1,80}", text)))
    if "contact" not in asked_before:
        answers.contact = _one("contact", "", _is_contact)
    if not language_given:
        answers.language = click.prompt(
            tell("init.ask.language"), type=click.Choice(LANGUAGES), default=answers.language
        )
    if "site" not in asked_before:
        answers.sites = _several("site")
    if "competitor" not in asked_before:
        answers.competitors = _competitors()
    if "source" not in asked_before:
        answers.sources = _several("source")


def _prompt(question: str, proposal: str = "") -> str:
    """The answer to a question, which needs no colon behind its question mark."""
    suffix = " " if question.endswith(("?", ")")) and not proposal else ": "
    return str(click.prompt(question, default=proposal, show_default=bool(proposal), prompt_suffix=suffix)).strip()


def _one(name: str, proposal: str = "", fits: Callable[[str], bool] = bool) -> str:
    while True:
        answer = _prompt(tell(f"init.ask.{name}"), proposal)
        if not answer or fits(answer):
            return answer or proposal
        click.echo(tell(f"init.wrong.{name}", got=answer))


def _several(name: str) -> list[str]:
    answers: list[str] = []
    while True:
        key = name if not answers else f"more_{name}"
        answer = _prompt(tell(f"init.ask.{key}"))
        if not answer:
            return answers
        if is_address(answer):
            answers.append(answer)
        else:
            click.echo(tell("init.wrong.address", got=answer))


def _competitors() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    while True:
        name = _prompt(tell(f"init.ask.{'more_competitor' if found else 'competitor'}"))
        if not name:
            return found
        if is_address(name):
            # The site was given where the name was asked for: now the name is what is missing.
            site = name
            name = _prompt(tell("init.ask.competitor_name", site=site), name_of(site))
        else:
            site = _prompt(tell("init.ask.competitor_site", name=name))
        if site and not is_address(site):
            click.echo(tell("init.wrong.address", got=site))
            site = ""
        found.append((name, site))


def _is_contact(text: str) -> bool:
    return bool(re.fullmatch(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s]{2,}|https?://\S+", text))
