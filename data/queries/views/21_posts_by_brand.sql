select b.name as brand, b.role, count(*) as posts, (select count(*) from authors_by_brand o where o.brand = b.name) as authors,
    count(distinct p.source_id) as sources, min(p.posted_at) as first_post, max(p.posted_at) as last_post
from mentions m
join counted_posts c on c.post = m.post
join posts p on p.id = c.post
join brands b using (brand_id)
where b.active
group by b.name, b.role
