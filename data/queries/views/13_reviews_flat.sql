select p.post_id, p.url, s.url as source, t.title as product, t.url as product_url, b.name as brand, a.author_key as author, p.posted_at,
    p.rating, p.verified, p.variant, p.pictures, json_extract(p.reactions, '$.helpful') as helpful, p.text, p.lang, p.duplicate_of,
    n.post is not null as counted,
    -- stars are a vote whatever the words are; the same author's same review of a product, shown twice, is one
    p.rating is not null and s.active and o.author_id is null and not exists (
        select 1 from posts q
        where q.author_id = p.author_id and q.thread_id = p.thread_id and q.rating = p.rating and q.id < p.id
            and case when p.text = '' then q.text = '' and q.posted_at is p.posted_at else q.text = p.text or q.copy_key = p.copy_key end
    ) as vote, p.first_seen, p.last_seen
from posts p
join threads t using (thread_id)
join sources s on s.source_id = p.source_id
left join authors a using (author_id)
left join brands b on b.brand_id = p.brand_id
left join counted_posts n on n.post = p.id
left join own_accounts o on o.author_id = p.author_id
where p.rating is not null or s.kind = 'reviews'
