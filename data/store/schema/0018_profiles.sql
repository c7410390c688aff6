-- What everybody's cues come to, as it is at the time of the analysis: `value` is moved on (years of age, months of a child), `told`
-- is what the newest post that tells it says. `contradicted` counts the posts that tell otherwise; `counted` is 0 where too many do.
create table profiles (
    author_id integer not null, attribute text not null, value text not null, "group" text, told text not null,
    first_seen text, last_seen text, posts integer not null, confidence real not null, contradicted integer not null,
    counted integer not null, primary key (author_id, attribute, value)
) without rowid;
-- What people have to do with a brand, each relation by itself: owns, bought, left, considers, complains, praises, follows.
create table relations (
    author_id integer not null, brand text not null, relation text not null, first_seen text, last_seen text,
    posts integer not null, primary key (author_id, brand, relation)
) without rowid;
create index relations_brand on relations (brand, relation);
-- Authors who are no customers: shops, staff, seeding accounts. `posts` is how many they wrote, `shown` how many of these show it.
create table set_aside (author_id integer primary key, why text not null, posts integer not null, shown integer not null);
-- Which posts have changed since the last analysis, so that only they are read again.
create table changed_posts (change integer primary key autoincrement, post integer not null unique);
-- What the last analysis read, column by column, so that the next one reads only what has changed. Emptied where a post is deleted.
create table kept_columns (name text primary key, rests_on text not null, data blob not null);

create trigger posts_note_new after insert on posts begin
    delete from changed_posts where post = new.id;
    insert into changed_posts (post) values (new.id);
end;
create trigger posts_note_changed
after update of author_id, thread_id, source_id, posted_at, rating, verified, duplicate_of on posts
when old.author_id is not new.author_id or old.thread_id <> new.thread_id or old.source_id <> new.source_id
    or old.posted_at is not new.posted_at or old.rating is not new.rating or old.verified is not new.verified
    or old.duplicate_of is not new.duplicate_of
begin
    delete from changed_posts where post = new.id;
    insert into changed_posts (post) values (new.id);
end;
create trigger posts_note_gone after delete on posts begin
    delete from kept_columns;
    delete from changed_posts where post = old.id;
    insert into changed_posts (post) values (old.id);
end;
create trigger annotations_note after insert on annotations begin
    delete from changed_posts where post = new.post;
    insert into changed_posts (post) values (new.post);
end;
create trigger post_marks_note after insert on post_marks begin
    delete from changed_posts where post = new.post;
    insert into changed_posts (post) values (new.post);
end;
create trigger post_marks_note_gone after delete on post_marks begin
    delete from changed_posts where post = old.post;
    insert into changed_posts (post) values (old.post);
end;
