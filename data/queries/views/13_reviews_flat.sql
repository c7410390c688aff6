select p.post_id, p.url, s.url as source, t.title as product, t.url as product_url, b.name as brand, a.author_key as author, p.posted_at,
    p.rating, p.verified, p.variant, p.pictures, json_extract(p.reactions, '$.helpful') as helpful, p.text, p.lang, p.duplicate_of,
    n.post is not null as counted, p.first_seen, p.last_seen
from posts p
join threads t using (thread_id)
join sources s on s.source_id = p.source_id
left join authors a using (author_id)
left join brands b on b.brand_id = p.brand_id
left join counted_posts n on n.post = p.id
where p.rating is not null or s.kind = 'reviews'
