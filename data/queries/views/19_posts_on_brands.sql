select speaks.brand_id, speaks.post, c.author_id, p.source_id, p.posted_at
from (
    select m.brand_id, m.post from mentions m where m.how <> 'thread'
    union
    select n.brand_id, n.post from pains n where n.brand_id is not null and n.confidence >= 0.5
) speaks
join counted_posts c on c.post = speaks.post
join posts p on p.id = c.post
join brands b using (brand_id)
where b.active
