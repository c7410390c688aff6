select b.name as brand, b.role, s.url as source, count(*) as posts, count(distinct p.author_id) as authors,
    min(p.posted_at) as first_post, max(p.posted_at) as last_post
from mentions m
join posts p on p.id = m.post
join brands b on b.brand_id = m.brand_id
join sources s on s.source_id = p.source_id
where p.duplicate_of is null
group by b.name, b.role, s.url
