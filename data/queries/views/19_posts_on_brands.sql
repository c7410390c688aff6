-- Two lists that have no post in common, so that the first rows come at once.
select m.brand_id, m.post, c.author_id, p.source_id, p.posted_at
from mentions m
join brands b on b.brand_id = m.brand_id and b.active
join posts p on p.id = m.post
join counted_posts c on c.post = p.id
where m.how <> 'thread'
union all
select n.brand_id, p.id, c.author_id, p.source_id, p.posted_at
from pains n
join brands b on b.brand_id = n.brand_id and b.active
join posts p on p.id = n.post
join counted_posts c on c.post = p.id
where n.confidence >= 0.5
    and not exists (select 1 from mentions m where m.post = n.post and m.brand_id = n.brand_id and m.how <> 'thread')
    and not exists (
        select 1 from pains e where e.post = n.post and e.brand_id = n.brand_id and e.confidence >= 0.5 and e.pain_id < n.pain_id
    )
