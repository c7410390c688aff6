-- Files that were imported, and what of their rows had no place in a post.
create table imports (
    import_id integer primary key, source_id integer not null references sources (source_id),
    run_id integer not null references runs (run_id), name text not null, digest text not null, kind text not null,
    format text, mapping text not null, rows integer, posts_new integer, posts_changed integer, posts_known integer,
    unplaced integer, imported_at text not null
);
create index imports_digest on imports (digest);
create index imports_source on imports (source_id);
create table imported_rows (
    row_id integer primary key, row_key text not null unique, import_id integer not null references imports (import_id),
    row_number integer not null, post integer references posts (id), rest text, why text, first_seen text not null
);
create index imported_rows_post on imported_rows (post) where post is not null;
create index imported_rows_import on imported_rows (import_id);
