"""What was missed, what was made up, and what was found with another code: post by post, for whoever mends words and rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from analysis.text.matching import Compared, Pair
from data.records import Cue, Pain
from data.rows import shown
from data.words import tell

_JUDGED = ("kind", "category", "severity")


def misses(posts: Iterable[Compared]) -> Iterator[dict[str, Any]]:
    """Each post that was read otherwise than it was coded: its ``id``, ``text`` and ``differences``."""
    for post in posts:
        found = [*map(_cue, post.cues), *map(_pain, post.pains)]
        differences = [one for one in found if one is not None]
        if differences:
            yield {
                "id": post.post.id,
                "language": post.post.language,
                "text": post.post.text,
                "differences": differences,
            }


def _cue(pair: Pair[Cue]) -> dict[str, Any] | None:
    coded, read = pair
    if coded and read and coded.who == read.who:
        return None
    return _difference("cue", coded, read, ("attribute", "value", "who"))


def _pain(pair: Pair[Pain]) -> dict[str, Any] | None:
    coded, read = pair
    if coded and read and all(getattr(coded, name) == getattr(read, name) for name in _JUDGED):
        return None
    return _difference("pain", coded, read, _JUDGED)


def _difference(what: str, coded: Cue | Pain | None, read: Cue | Pain | None, names: Sequence[str]) -> dict[str, Any]:
    how = "other" if coded and read else "missed" if coded else "made_up"

    def told(answer: Cue | Pain | None) -> dict[str, Any] | None:
        return {name: getattr(answer, name) for name in (*names, "quote")} if answer else None

    by = read.source_component if read else ""
    return {"how": how, "what": what, "coded": told(coded), "read": told(read), "source_component": by}


def as_lines(found: Iterable[dict[str, Any]]) -> Iterator[str]:
    """The same for the eye: a post, and under it a line for each difference."""
    for post in found:
        yield f"{post['id']} | {shown(' ⏎ '.join(post['text'].splitlines()))}"
        for one in post["differences"]:
            coded, read = _told(one["coded"]), _told(one["read"])
            said = tell(f"eval.misses.{one['how']}", coded=coded, read=read)
            yield f"    {shown(said)}" + (f"  [{one['source_component']}]" if one["source_component"] else "")


def _told(answer: dict[str, Any] | None) -> str:
    if answer is None:
        return ""
    *codes, quote = answer.values()
    return f"{' · '.join(map(str, codes))} “{' '.join(str(quote).split())}”"
