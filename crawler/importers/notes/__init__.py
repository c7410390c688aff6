"""``chandung import notes``: what customers tell sales and support, read like posts and kept apart from them.

Only a customer's own words become a post's text. What an agent says is kept beside it as quoted, and never coded.
"""

from __future__ import annotations

from crawler.importers import mapping as mappings
from crawler.importers.kinds import Asked, How
from crawler.importers.notes.mapping import NotesMapping
from crawler.importers.notes.planning import plan_notes
from crawler.importers.posts import take
from crawler.importers.storing import Imported
from data.study import Study


def run(asked: Asked, study: Study, how: How) -> Imported | None:
    """Import one file of notes; ``None`` where nothing was to be stored."""
    told = mappings.load(asked.mapping, NotesMapping) if asked.mapping is not None else None
    found = plan_notes(
        asked.path, study, told=told, about=asked.about, encoding=asked.encoding, sheet=asked.sheet, terms=asked.terms
    )
    return take(found, asked, study, how)
