select o.text as example, c.copies, c.authors, c.sources, c.first_post, c.last_post, o.url, o.post_id
from (
    select duplicate_of, count(*) as copies, count(distinct author_id) as authors, count(distinct source_id) as sources,
        min(posted_at) as first_post, max(posted_at) as last_post
    from posts where duplicate_of is not null group by duplicate_of order by copies desc, duplicate_of limit 200
) c
join posts o on o.post_id = c.duplicate_of
order by c.copies desc, c.first_post, o.post_id;
