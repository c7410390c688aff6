"""By which version of the pipelines posts were read: one for all, or one for each language, so that a change in one language leaves
the posts in the others as they are."""

from __future__ import annotations

import json
from collections.abc import Mapping

#: One version for all texts, or language code → version, with :data:`OTHER` for the languages that are not named.
Versions = str | Mapping[str, str]
OTHER = "other"
#: Holds for a post ``p`` with its reading ``a`` where ``:versions`` (:func:`as_json`) have not read it as it stands.
UNREAD = """(
    a.post is null or (p.text <> '' and (
        a.version <> coalesce(
            json_extract(:versions, '$."' || a.lang || '"'), json_extract(:versions, '$.other'), ''
        ) or a.content_hash <> p.content_hash
    ))
)"""


def version_of(versions: Versions, lang: str) -> str:
    """The version for texts in ``lang``."""
    return versions if isinstance(versions, str) else versions.get(lang, versions.get(OTHER, ""))


def as_json(versions: Versions) -> str:
    """``versions`` for :data:`UNREAD`."""
    return json.dumps({OTHER: versions} if isinstance(versions, str) else dict(versions))
