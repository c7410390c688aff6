-- What was read out of the texts.
create table annotations (
    post integer primary key references posts (id), version text not null, content_hash text not null, lang text not null,
    run_id integer not null references runs (run_id)
);
create index annotations_version on annotations (version);
create table cues (
    cue_id integer primary key, post integer not null references posts (id), attribute text not null, value text not null,
    "group" text, who text not null, start integer not null, "end" integer not null, quote text not null,
    confidence real not null, source_component text not null
);
create index cues_post on cues (post);
create index cues_attribute on cues (attribute, value);
create table pains (
    pain_id integer primary key, post integer not null references posts (id), kind text not null, category text not null,
    target text not null, brand_id integer references brands (brand_id), severity integer not null, start integer not null,
    "end" integer not null, quote text not null, confidence real not null, source_component text not null
);
create index pains_post on pains (post);
create index pains_category on pains (category);
create table mentions (
    post integer not null references posts (id), brand_id integer not null references brands (brand_id), how text not null,
    primary key (post, brand_id)
);
create index mentions_brand on mentions (brand_id);
