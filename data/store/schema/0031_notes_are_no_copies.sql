-- Customers who tell an agent the same copy nobody, and no public post is a copy of a note.
update posts set copy_key = null, duplicate_of = null
where source_id in (select source_id from sources where kind = 'notes') and copy_key is not null;
delete from copy_bands where post in (select p.id from posts p join sources s using (source_id) where s.kind = 'notes');
delete from post_marks where mark = 'template'
    and post in (select p.id from posts p join sources s using (source_id) where s.kind = 'notes');
update posts set duplicate_of = (
    select nullif(f.post_id, posts.post_id) from posts f where f.copy_key = posts.copy_key
    order by f.posted_at is null, f.posted_at, f.post_id limit 1
) where duplicate_of in (select p.post_id from posts p join sources s using (source_id) where s.kind = 'notes');
