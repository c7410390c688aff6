-- A text that an import edited is known by it, so that undoing the import brings the former text back.
alter table post_versions add column import_id integer references imports (import_id);
