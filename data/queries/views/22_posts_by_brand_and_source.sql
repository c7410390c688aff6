select b.name as brand, b.role, s.url as source, count(*) as posts, count(distinct p.author_id) as authors,
    min(p.posted_at) as first_post, max(p.posted_at) as last_post
from mentions m
join counted_posts c on c.post = m.post
join posts p on p.id = c.post
join brands b on b.brand_id = m.brand_id
join sources s on s.source_id = p.source_id
where b.active
group by b.name, b.role, s.url
