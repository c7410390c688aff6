select p.post_id, a.author_key as author, b.name as brand, s.url as source, p.posted_at, p.lang, n.kind,
    n.category, n.target, n.severity, n.quote, n.start, n."end", n.confidence, n.source_component, p.url, t.title as thread_title,
    p.duplicate_of, k.post is not null and n.confidence >= 0.5 as counted
from pains n
join posts p on p.id = n.post
join threads t using (thread_id)
join sources s on s.source_id = p.source_id
left join authors a using (author_id)
left join brands b on b.brand_id = n.brand_id
left join counted_posts k on k.post = p.id
