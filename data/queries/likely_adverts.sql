select mark, count(*) as posts, count(distinct author) as authors, count(distinct source) as sources, min(posted_at) as first_post,
    max(posted_at) as last_post, max(text) as example
from posts_marked
group by mark
order by posts desc, mark;
