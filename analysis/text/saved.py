"""What is read of a document, as spaCy saves and sends it: ``Doc.to_bytes``, ``DocBin`` and ``nlp.pipe(n_process=2)``.

Registered with srsly, which spaCy saves ``doc.user_data`` by. Normal forms, cues, pains and the time are kept beside the tokens
of the ``Doc``; phrases and clauses are means to these ends and are not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any

import srsly

from analysis.text.tokens import Source
from data.records import Cue, Pain

_MARK = "__chandung__"
#: What gives the fields of a record in the order in which it takes them.
CUE_VALUES, PAIN_VALUES = (attrgetter(*[field.name for field in fields(record)]) for record in (Cue, Pain))
Chain = Callable[[Any], Any] | None


def encode(value: Any, chain: Chain = None) -> Any:
    """A :class:`Source` as plain values; anything else as the next encoder says."""
    if not isinstance(value, Source):
        return chain(value) if chain is not None else value
    moment = value.posted_at
    return {
        _MARK: 2,  # The first kept the tokens too.
        "norms": value.norms,
        "cues": list(map(CUE_VALUES, value.cues)),
        "pains": list(map(PAIN_VALUES, value.pains)),
        "posted_at": moment.isoformat() if isinstance(moment, datetime) else None,
    }


def decode(value: Any, chain: Chain = None) -> Any:
    """The :class:`Source` that :func:`encode` made plain, without its tokens; anything else as the next decoder says."""
    if not isinstance(value, dict) or _MARK not in value:
        return chain(value) if chain is not None else value
    source = Source("", [])
    source.norms = value["norms"]
    source.cues = tuple([Cue(*cue) for cue in value["cues"]])
    source.pains = tuple([Pain(*pain) for pain in value["pains"]])
    source.posted_at = datetime.fromisoformat(value["posted_at"]) if value["posted_at"] else None
    return source


def register() -> None:
    """Let srsly know both."""
    srsly.msgpack_encoders.register("chandung", func=encode)
    srsly.msgpack_decoders.register("chandung", func=decode)
