-- What evidence other than posts and pages tells of people, on the same codebook: one row a value, coded as shares are.
-- `kind` is survey, analytics, orders or reference; `audience` whom it is about: `all`, `target`, `others` or a segment's name.
-- `count` of `n` people told it (both may be weighted; null where only a share is known); `share` with its 95 % bounds where it has
-- any. `unit` is what was counted: people, sessions, orders. A reference's figure has the page and the words it stands in; `state` is
-- `taken`, or for a figure that somebody has still to accept `suggested`, or `refused`. Undoing an import removes its rows.
create table observations (
    observation_id integer primary key, import_id integer not null references imports (import_id) on delete cascade, kind text not null,
    brand text not null, audience text not null, attribute text not null, value text not null, unit text not null, count real, n real,
    share real, low real, high real, period_from text, period_to text, page integer, quote text, state text not null default 'taken'
);
create index observations_import on observations (import_id);
create index observations_cell on observations (brand, attribute, value);
