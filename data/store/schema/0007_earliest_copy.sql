-- Of a group of copies the earliest posted one counts; until now it was the one that was crawled first.
update posts set duplicate_of = nullif(copies.first, posts.post_id)
from (
    select id, first_value(post_id) over (partition by copy_key order by posted_at is null, posted_at, post_id) as first
    from posts where copy_key is not null
) as copies
where copies.id = posts.id and posts.duplicate_of is not nullif(copies.first, posts.post_id);
update posts set duplicate_of = null where copy_key is null and duplicate_of is not null;
