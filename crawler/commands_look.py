"""The command ``chandung look``: where a brand is, told from one address."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click
from pydantic import ValidationError

from data.addresses import as_address, is_address, meant_by
from data.click_words import command
from data.errors import InputError
from data.starter import scalar
from data.words import tell

if TYPE_CHECKING:
    from crawler.look import Around

_MOST = 20


@command("look", "look")
@click.argument("addresses", metavar="ADDRESS...", nargs=-1, required=True)
@click.option("--contact", default="", help=tell("look.options.contact"))
@click.option(
    "--timeout", type=click.FloatRange(min=0.1), default=15.0, show_default=True, help=tell("crawl.options.timeout")
)
@click.option("--json", "as_json", is_flag=True, help=tell("cli.options.json"))
def look(addresses: tuple[str, ...], contact: str, timeout: float, as_json: bool) -> int:
    from crawler.crawl_log import logged_to
    from crawler.look import look as run

    if len(addresses) > _MOST:
        raise InputError("too_many_addresses", most=_MOST)
    taken = [as_address(text) for text in addresses]
    if wrong := [text for text, address in zip(addresses, taken, strict=True) if not is_address(address)]:
        raise InputError("not_addresses", problems="\n".join(dict.fromkeys(map(_no_address, wrong))))
    try:
        with logged_to(None):
            bare = [address for text, address in zip(addresses, taken, strict=True) if "//" not in text]
            found = run(taken, contact or "chandung@localhost.invalid", timeout=timeout, bare=bare)
    except ValidationError as error:
        place = error.errors()[0]["loc"]
        got = taken[int(place[1])] if place[0] == "sources" and len(place) > 1 else contact
        raise InputError("not_an_address", got=got) from None
    if as_json:
        json.dump({"addresses": [one.as_json() for one in found]}, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        for one in found:
            click.echo("\n".join(lines(one)))
    return int(any(one.problem for one in found))


def _no_address(text: str) -> str:
    meant = meant_by(text)
    return tell(f"errors.not_an_address{'_meant' if meant else ''}", got=text, meant=meant)


def lines(around: Around) -> list[str]:
    """What was found, for people to read: one line a thing, nothing where there is nothing."""
    if around.problem is not None:
        return [tell("look.nothing", url=around.url, why=around.problem.sentence())]
    head = tell("look.named", url=around.url, name=around.name) if around.name else around.url
    said = [head]
    for place in around.places:
        said += [f"  · {place.sentence()}", *([f"      {place.line}"] if place.line else [])]
    for kind, urls, about in (("feed", around.feeds, around.called), ("talk", around.talk, "market")):
        for url in urls:
            said += [f"  · {tell(f'look.{kind}', url=url)}", f"      - {{url: {scalar(url)}, about: {scalar(about)}}}"]
    said += [f"  · {tell(f'look.pages.{kind}', url=url)}" for kind, url in around.pages]
    return said if len(said) > 1 else [*said, f"  {tell('look.alone')}"]
