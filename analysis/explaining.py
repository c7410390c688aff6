"""``--explain``: the post or text asked about, the explanation of it on the terminal, and a page with the picture."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from data.errors import InputError
from data.store.versions import version_of
from data.words import tell

if TYPE_CHECKING:
    from analysis.text.annotate import Annotator
    from data.store import Store
    from data.study import Study

_POST = """
select p.id, p.post_id, p.text, p.posted_at, p.lang, p.url, a.version
from posts p left join annotations a on a.post = p.id
where {} order by p.id limit 2
"""
#: By its own id, its address, its running number: the first that finds one.
_WAYS = ("p.post_id = :asked", "p.url = :asked", "p.id = :number")


def explain_post(store: Store, study: Study, asked: str, *, as_json: bool, opened: bool) -> None:
    """Explain the post that ``asked`` names: by its id, its address or its running number in the study."""
    from analysis.read import annotator, versions_for

    post = find_post(store, asked)
    if not post["text"]:
        raise InputError("post_text_gone", post=asked)
    reader = annotator(study)
    version = version_of(versions_for(reader, study), str(post["lang"]))
    notes = list(_notes(store, post, version))
    item = {"id": post["id"], "text": post["text"], "posted_at": post["posted_at"]}
    name = re.sub(r"[^\w\-]+", "-", str(post["post_id"]))[:60].strip("-") or str(post["id"])
    show(
        reader, item, what=str(post["url"] or post["post_id"]), notes=notes, as_json=as_json, opened=opened,
        output=study.reports / f"why-{post['id']}-{name}.html",
    )  # fmt: skip


def find_post(store: Store, asked: str) -> dict[str, Any]:
    """The post, as a row. Raises ``InputError`` where there is none, or where an address has several."""
    asked = asked.strip()
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else -1
    for way in _WAYS:
        found = list(store.query(_POST.format(way), {"asked": asked, "number": number}))
        if len(found) > 1:
            raise InputError("post_of_several", post=asked, ids=", ".join(str(row["post_id"]) for row in found))
        if found:
            return dict(found[0])
    raise InputError("no_such_post", post=asked)


def _notes(store: Store, post: dict[str, Any], version: str) -> Iterator[str]:
    """What the explanation does not show: other answers stand in the database."""
    if post["version"] is None:
        yield tell("explain.not_read_yet")
    elif post["version"] != version:
        yield tell("explain.other_version")
    if labels := store.labels_of([post["id"]]).get(post["id"]):
        yield tell("explain.labelled", n=len(labels))


def explain_text(text: str, study: Study | None, *, as_json: bool, output: Path | None, opened: bool) -> None:
    """Explain a text that somebody typed."""
    from analysis.read import annotator
    from analysis.text.annotate import Annotator

    if not text.strip():
        raise InputError("nothing_to_explain")
    reader = annotator(study) if study is not None else Annotator()
    if opened and output is None:
        import tempfile

        output = Path(tempfile.mkdtemp(prefix="chandung-")) / "why.html"
    what = " ".join(text.split())[:60]
    show(reader, {"id": "text", "text": text}, what=what, notes=[], as_json=as_json, output=output, opened=opened)


def show(
    reader: Annotator,
    item: dict[str, Any],
    *,
    what: str,
    notes: list[str],
    as_json: bool,
    output: Path | None,
    opened: bool,
) -> None:
    """Print the explanation of ``item``, and write its page where ``output`` says."""
    from analysis.text.explain import explain
    from analysis.text.explain_show import as_dict, as_lines, page
    from data.rows import shown

    told = explain(reader, item)
    for note in notes:
        click.echo(note, err=True)
    if as_json:
        click.echo(json.dumps({"id": item["id"], **as_dict(told)}, ensure_ascii=False, indent=2))
    else:
        for line in as_lines(told):
            click.echo("\n".join(map(shown, line.split("\n"))))
    if output is None:
        return
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(page(told, tell("explain.title", what=what)), encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError("cannot_write", path=output, why=error.strerror or error) from None
    click.echo(tell("explain.written", path=output), err=as_json)
    if opened:
        from data.desktop import open_in_browser

        open_in_browser(output.resolve().as_uri())
