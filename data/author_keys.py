"""Which key a database's authors were hashed with: known by a fingerprint, so that a lost key is noticed.

With another key every known author would be a new person, counted a second time, and nobody would see it. So each crawl
notes its key's fingerprint with its run, and refuses a key that is not the one of the authors stored, unless told so.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from data.errors import InputError
from data.privacy import study_key
from data.store import Store, open_store

if TYPE_CHECKING:
    from data.study import Study

#: Under this name a run's ``versions`` hold the fingerprint.
KEY_VERSION = "author_key"
_NOTED = "select json_extract(versions, '$.author_key') as mark from runs where mark is not null order by run_id desc limit 1"


def fingerprint(key: bytes) -> str:
    """A digest by which a key is known again and from which it cannot be found: keyed, of a constant."""
    return hmac.new(key, b"chandung: the key of a study's authors", hashlib.sha256).hexdigest()[:16]


def key_of(store: Store, study: Study) -> bytes:
    """The study's key, made on first use. Raises ``InputError`` where the authors stored were hashed with another one."""
    trouble = trouble_with_key(store, study)
    if trouble is not None:
        raise InputError(trouble, path=study.key_file.name, database=study.database.name)
    return study_key(study.key_file)


def trouble_with_key(store: Store, study: Study) -> str | None:
    """``key_lost`` or ``key_other`` where the database has authors that the study's key does not fit, else ``None``."""
    if not any(store.query("select 1 from authors limit 1")):
        return None
    if not study.key_file.exists():
        return "key_lost"
    noted = next((row["mark"] for row in store.query(_NOTED)), None)
    return "key_other" if noted not in (None, fingerprint(study_key(study.key_file))) else None


def accept_new_key(study: Study) -> None:
    """Let the study go on with the key it has now, or a new one: authors stored before stay, and are nobody's any more."""
    if not study.database.exists():
        return
    with open_store(study.database) as store:
        run = store.begin_run("key", {KEY_VERSION: fingerprint(study_key(study.key_file))})
        store.end_run(run, "done")
