-- What brands' pages say otherwise than before, found when a new snapshot is stored.
create table landing_changes (
    change_id integer primary key, snapshot_id integer not null references landing_snapshots (snapshot_id),
    before_id integer not null references landing_snapshots (snapshot_id), source_id integer not null references sources (source_id),
    brand_id integer references brands (brand_id), url text not null, changed_at text not null, last_as_before text not null,
    area text not null, how text not null, subject text, "before" text, "after" text, before_amount real, after_amount real, currency text,
    per text, said_vi text not null, said_en text not null
);
create index landing_changes_at on landing_changes (changed_at);
create index landing_changes_url on landing_changes (url);
alter table crawls add column page_changes integer;
