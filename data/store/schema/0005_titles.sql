-- Threads are found by their titles, too. Folded as posts_fts is: đ is written as d.
create virtual table threads_fts using fts5 (
    title, content='threads', content_rowid='thread_id', tokenize="unicode61 remove_diacritics 2"
);
create trigger threads_fts_insert after insert on threads begin
    insert into threads_fts (rowid, title)
    values (new.thread_id, replace(replace(new.title, 'đ', 'd'), 'Đ', 'D'));
end;
create trigger threads_fts_delete after delete on threads begin
    insert into threads_fts (threads_fts, rowid, title)
    values ('delete', old.thread_id, replace(replace(old.title, 'đ', 'd'), 'Đ', 'D'));
end;
create trigger threads_fts_update after update of title on threads when old.title is not new.title begin
    insert into threads_fts (threads_fts, rowid, title)
    values ('delete', old.thread_id, replace(replace(old.title, 'đ', 'd'), 'Đ', 'D'));
    insert into threads_fts (rowid, title)
    values (new.thread_id, replace(replace(new.title, 'đ', 'd'), 'Đ', 'D'));
end;
insert into threads_fts (rowid, title) select thread_id, replace(replace(title, 'đ', 'd'), 'Đ', 'D') from threads;

-- A thread's title that names several brands makes its posts about none of them.
create temp table of_no_brand as
    select post from mentions group by post having count(*) > 1 and min(how) = 'thread' and max(how) = 'thread';
update posts set brand_id = null where id in (select post from of_no_brand);
delete from mentions where post in (select post from of_no_brand);
drop table of_no_brand;
