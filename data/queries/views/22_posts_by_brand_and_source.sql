select b.name as brand, b.role, o.url as source, count(*) as posts, count(distinct s.author_id) as authors,
    min(s.posted_at) as first_post, max(s.posted_at) as last_post
from posts_on_brands s
join brands b using (brand_id)
join sources o using (source_id)
group by b.name, b.role, o.url
