select b.name as brand, a.author_key as author, count(*) as posts, min(s.posted_at) as first_post, max(s.posted_at) as last_post
from posts_on_brands s
join brands b using (brand_id)
join authors a using (author_id)
group by b.name, a.author_key
