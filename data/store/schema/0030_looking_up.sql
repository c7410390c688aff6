-- So that pages, counts and questions stay quick on a million posts: indexes that cover what is counted, the time of a post beside
-- what was read of it, and numbers that would take seconds to count. A cue's and a pain's time and author are their post's.
drop index posts_source;
drop index posts_brand;
drop index posts_thread;
drop index posts_author;
create index posts_source on posts (source_id, posted_at);
create index posts_brand on posts (brand_id, posted_at);
create index posts_thread on posts (thread_id, author_id);
create index posts_author on posts (author_id, posted_at);
create index posts_rated on posts (thread_id, author_id, rating) where rating is not null;

alter table cues add column author_id integer;
alter table cues add column posted_at text;
alter table pains add column posted_at text;
drop index cues_attribute;
drop index pains_category;
update cues set (author_id, posted_at) = (select p.author_id, p.posted_at from posts p where p.id = cues.post);
update pains set posted_at = (select p.posted_at from posts p where p.id = pains.post);
create index cues_attribute on cues (attribute, value, posted_at);
create index cues_posted on cues (posted_at);
create index cues_author on cues (author_id, attribute, value, who);
create index pains_category on pains (category, posted_at);
create index pains_brand on pains (brand_id, category, kind, posted_at);
create index pains_posted on pains (posted_at);

create trigger cues_of_post after insert on cues begin
    update cues set (author_id, posted_at) = (select p.author_id, p.posted_at from posts p where p.id = new.post) where cue_id = new.cue_id;
end;
create trigger pains_of_post after insert on pains begin
    update pains set posted_at = (select p.posted_at from posts p where p.id = new.post) where pain_id = new.pain_id;
end;
create trigger posts_move_read after update of author_id, posted_at on posts
when old.author_id is not new.author_id or old.posted_at is not new.posted_at begin
    update cues set author_id = new.author_id, posted_at = new.posted_at where post = new.id;
    update pains set posted_at = new.posted_at where post = new.id;
end;

-- How many posts and cues there are of each sort, kept by triggers whatever writes. No brand is 0.
create table post_counts (
    source_id integer not null, brand_id integer not null, posts integer not null, primary key (source_id, brand_id)
) without rowid;
create table cue_counts (
    attribute text not null, value text not null, cues integer not null, primary key (attribute, value)
) without rowid;
insert into post_counts select source_id, coalesce(brand_id, 0), count(*) from posts group by 1, 2;
insert into cue_counts select attribute, value, count(*) from cues group by 1, 2;
create trigger posts_count_new after insert on posts begin
    insert into post_counts values (new.source_id, coalesce(new.brand_id, 0), 1)
        on conflict (source_id, brand_id) do update set posts = posts + 1;
end;
create trigger posts_count_gone after delete on posts begin
    update post_counts set posts = posts - 1 where source_id = old.source_id and brand_id = coalesce(old.brand_id, 0);
end;
create trigger posts_count_moved after update of source_id, brand_id on posts
when old.source_id <> new.source_id or old.brand_id is not new.brand_id begin
    update post_counts set posts = posts - 1 where source_id = old.source_id and brand_id = coalesce(old.brand_id, 0);
    insert into post_counts values (new.source_id, coalesce(new.brand_id, 0), 1)
        on conflict (source_id, brand_id) do update set posts = posts + 1;
end;
create trigger cues_count_new after insert on cues begin
    insert into cue_counts values (new.attribute, new.value, 1) on conflict (attribute, value) do update set cues = cues + 1;
end;
create trigger cues_count_gone after delete on cues begin
    update cue_counts set cues = cues - 1 where attribute = old.attribute and value = old.value;
end;

-- What a study says and a question must know: `minimum_group`. A crawl and an analysis write it as the study file has it.
create table study_settings (name text primary key, value text not null) without rowid;
-- Who speaks of a brand, one row a person; each analysis replaces what has changed.
create table brand_people (
    brand text not null, author_id integer not null, posts integer not null, first_post text, last_post text,
    primary key (brand, author_id)
) without rowid;
-- How many speak of a brand, in all (`source` and `month` empty), by source, and by month; `market` is everybody.
create table brand_counts (
    brand text not null, source text not null, month text not null, posts integer not null, authors integer not null,
    sources integer not null, first_post text, last_post text, primary key (brand, source, month)
) without rowid;
-- How many people tell of which pain; an empty brand is none that they blame.
create table pain_counts (
    brand text not null, category text not null, kind text not null, authors integer not null, posts integer not null,
    mean_severity real, first_post text, last_post text, primary key (brand, category, kind)
) without rowid;
-- The stars of each product, one vote a person.
create table product_ratings (
    thread_id integer primary key, brand text, product text not null, url text, reviews integer not null, mean_rating real,
    low_rated integer not null, mean_of_verified real, last_post text
);
