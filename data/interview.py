"""The questions that ``chandung init`` asks, each with the reason for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence, Set
from copy import deepcopy
from dataclasses import fields, replace
from functools import partial

import click

from data.addresses import as_address, is_address, meant_by
from data.by_itself import OFTEN, channel
from data.folding import fold
from data.starter import Answers, name_of, named, short_name
from data.surroundings import MARKET, Place, Seen, look_around, public_places, topics
from data.words import LANGUAGES, tell, tell_in

#: A question or several that belong together; whether the same is to be asked again.
_Step = Callable[[Answers], bool | None]

#: What leads back to the question before.
_GO_BACK = "<"

#: What people call the report's languages, folded.
_LANGUAGE_NAMES = {
    "viet": "vi", "viet nam": "vi", "vietnam": "vi", "vietnamese": "vi", "vn": "vi", "anh": "en", "english": "en", "eng": "en"
}  # fmt: skip


def ask(
    answers: Answers, *, asked_before: Set[str], language_given: bool, folder_named: bool = False, look: bool = True
) -> None:
    """Fill ``answers``. What was given as an option is not asked again; an empty answer leaves an example in the file.

    ``folder_named``: the study's name is the folder's, which the user gave. ``look``: the sites that are named are looked at,
    and what they lead to is proposed.
    """
    click.echo(tell("init.hello"))
    left_out = {*asked_before, *(["language"] if language_given else []), *([] if look else ["given"])}
    # Whoever stopped among several of a kind had more to say of it.
    last = next((kind for kind in ("alerts", "schedule", "source", "competitor", "site") if kind in asked_before), "")
    left_out -= {last} & {"site", "competitor", "source"}
    left_out |= {"public"} if "source" in left_out else set()
    steps: dict[str, _Step] = {
        "name": _name,
        "study": partial(_study, folder_named=folder_named),
        "contact": _contact,
        "language": _report_language,
        "given": partial(look_at_given, take_all=False),
        "site": partial(_another, name="site", look=look),
        "competitor": partial(_another_competitor, look=look),
        "source": partial(_another, name="source", look=look),
        "public": _public,
        "schedule": _schedule,
        "alerts": _alerts,
    }
    _in_turn(answers, {name: step for name, step in steps.items() if name not in left_out})


class _Back(Exception):  # noqa: N818 - an answer, not an error
    """The answer that leads back to the question before."""


def _in_turn(answers: Answers, steps: Mapping[str, _Step]) -> None:
    """Go through ``steps``, once more through one that returns true. Whoever goes back finds everything as it was then."""
    names, past = list(steps), list[tuple[int, Answers]]()
    place = 0
    while place < len(names):
        before = deepcopy(answers)
        try:
            again = steps[names[place]](answers)
        except _Back:
            began = answers.said != before.said
            if not began and past:
                place, before = past.pop()
            for field in fields(answers):
                setattr(answers, field.name, getattr(before, field.name))
            continue
        if names[place] != "given":  # it may have asked nothing, and would lead forward again
            past.append((place, before))
        place += not again


def _keep(answers: Answers, option: str, value: str) -> None:
    if value:
        answers.said.append((option, value))


def _name(answers: Answers) -> None:
    answers.brand = _named(answers, tell("init.ask.name"), no_address=True)
    _keep(answers, "name", answers.brand)


def _study(answers: Answers, *, folder_named: bool) -> None:
    proposal = answers.study if folder_named else short_name(answers.brand) or answers.study
    answers.study = _one("study", proposal, lambda text: bool(re.fullmatch(r"[\w\-]{1,80}", text)))
    _keep(answers, "study", answers.study)


def _contact(answers: Answers) -> None:
    answers.contact = _one("contact", "", _is_contact)
    _keep(answers, "contact", answers.contact)


def _report_language(answers: Answers) -> None:
    answers.language = _language(answers.language)
    _keep(answers, "language", answers.language)


def _schedule(answers: Answers) -> None:
    answers.schedule = _often()
    _keep(answers, "schedule", answers.schedule)


def _alerts(answers: Answers) -> None:
    answers.alerts = channel(_one("alerts", fits=lambda text: channel(text) is not None)) or ""


def look_at_given(answers: Answers, *, take_all: bool = True) -> None:
    """Look at the addresses that were given as options. Of what they lead to everything is taken, or what is chosen."""
    own, competitors, sources = answers.sites, answers.competitors, answers.sources
    answers.sites = [site for one in own if (site := _looked_at(answers, one, _own(answers), take_all=take_all))]
    answers.competitors = [
        (name, _looked_at(answers, site, name, take_all=take_all) if site else "") for name, site in competitors
    ]
    answers.sources = [url for one in sources if (url := _looked_at(answers, one, MARKET, take_all=take_all))]


def _own(answers: Answers) -> str:
    return answers.brand or tell_in(answers.language, "init.file.brand")


def _looked_at(answers: Answers, address: str, about: str, *, take_all: bool = False, bare: bool = False) -> str:
    """Look at ``address`` and keep what it leads to; the address as it is to stand in the study, or nothing where the study
    keeps it among the places."""
    return _kept(answers, _looked(address, about, answers.contact, bare=bare), about, take_all=take_all)


def _looked(address: str, about: str, contact: str, *, bare: bool) -> Seen:
    """``bare``: nobody wrote https, so that http is tried where https cannot be reached."""
    click.echo(tell("init.look.begins", site=address))
    return look_around(address, contact, about, bare=bare)


def _kept(answers: Answers, seen: Seen, about: str, *, take_all: bool = False) -> str:
    if seen.problem:
        click.echo(tell("init.look.nothing", why=seen.problem))
        answers.failed[seen.url] = seen.problems
        return seen.url
    if seen.itself is not None:
        # A page on a platform is no site of its own to be crawled: what was typed is kept as the place that it is.
        place = replace(seen.itself, about=about)
        click.echo(f"  · {place.told}")
        answers.places.append(place)
        return ""
    if about == MARKET:
        return seen.url  # what a forum links to is not about anybody in the study
    for kind, url in seen.pages:
        click.echo(f"  · {tell(f'look.pages.{kind}', url=url)}")
    for sentence in seen.others:
        click.echo(f"  · {sentence}")
    if seen.places:
        named = [place for place in seen.places if place.url in answers.take]
        if named or take_all:
            # Nobody is asked, so what goes into the study is told.
            chosen = named or list(seen.places)
            for place in chosen:
                click.echo(f"  · {place.told}")
        else:
            chosen = _chosen(tell("init.look.found", name=about), seen.places)
        if not named:
            answers.said += [("take", place.url) for place in chosen]
        answers.places += chosen
    elif not seen.others:
        click.echo(tell("init.look.none"))
    return seen.url


def _public(answers: Answers) -> None:
    """Well-known public forums, proposed by what customers talk about there."""
    names = topics()
    click.echo(tell("init.public.topics"))
    for number, topic in enumerate(names, 1):
        click.echo(f"  {number}. {tell(f'init.public.topic.{topic}')}")
    chosen = _numbers(tell("init.public.which"), len(names), nothing=())
    places = [place for place in public_places([names[n - 1] for n in chosen]) if place.url not in answers.sources]
    taken = _chosen(tell("init.public.found"), places, nothing=()) if places else []
    answers.places += taken
    answers.said += [("source", place.url) for place in taken]


def _chosen(title: str, places: Sequence[Place], nothing: Sequence[int] | None = None) -> list[Place]:
    click.echo(title)
    for number, place in enumerate(places, 1):
        click.echo(f"  {number}. {place.told}")
    everything = range(1, len(places) + 1)
    key = "init.look.which" if nothing is None else "init.public.take"
    return [places[n - 1] for n in _numbers(tell(key), len(places), everything if nothing is None else nothing)]


def _numbers(question: str, most: int, nothing: Sequence[int]) -> Sequence[int]:
    """Numbers from 1 to ``most`` out of an answer such as ``1, 3``; ``nothing`` for an empty one, none for 0."""
    while True:
        answer = _prompt(question)
        if not answer:
            return nothing
        words = re.split(r"[\s,;]+", answer.strip(" ,;"))
        if all(word.isascii() and word.isdigit() and int(word) <= most for word in words):
            return [number for number in dict.fromkeys(map(int, words)) if number]
        click.echo(tell("init.wrong.numbers" if most > 1 else "init.wrong.one_number", got=answer, most=most))


def _prompt(question: str, proposal: str = "") -> str:
    """The answer to a question, which needs no colon behind its question mark."""
    suffix = " " if question.endswith(("?", ")")) and not proposal else ": "
    answer = str(click.prompt(question, default=proposal, show_default=bool(proposal), prompt_suffix=suffix)).strip()
    if answer == _GO_BACK:
        raise _Back
    return answer


def _one(name: str, proposal: str = "", fits: Callable[[str], bool] = bool) -> str:
    while True:
        answer = _prompt(tell(f"init.ask.{name}"), proposal)
        if not answer or fits(answer):
            return answer or proposal
        click.echo(tell(f"init.wrong.{name}", got=answer))


def _language(proposal: str) -> str:
    """A language by its code or by its name in either language: ``vi``, ``Tiếng Việt``, ``Vietnamese``."""
    while True:
        answer = _prompt(tell("init.ask.language"), proposal)
        word = re.sub(r"^tieng\s+", "", fold(answer).strip())
        code = _LANGUAGE_NAMES.get(word, word)
        if code in LANGUAGES:
            return code
        click.echo(tell("init.wrong.language", got=answer))


def _often() -> str:
    """How often the study works by itself, by its word in either language: ``weekly``, ``tuần``, ``mỗi tuần``."""
    while True:
        answer = _prompt(tell("init.ask.schedule"), tell("init.often.weekly"))
        word = re.sub(r"^(?:hang|moi)\s+", "", fold(answer).strip())
        for often in OFTEN:
            if any(word in fold(tell_in(lang, f"init.often_said.{often}")).split() for lang in LANGUAGES):
                return often
        click.echo(tell("init.wrong.schedule", got=answer))


def _taken(answers: Answers) -> set[str]:
    return {name.casefold() for name in (answers.brand, *(name for name, _ in answers.competitors)) if name}


def _free(answers: Answers, *proposals: str) -> str:
    """The first of ``proposals`` for a brand's name that would be accepted; or nothing."""
    taken = _taken(answers)
    return next(
        (one for one in proposals if one and one.casefold() not in taken and not is_address(as_address(one))), ""
    )


def _named(answers: Answers, question: str, proposal: str = "", *, no_address: bool = False) -> str:
    """A brand's name, or nothing: no brand twice, and one without a letter only where it is said a second time."""
    taken = _taken(answers)
    answer = _prompt(question, proposal)
    while answer:
        if is_address(as_address(answer)):
            if not no_address:
                return answer
            click.echo(tell("init.wrong.name", got=answer))
        elif answer.casefold() in taken:
            click.echo(tell("init.wrong.named_twice", got=answer))
        elif any(sign.isalpha() for sign in answer):
            return answer
        else:
            again = _prompt(tell("init.ask.odd_name", got=answer))
            if again == answer:
                return answer
            if again:
                answer = again
                continue
        answer = _prompt(question, proposal)
    return ""


def _address(key: str, **values: object) -> tuple[str, bool]:
    """A web address, asked for until it is one or nothing; and whether it was given without http:// or https://."""
    while True:
        answer = _prompt(tell(f"init.ask.{key}", **values))
        address = as_address(answer)
        if not answer or is_address(address):
            return address, "//" not in answer
        meant = meant_by(answer)
        click.echo(tell(f"init.wrong.address{'_meant' if meant else ''}", got=answer, meant=meant))


def _another(answers: Answers, *, name: str, look: bool) -> bool:
    """An address of the brand (``site``) or of where customers talk (``source``), while there is one more."""
    given = answers.sites if name == "site" else answers.sources
    more = any(option == name for option, _ in answers.said)  # of a page on a platform nothing stands among the given
    address, bare = _address(f"more_{name}" if more else name)
    if not address:
        return False
    _keep(answers, name, address)
    if look and address not in given:
        about = _own(answers) if name == "site" else MARKET
        address = _looked_at(answers, address, about, bare=bare)
    if address and address not in given:
        given.append(address)
    return True


def _another_competitor(answers: Answers, *, look: bool) -> bool:
    """A competitor and its site, while there is one more."""
    name = _named(answers, tell(f"init.ask.{'more_competitor' if answers.competitors else 'competitor'}"))
    if not name:
        return False
    if is_address(site := as_address(name)):
        # The site was given where the name was asked for: now the name is what is missing.
        seen = _looked(site, name, answers.contact, bare="//" not in name) if look else None
        site = seen.url if seen else site
        question = tell("init.ask.competitor_name", site=site)
        proposal = _free(answers, (seen.name if seen else None) or "", name_of(site))
        said = len(answers.said)
        _keep(answers, "competitor", named(proposal, site) if proposal else "")
        name = _named(answers, question, proposal, no_address=True) or site
        answers.said[said:] = [("competitor", named(name, site))]
        site = _kept(answers, seen.about(name), name) if seen else site
    else:
        _keep(answers, "competitor", name)
        site, bare = _address("competitor_site", name=name)
        answers.said[-1] = ("competitor", named(name, site))
        if site and look:
            site = _looked_at(answers, site, name, bare=bare)
    answers.competitors.append((name, site))
    return True


def _is_contact(text: str) -> bool:
    return bool(re.fullmatch(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s]{2,}|https?://\S+", text))
