select p.post_id, p.url, s.url as source, t.title as product, t.url as product_url, b.name as brand, a.author_key as author, p.posted_at,
    p.rating, p.verified, p.variant, p.pictures, json_extract(p.reactions, '$.helpful') as helpful, p.text, p.lang, p.duplicate_of,
    cast(p.duplicate_of is null and p.author_id is not null
        and p.source_id in (select k.source_id from sources k where k.active and k.kind is not 'notes')
        and coalesce(p.lang, 'und') in ('vi', 'en', 'und')
        and p.author_id not in (select o.author_id from own_accounts o) and p.author_id not in (select x.author_id from set_aside x) as integer) as counted,
    -- stars are a vote whatever the words are; the same author's same review of a product, shown twice, is one
    cast(p.rating is not null and s.active and (p.author_id is null or p.author_id not in (select o.author_id from own_accounts o)) and not exists (
        select 1 from posts q
        where q.author_id = p.author_id and q.thread_id = p.thread_id and q.rating = p.rating and q.id < p.id
            and case when p.text = '' then q.text = '' and q.posted_at is p.posted_at else q.text = p.text or q.copy_key = p.copy_key end
    ) as integer) as vote, p.first_seen, p.last_seen
from posts p
join threads t using (thread_id)
join sources s on s.source_id = p.source_id
left join authors a using (author_id)
left join brands b on b.brand_id = p.brand_id
where p.rating is not null or s.kind = 'reviews'
