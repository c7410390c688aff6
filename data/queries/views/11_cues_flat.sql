select p.post_id, a.author_key as author, b.name as brand, s.url as source, p.posted_at, p.lang, c.attribute, c.value, c."group", c.who,
    c.quote, c.start, c."end", c.confidence, c.source_component, p.url, t.title as thread_title, p.duplicate_of,
    n.post is not null and c.confidence >= 0.5 and (c.who = 'self'
        or (c.who = 'family' and c.attribute in ('income', 'budget', 'price_sensitivity'))
        or (c.who = 'child' and c.attribute = 'child_age')) as counted
from cues c
join posts p on p.id = c.post
join threads t using (thread_id)
join sources s on s.source_id = p.source_id
left join authors a using (author_id)
left join brands b on b.brand_id = p.brand_id
left join counted_posts n on n.post = p.id
