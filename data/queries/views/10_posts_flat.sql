-- Outer joins and no others: what a question does not ask for is then not looked up, and counting all posts is quick.
select p.post_id, p.url, s.url as source, t.engine, b.name as brand, t.title as thread_title, t.url as thread_url,
    a.author_key as author, p.posted_at, p.text, p.quoted, p.reply_to, p.likes, p.lang, p.duplicate_of,
    cast(p.duplicate_of is null and p.author_id is not null
        and p.source_id in (select k.source_id from sources k where k.active and k.kind is not 'notes')
        and coalesce(p.lang, 'und') in ('vi', 'en', 'und')
        and p.author_id not in (select o.author_id from own_accounts o) and p.author_id not in (select x.author_id from set_aside x) as integer) as counted,
    p.first_seen, p.last_seen,
    (select group_concat(o.name, ', ') from mentions m join brands o on o.brand_id = m.brand_id where m.post = p.id) as brands
from posts p
left join threads t on t.thread_id = p.thread_id
left join sources s on s.source_id = p.source_id
left join authors a on a.author_id = p.author_id
left join brands b on b.brand_id = p.brand_id
