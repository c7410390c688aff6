-- What was asked of each site: its robots.txt as it was last read, the requests of each day, what was refused and why, and what
-- a crawl read, for the next crawls to compare with.
create table robots_files (origin text primary key, fetched_at text not null, status integer not null, body text);
create table host_days (host text not null, day text not null, requests integer not null, primary key (host, day));
create table refusals (
    refusal_id integer primary key, crawl_id integer not null references crawls (crawl_id), reason text not null, url text,
    times integer not null, refused_at text not null, said_vi text not null, said_en text not null
);
create index refusals_crawl on refusals (crawl_id);
alter table crawls add column requests integer;
alter table crawls add column bytes integer;
alter table crawls add column refused integer;
alter table crawls add column near_copies integer;
alter table crawls add column seconds real;
alter table crawls add column thread_pages integer;
alter table crawls add column posts_read integer;
alter table crawls add column with_author integer;
alter table crawls add column with_time integer;
alter table crawls add column full_pages integer;
alter table crawls add column full_posts integer;
alter table crawls add column stopped text;
