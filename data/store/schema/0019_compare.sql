-- What a comparison comes to beyond shares and distances; each analysis replaces it. `brand` is a brand's name or `market`.
-- Everybody's portrait in its parts, persons and organisations also apart: `customer_type` is `all`, `person` or `organisation`.
create table portraits (
    brand text not null, customer_type text not null, part text not null, attribute text not null, value text not null,
    authors real not null, n integer not null, audience integer not null, silent real not null, share real not null, low real not null,
    high real not null, posts integer not null, sources integer not null, first_seen text, last_seen text, evidence text not null,
    primary key (brand, customer_type, attribute, value)
);
-- Means over people (an age, a rating, how badly something hurts), each person one vote, with bootstrap bounds over authors.
create table portrait_means (
    brand text not null, customer_type text not null, attribute text not null, unit text not null, mean real not null, low real not null,
    high real not null, n integer not null, audience integer not null, primary key (brand, customer_type, attribute, unit)
);
-- What a brand's pages claim beside what its people tell: whom the pages address, what they promise, what they ask for it.
create table claims (
    brand text not null, area text not null, attribute text not null, value text not null, claimed text not null, url text not null,
    authors real, n integer, share real, low real, high real, verdict text not null, detail text not null, evidence text not null,
    primary key (brand, area, attribute, value, claimed, url)
);
-- Words and pains that one audience tells of more than another, by log-odds; `kind` is word or pain.
create table distinctive (
    brand text not null, against text not null, kind text not null, term text not null, language text not null, authors integer not null,
    n integer not null, authors_against integer not null, n_against integer not null, delta real not null, z real not null,
    p_value real not null, q_value real not null, verdict text not null, evidence text not null,
    primary key (brand, against, kind, language, term)
);
-- Share of voice: of the people (and of their posts) that speak of any of the brands, those that speak of this one. `month` is `all` or YYYY-MM.
create table share_of_voice (
    brand text not null, month text not null, authors integer not null, n integer not null, share real, low real, high real,
    posts integer not null, posts_all integer not null, posts_share real, posts_low real, posts_high real, primary key (brand, month)
);
-- What a brand's people complain of and praise less or more than those of the other brands together.
create table strengths (
    brand text not null, side text not null, category text not null, authors integer not null, n integer not null,
    authors_others integer not null, n_others integer not null, share real not null, low real not null, high real not null,
    difference real not null, difference_low real not null, difference_high real not null, p_value real not null, q_value real not null,
    verdict text not null, evidence text not null, primary key (brand, side, category)
);
-- Who goes from which brand to which, and what they tell in the same posts. An empty brand is one that they do not name.
create table switching (
    from_brand text not null, to_brand text not null, authors integer not null, posts integer not null, first_seen text, last_seen text,
    reasons text not null, evidence text not null, primary key (from_brand, to_brand)
);
-- What to learn of a brand (what draws likes and answers) and what to avoid (what its people suffer).
create table lessons (
    brand text not null, lesson text not null, kind text not null, subject text not null, by text not null, measure text not null,
    value real, low real, high real, n integer not null, n_others integer not null, p_value real, q_value real, verdict text not null,
    fits text not null, detail text not null, evidence text not null, primary key (brand, lesson, kind, subject, by)
);
