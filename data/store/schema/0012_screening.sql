-- Near copies and likely seeding: which posts were screened, what finds their near copies, and what was noticed of each.
create table screened (post integer primary key references posts (id), content_hash text not null, method text not null);
create table copy_bands (
    band integer not null, post integer not null references posts (id), primary key (band, post)
) without rowid;
create table post_marks (
    post integer not null references posts (id), mark text not null, detail text, primary key (post, mark)
) without rowid;
create index post_marks_mark on post_marks (mark);
