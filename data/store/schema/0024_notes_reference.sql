-- Notes of sales and support: which post is what a customer told when, through what and about what. `told_by` is `customer` for their
-- own words, `report` for what an agent wrote down of them. Posts of notes are never mixed with public ones: `note_shares` has their
-- shares, coded as those of `observations` are, and everything else in the findings counts public posts alone.
create table notes (
    note_id integer primary key, import_id integer not null references imports (import_id) on delete cascade,
    post integer not null unique references posts (id), channel text, kind text, product text, told_by text not null
);
create index notes_import on notes (import_id);
create table note_shares (
    brand text not null, audience text not null, attribute text not null, value text not null, unit text not null, count real not null,
    n real not null, share real not null, low real, high real, period_from text, period_to text, posts integer not null,
    primary key (brand, audience, attribute, value)
);
-- Reports of others, the text of their pages, and the figures out of them: each is a row of `observations`, here with the people that
-- the report speaks of (`who`) and whether a rule found it (`rule`) or somebody entered it (`hand`).
create table reference_documents (
    document_id integer primary key, import_id integer not null references imports (import_id) on delete cascade, title text not null,
    publisher text, date text, reputation text, url text, file text not null, format text not null, pages integer, characters integer not null,
    digest text not null, fetched_at text not null
);
create index reference_documents_import on reference_documents (import_id);
create table reference_pages (
    document_id integer not null references reference_documents (document_id) on delete cascade, page integer not null, text text not null,
    primary key (document_id, page)
);
create table reference_figures (
    observation_id integer primary key references observations (observation_id) on delete cascade,
    document_id integer not null references reference_documents (document_id) on delete cascade, who text, found_by text not null,
    decided_at text
);
create index reference_figures_document on reference_figures (document_id);
