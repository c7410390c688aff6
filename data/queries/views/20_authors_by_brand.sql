select b.name as brand, a.author_key as author, count(*) as posts, min(p.posted_at) as first_post, max(p.posted_at) as last_post
from (
    select m.brand_id, m.post from mentions m where m.how <> 'thread'
    union
    select n.brand_id, n.post from pains n where n.brand_id is not null and n.confidence >= 0.5
) speaks
join counted_posts c on c.post = speaks.post
join posts p on p.id = c.post
join brands b using (brand_id)
join authors a on a.author_id = c.author_id
where b.active
group by b.name, a.author_key
