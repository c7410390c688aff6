select p.post_id, p.url, s.url as source, t.engine, b.name as brand, t.title as thread_title, t.url as thread_url,
    a.author_key as author, p.posted_at, p.text, p.quoted, p.reply_to, p.likes, p.lang, p.duplicate_of, n.post is not null as counted,
    p.first_seen, p.last_seen
from posts p
join threads t using (thread_id)
join sources s on s.source_id = p.source_id
left join authors a using (author_id)
left join brands b on b.brand_id = p.brand_id
left join counted_posts n on n.post = p.id
