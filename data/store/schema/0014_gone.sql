-- Since when a post is missing on its thread's page, while those that stood before and behind it are there.
alter table posts add column gone_at text;
create index posts_gone on posts (gone_at) where gone_at is not null;
