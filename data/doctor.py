"""Whether this computer and the study are in order: a list of checks, each with a sentence."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.errors import ChandungError, InputError, reason
from data.numbers import number
from data.words import tell

if TYPE_CHECKING:
    from data.study import Study

OLDEST_PYTHON = (3, 11)
OLDEST_SQLITE = (3, 35)
LITTLE_ROOM = 2_000_000_000
NO_ROOM = 200_000_000
_LAST_CRAWLS = """
select s.url, c.state from sources s join crawls c using (source_id)
where s.active and s.url not like 'file:%' and c.crawl_id = (select max(crawl_id) from crawls where source_id = s.source_id
    and ended_at is not null)
order by s.source_id
"""
_BUILT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. ``state`` is ``ok``, ``note`` (works, but know this) or ``bad``."""

    name: str
    state: str
    sentence: str


def _check(name: str, state: str, key: str, /, **values: object) -> Check:
    return Check(name, state, tell(f"doctor.{name}.{key}", **values))


def checks(given: Path | None) -> Iterator[Check]:
    """Look at Python, SQLite, the packages, the folder, the disk, the clock, and the study with its database."""
    folder = (given if given and given.is_dir() else given.parent if given else Path()).resolve()
    yield _python()
    yield _sqlite()
    yield _packages()
    yield _clock(given)
    yield _zones()
    yield _browser()
    yield _folder(folder)
    yield _disk(folder)
    yield from _study(given)


def _python() -> Check:
    have = ".".join(map(str, sys.version_info[:3]))
    key = "ok" if sys.version_info[:2] >= OLDEST_PYTHON else "old"
    return _check("python", "ok" if key == "ok" else "bad", key, have=have, need=".".join(map(str, OLDEST_PYTHON)))


def _sqlite() -> Check:
    have = sqlite3.sqlite_version
    with closing(sqlite3.connect(":memory:")) as db:
        try:
            db.execute("create virtual table t using fts5 (x, tokenize='unicode61 remove_diacritics 2')")
        except sqlite3.OperationalError:
            return _check("sqlite", "bad", "no_search", have=have)
    if sqlite3.sqlite_version_info[:2] < OLDEST_SQLITE:
        return _check("sqlite", "bad", "old", have=have, need=".".join(map(str, OLDEST_SQLITE)))
    return _check("sqlite", "ok", "ok", have=have)


def _packages() -> Check:
    from packaging.requirements import Requirement

    try:
        wanted = [Requirement(line) for line in requires("chandung") or ()]
    except PackageNotFoundError:
        return _check("packages", "note", "not_installed")
    wrong = []
    for need in wanted:
        if need.marker and not need.marker.evaluate({"extra": ""}):
            continue
        try:
            have = version(need.name)
        except PackageNotFoundError:
            wrong.append(need.name)
            continue
        if not need.specifier.contains(have, prereleases=True):
            wrong.append(f"{need.name} {have} ({need.specifier})")
    if wrong:
        return _check("packages", "bad", "wrong", wrong=", ".join(wrong))
    return _check("packages", "ok", "ok", version=version("chandung"))


def _clock(given: Path | None) -> Check:
    """The time as the study's schedule reads it, else as this computer tells it."""
    from zoneinfo import ZoneInfo

    from data.study_file import load

    now = datetime.now(UTC)
    try:
        zone = load(given).timezone
        told = f"{now.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} ({zone})"
    except (ChandungError, LookupError):
        told = f"{now.astimezone():%Y-%m-%d %H:%M %z}"
    key = "ok" if now > _BUILT else "wrong"
    return _check("clock", "ok" if key == "ok" else "bad", key, now=told)


def _zones() -> Check:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo("Asia/Ho_Chi_Minh")
    except ZoneInfoNotFoundError:
        return _check("zones", "bad", "missing")
    return _check("zones", "ok", "ok")


def _browser() -> Check:
    from data.browsers import VARIABLE, find_browser, script_trouble

    trouble = script_trouble()
    key = "ok" if trouble is None else trouble
    named = os.environ.get(VARIABLE, "")
    return _check(
        "browser", "note" if trouble else "ok", key, name=find_browser() or "–", variable=VARIABLE, named=named
    )


def _folder(folder: Path) -> Check:
    if not folder.is_dir():
        return _check("folder", "bad", "missing", path=folder)
    probe = folder / f".chandung-{os.getpid()}"
    try:
        probe.write_bytes(b"")
    except OSError as error:
        return _check("folder", "bad", "closed", path=folder, why=reason(error.strerror))
    finally:
        probe.unlink(missing_ok=True)
    return _check("folder", "ok", "ok", path=folder)


def _disk(folder: Path) -> Check:
    try:
        free = shutil.disk_usage(folder if folder.is_dir() else Path()).free
    except OSError as error:
        return _check("disk", "note", "unknown", why=reason(error.strerror))
    key, state = ("none", "bad") if free < NO_ROOM else ("little", "note") if free < LITTLE_ROOM else ("ok", "ok")
    return _check("disk", state, key, free=number(free / 1e9, 1))


def _study(given: Path | None) -> Iterator[Check]:
    from data.study_file import find, load, notes
    from data.study_secrets import unset

    try:
        find(given)
    except InputError as error:
        yield Check("study", "note" if given is None else "bad", str(error))
        return
    try:
        study = load(given)
    except ChandungError as error:
        yield Check("study", "bad", str(error))
        return
    yield _check(
        "study",
        "ok",
        "ok",
        name=study.study,
        brands=len(study.brands),
        sources=number(sum(1 for _ in study.all_sources())),
    )
    for secret in unset(study):
        yield _check("secret", "bad", secret.kind, name=secret.name, of=secret.of)
    for note in notes(study):
        yield Check("study", "note", note)
    if study.database.exists():
        yield _database(study.database)
        yield from _key(study)
        yield from _sources(study)
    else:
        yield _check("database", "note", "none", path=study.database.name)


def _sources(study: Study) -> Iterator[Check]:
    """The sources that the last crawl of each could not read, and a file of posts that was never taken."""
    from data.store import open_store

    try:
        with open_store(study.database, read_only=True) as store:
            last = list(store.query(_LAST_CRAWLS))
            posts = next(iter(store.query("select exists (select 1 from posts) as any")))["any"]
            taken = next(iter(store.query("select exists (select 1 from runs where what = 'import') as any")))["any"]
    except ChandungError:
        return  # said of the database already
    broken = [row["url"] for row in last if row["state"] == "failed"]
    if broken:
        key = "none" if len(broken) == len(last) else "some"
        yield _check("sources", "note", key, count=number(len(broken)), total=number(len(last)), first=broken[0])
    if not posts and study.imports and not taken:
        yield _check("posts", "note", "imports", file=study.imports[0].file)
    elif not posts:
        yield _check("posts", "note", "none")


def _key(study: Study) -> Iterator[Check]:
    from data.author_keys import trouble_with_key
    from data.store import open_store

    try:
        with open_store(study.database, read_only=True) as store:
            if not study.key_file.exists():
                # A database without people was made before any crawl, by the schedule for one.
                if next(store.tuples("select exists (select 1 from authors)"))[0]:
                    yield _check("key", "note", "missing", path=study.key_file.name)
                return
            trouble = trouble_with_key(store, study)
    except ChandungError:
        return  # said of the database already
    if trouble:
        yield _check("key", "bad", "other", path=study.key_file.name)


def _database(path: Path) -> Check:
    from data.store import open_store

    try:
        with open_store(path, read_only=True) as store:
            state: dict[str, Any] = next(iter(store.query("select * from pragma_quick_check(1)")))
            found = str(next(iter(state.values())))
            if found != "ok":
                return _check("database", "bad", "damaged", path=path.name, why=found)
            posts = next(iter(store.query("select count(*) as n from posts")))["n"]
    except ChandungError as error:
        return Check("database", "bad", str(error))
    size = number(path.stat().st_size / 1e6, 1)
    return _check("database", "ok", "ok", path=path.name, posts=number(posts), size=size)
