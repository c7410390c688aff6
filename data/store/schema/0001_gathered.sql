-- What was gathered: runs, brands, sources, crawls, pages, threads, posts and their versions, authors, landing pages.
create table runs (
    run_id integer primary key, what text not null, started_at text not null, ended_at text,
    state text not null, versions text not null, counts text
);
create table brands (
    brand_id integer primary key, name text not null unique, role text not null, aliases text not null,
    active integer not null default 1
);
create table sources (
    source_id integer primary key, url text not null unique, kind text, brand_id integer references brands (brand_id),
    engine text, terms text, robots text, active integer not null default 1, walked_at text
);
create table crawls (
    crawl_id integer primary key, run_id integer not null references runs (run_id),
    source_id integer not null references sources (source_id), started_at text not null, ended_at text, state text not null, reason text, pages integer, not_modified integer,
    failed integer, threads integer, posts_new integer, posts_changed integer, posts_known integer, snapshots integer,
    skipped text
);
create index crawls_source on crawls (source_id, started_at);
create table pages (
    page_id integer primary key, url text not null unique, source_id integer not null references sources (source_id), kind text not null,
    fetched_at text not null, seen_at text not null, status integer not null, content_type text, encoding text,
    content_hash text, body blob, etag text, last_modified text, error text
);
create index pages_source on pages (source_id);
create table threads (
    thread_id integer primary key, source_id integer not null references sources (source_id), site text not null, native_id text not null,
    engine text not null, url text not null, title text not null, views integer, replies integer, tags text,
    first_seen text not null, last_seen text not null, last_post_at text, complete integer not null default 0,
    last_url text, last_page integer, next_url text, unique (site, native_id)
);
create index threads_source on threads (source_id);
create table authors (
    author_id integer primary key, author_key text not null unique, site text not null, first_seen text not null,
    last_seen text not null
);
create table posts (
    id integer primary key, post_id text not null unique, thread_id integer not null references threads (thread_id),
    author_id integer references authors (author_id), source_id integer not null references sources (source_id), url text, posted_at text,
    edited_at text, text text not null, quoted text, signature text, reply_to text, likes integer, reactions text,
    rating real, lang text, brand_id integer references brands (brand_id), duplicate_of text, content_hash text not null, copy_key text,
    first_seen text not null, last_seen text not null
);
create index posts_thread on posts (thread_id);
create index posts_author on posts (author_id);
create index posts_source on posts (source_id);
create index posts_brand on posts (brand_id);
create index posts_posted on posts (posted_at);
create index posts_copy on posts (copy_key) where copy_key is not null;
create table post_versions (
    post integer not null references posts (id), seen_until text not null, text text not null, quoted text,
    edited_at text, primary key (post, seen_until)
);
create table landing_snapshots (
    snapshot_id integer primary key, source_id integer not null references sources (source_id),
    brand_id integer references brands (brand_id), url text not null, content_hash text not null, first_seen text not null, last_seen text not null, title text,
    description text, language text, text text not null, content text not null
);
create index landing_url on landing_snapshots (url, last_seen);
create virtual table posts_fts using fts5 (
    text, content='posts', content_rowid='id', tokenize="unicode61 remove_diacritics 2"
);

-- unicode61 folds every Vietnamese letter but đ, so đ is written as d, here and in what is searched for.
create trigger posts_fts_insert after insert on posts begin
    insert into posts_fts (rowid, text) values (new.id, replace(replace(new.text, 'đ', 'd'), 'Đ', 'D'));
end;
create trigger posts_fts_delete after delete on posts begin
    insert into posts_fts (posts_fts, rowid, text)
    values ('delete', old.id, replace(replace(old.text, 'đ', 'd'), 'Đ', 'D'));
end;
create trigger posts_fts_update after update of text on posts when old.text is not new.text begin
    insert into posts_fts (posts_fts, rowid, text)
    values ('delete', old.id, replace(replace(old.text, 'đ', 'd'), 'Đ', 'D'));
    insert into posts_fts (rowid, text) values (new.id, replace(replace(new.text, 'đ', 'd'), 'Đ', 'D'));
end;
