select mark, count(*) as posts, count(distinct author_id) as authors, count(distinct source_id) as sources, min(posted_at) as first_post,
    max(posted_at) as last_post, max(text) as example
from (select m.mark, p.author_id, p.source_id, p.posted_at, p.text from post_marks m join posts p on p.id = m.post)
group by mark
order by posts desc, mark;
