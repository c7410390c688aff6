select p.post_id, a.author_key as author, b.name as brand, s.url as source, n.posted_at, p.lang, n.kind,
    n.category, n.target, n.severity, n.quote, n.start, n."end", n.confidence, n.source_component, p.url, t.title as thread_title,
    p.duplicate_of, cast(n.confidence >= 0.5 and p.duplicate_of is null and p.author_id is not null
        and p.source_id in (select k.source_id from sources k where k.active and k.kind is not 'notes')
        and coalesce(p.lang, 'und') in ('vi', 'en', 'und')
        and p.author_id not in (select o.author_id from own_accounts o) and p.author_id not in (select x.author_id from set_aside x) as integer) as counted
from pains n
left join posts p on p.id = n.post
left join threads t on t.thread_id = p.thread_id
left join sources s on s.source_id = p.source_id
left join authors a on a.author_id = p.author_id
left join brands b on b.brand_id = n.brand_id
