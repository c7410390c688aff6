select p.post_id, a.author_key as author, b.name as brand, s.url as source, c.posted_at, p.lang, c.attribute, c.value, c."group", c.who,
    c.quote, c.start, c."end", c.confidence, c.source_component, p.url, t.title as thread_title, p.duplicate_of,
    cast(c.confidence >= 0.5 and (c.who = 'self'
        or (c.who = 'family' and c.attribute in ('income', 'budget', 'price_sensitivity'))
        or (c.who = 'child' and c.attribute = 'child_age'))
        and p.duplicate_of is null and p.author_id is not null
        and p.source_id in (select k.source_id from sources k where k.active and k.kind is not 'notes')
        and coalesce(p.lang, 'und') in ('vi', 'en', 'und')
        and p.author_id not in (select o.author_id from own_accounts o) and p.author_id not in (select x.author_id from set_aside x) as integer) as counted
from cues c
left join posts p on p.id = c.post
left join threads t on t.thread_id = p.thread_id
left join sources s on s.source_id = p.source_id
left join authors a on a.author_id = p.author_id
left join brands b on b.brand_id = p.brand_id
