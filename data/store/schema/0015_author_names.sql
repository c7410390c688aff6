-- Where a platform tells people apart by ids of its own, an author's key is made of the id; the key of the shown name stands beside it.
alter table authors add column name_key text;
