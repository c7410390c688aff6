"""A study whose file has errors, as far as its database knows it: enough to say what ran and what waits."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import available_timezones

from pydantic import ValidationError

from data.errors import ChandungError
from data.store.jobs import JobBook
from data.study import Job, Study
from data.study_file import find

_LARGEST = 2_000_000
_FIELD = r"""^[ \t{{,]*["']?{name}["']?[ \t]*:[ \t]*["']?([^\s"'#,}}]{{1,120}})"""


def last_known(given: Path | None) -> Study | None:
    """The study with its name, its time zone and the jobs that the schedule noted; ``None`` where no database of it can be found.

    What jobs do after their first step, their quiet hours and the sources that were never crawled stand in the file alone.
    """
    try:
        path = find(given)
        text = path.read_bytes()[:_LARGEST].decode("utf-8", errors="replace")
    except (ChandungError, OSError):
        return None
    database = _database(path.resolve().parent, _field(text, "store"), _field(text, "study"))
    if database is None:
        return None
    zone = _field(text, "timezone")
    fields = {
        "study": database.stem if re.fullmatch(r"[\w\-]{1,80}", database.stem) else "study",
        "store": database.name,
        "contact": "nobody@example.com",
        "own": {"name": "–"},
        **({"timezone": zone} if zone in available_timezones() else {}),
        "schedule": [job for key in JobBook(database).standing() if (job := _job(key)) is not None],
    }
    study = Study.model_validate(fields)
    study._path = path
    return study


def _field(text: str, name: str) -> str | None:
    found = re.search(_FIELD.format(name=name), text, re.MULTILINE)
    return found[1] if found else None


def _database(folder: Path, store: str | None, study: str | None) -> Path | None:
    """The database that the file names, else the only one there."""
    for name in (store, f"{study}.db" if study else None):
        if name and re.fullmatch(r"[^/\\:]+", name) and (folder / name).is_file():
            return folder / name
    there = [path for path in folder.glob("*.db") if path.is_file()]
    return there[0] if len(there) == 1 else None


def _job(key: str) -> Job | None:
    what, _, every = key.partition(" ")
    try:
        return Job.model_validate({"what": what, "every": every})
    except ValidationError:
        return None
