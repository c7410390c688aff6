-- What was found; each analysis replaces it. `brand` is a brand's name, or `market` for everybody together.
create table audiences (
    brand text not null, attribute text not null, part text not null, told integer not null, audience integer not null,
    posts integer not null, sources integer not null, first_seen text, last_seen text, primary key (brand, attribute)
);
create table audience_shares (
    brand text not null, part text not null, attribute text not null, value text not null, authors real not null,
    told integer not null, audience integer not null, share real, low real, high real, posts integer not null,
    sources integer not null, first_seen text, last_seen text, evidence text not null, primary key (brand, attribute, value)
);
create table pain_shares (
    brand text not null, category text not null, authors integer not null, audience integer not null, share real, low real,
    high real, severity real, rank integer, rank_low integer, rank_high integer, posts integer not null,
    sources integer not null, first_seen text, last_seen text, kinds text not null, evidence text not null,
    primary key (brand, category)
);
create table verdicts (
    segment text not null, brand text not null, position integer not null, statement text not null, verdict text not null,
    share real, low real, high real, n integer not null, needed integer, attribute text, pain text, expected text not null,
    at_least real, at_most real, evidence text not null, checked_at text not null, primary key (segment, brand, position)
);
create table comparisons (
    brand text not null, attribute text not null, measure text not null, value real, low real, high real, n integer not null,
    p_value real, q_value real, verdict text not null, detail text, primary key (brand, attribute, measure)
);
create table promises_kept (
    brand text not null, promise text not null, category text not null, url text not null, complaints integer not null,
    authors integer not null, verdict text not null, evidence text not null, primary key (brand, promise, category, url)
);
-- The accounts of the study's own brands: their posts are nobody's customer's and are not counted.
create table own_accounts (author_id integer primary key);
