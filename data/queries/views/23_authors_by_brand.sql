select b.name as brand, a.author_key as author, count(*) as posts, min(p.posted_at) as first_post, max(p.posted_at) as last_post
from mentions m
join posts p on p.id = m.post
join brands b on b.brand_id = m.brand_id
join authors a using (author_id)
where p.duplicate_of is null
group by b.name, a.author_key
