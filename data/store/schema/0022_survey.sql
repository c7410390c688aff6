-- Who answered a survey, one row a person that counts. `target` is 1 for those who are of the target, 0 for those who are not, null
-- where their answers cannot tell; `segment` the target segment that they are of. `weight` is the file's own, else 1. Nobody's name or
-- address is kept: `respondent_key` is a keyed hash of what the file tells people apart by. Undoing the import removes both tables' rows.
create table respondents (
    import_id integer not null references imports (import_id) on delete cascade, respondent integer not null,
    respondent_key text not null, row_number integer not null, answered_at text, weight real not null, target integer, segment text,
    screened_out integer not null default 0, primary key (import_id, respondent)
);
-- What they answered, one row an answer. `value` is its code (`none`: answered, but nothing of the codebook); null where it has none,
-- and `said` then holds the words, masked, so that they can be coded later.
create table answers (
    answer_id integer primary key, import_id integer not null references imports (import_id) on delete cascade,
    respondent integer not null, question text not null, attribute text, value text, said text
);
create index answers_respondent on answers (import_id, respondent);
create index answers_value on answers (attribute, value);

-- All kinds of evidence side by side, one row a value and kind; each analysis replaces it. `kind` is posts, notes, survey, analytics,
-- orders, reference or pages, `platform` where an export came from. `people` is how many people the share stands on as they were
-- counted; `n` what its interval rests on (less, where they are weighted). `weight` is what a reference's freshness and reputation
-- leave of it, and `plain` the share without that weight. `agreement` is the verdict on the value over all kinds, `against` the kinds
-- that this one contradicts.
create table triangulation (
    brand text not null, attribute text not null, value text not null, kind text not null, platform text not null, unit text not null,
    people real, n real, share real, low real, high real, plain real, weight real not null, freshness real, as_of text, rank_low integer,
    rank_high integer, agreement text not null, against text not null, sources integer not null,
    primary key (brand, attribute, value, kind, platform)
);
-- Are our real customers the ones we aim at? One row a segment and kind of evidence: how many of `n` customers fit it. `basis` is
-- persons (each person fits or not) or shares (only the share of each attribute is known: `low` and `high` are then all that is certain).
create table real_customers (
    brand text not null, segment text not null, kind text not null, platform text not null, basis text not null, attributes text not null,
    missing text not null, count real, n real, share real, low real, high real, verdict text not null, as_of text,
    primary key (brand, segment, kind, platform)
);
-- How real customers behave where orders are known: those who live where a segment is expected to (`fits`), the others, and all.
create table customer_behaviour (
    brand text not null, segment text not null, who text not null, customers integer not null, repeat integer not null, share real,
    low real, high real, orders real, recency_days real, value real, value_low real, value_high real, currency text not null,
    returned real, as_of text, primary key (brand, segment, who, currency)
);
