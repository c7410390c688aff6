-- Segments of people: those the study names (`kind` named), and those found in the data (found, `segment` is found-1, found-2, …).
-- One row a segment and audience: of the `n` people there who tell enough to be placed, `authors` belong. Each analysis replaces all.
create table segments (
    kind text not null, segment text not null, brand text not null, name_vi text not null, name_en text not null,
    authors integer not null, n integer not null, audience integer not null, share real, low real, high real, rule text not null,
    primary key (kind, segment, brand)
);
create table segment_members (
    author_id integer not null, kind text not null, segment text not null, fit real not null,
    primary key (author_id, kind, segment)
) without rowid;
create index segment_members_segment on segment_members (kind, segment);
-- What a segment's people tell beside everybody else who tells it. `defining` is 1 where they were chosen by it.
create table segment_traits (
    kind text not null, segment text not null, attribute text not null, value text not null, authors real not null, n integer not null,
    share real not null, low real not null, high real not null, authors_others real not null, n_others integer not null, lift real,
    lift_low real, lift_high real, defining integer not null, primary key (kind, segment, attribute, value)
);
-- How the search for segments went: `outcome` is found, none or too_few; `tried` has every number of segments with its stability.
create table segment_search (
    outcome text not null, authors integer not null, attributes text not null, segments integer, stability real, by_chance real,
    rounds integer not null, tried text not null
);
-- A segment's person in lines: `line` is trait, or gap for what nobody or too few tell. `stage` is sketch or portrait.
create table personas (
    kind text not null, segment text not null, position integer not null, stage text not null, line text not null, part text not null,
    attribute text not null, value text not null, authors real, n integer not null, audience integer not null, share real, low real,
    high real, lift real, posts integer, sources integer, first_seen text, last_seen text, defining integer not null,
    evidence text not null, primary key (kind, segment, position)
);
-- Need and ability to pay of each segment and each brand's audience: one row a component, and the score (`component` score).
-- `line` is what people who write as much tell in the whole market (of a brand: of everybody who speaks of brands).
create table need_ability (
    kind text not null, name text not null, axis text not null, component text not null, weight real not null, authors real,
    n integer not null, audience integer not null, share real, low real, high real, line real, difference real, difference_low real,
    difference_high real, verdict text not null, detail text not null, primary key (kind, name, axis, component)
);
