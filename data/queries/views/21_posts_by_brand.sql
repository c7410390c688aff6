select b.name as brand, b.role, count(distinct s.post) as posts, count(distinct s.author_id) as authors,
    count(distinct s.source_id) as sources, min(s.posted_at) as first_post, max(s.posted_at) as last_post
from posts_on_brands s
join brands b using (brand_id)
group by b.name, b.role
