"""Giving posts back the words that an import edited, when the import is undone."""

from __future__ import annotations

from sqlite3 import Connection

from data.store.copies import point_at_first
from data.store.keys import copy_key_of, digest_of

_EDITED = """
select v.rowid as edit, v.post, v.text, v.quoted, v.edited_at, p.copy_key,
    (select s.kind = 'notes' from sources s where s.source_id = p.source_id) as private,
    (select min(n.rowid) from post_versions n
        where n.post = v.post and n.rowid > v.rowid and n.import_id is not :import) as next
from post_versions v join posts p on p.id = v.post
where v.import_id = :import and p.import_id is not :import order by v.rowid desc
"""
_BACK = """
update posts set text = :text, quoted = :quoted, edited_at = :edited_at, content_hash = :hash, copy_key = :key, duplicate_of = null
where id = :post
"""
_LATER = """
update post_versions set text = :text, quoted = :quoted, edited_at = :edited_at where rowid = :next
"""


def restore(connection: Connection, import_id: int) -> int:
    """Put back what posts of other imports and crawls said before an import edited them; how many edits were undone.

    Where a later reading edited the post once more, its words stay, and what the import wrote leaves the post's history.
    Within a transaction of the caller's. Counts of likes and stars that the import brought stay.
    """
    edits = connection.execute(_EDITED, {"import": import_id}).fetchall()
    touched: set[str] = set()
    for edit, post, text, quoted, edited_at, key, private, later in edits:
        values = {"post": post, "text": text, "quoted": quoted, "edited_at": edited_at, "next": later}
        if later is not None:
            connection.execute(_LATER, values)
        else:
            former = None if private else copy_key_of(text)
            connection.execute(_BACK, values | {"hash": digest_of(text, quoted), "key": former})
            touched.update(one for one in (key, former) if one)
        connection.execute("delete from post_versions where rowid = ?", (edit,))
    point_at_first(connection, touched)
    return len(edits)
