select p.post_id, m.mark, m.detail, p.url, s.url as source, t.title as thread_title, a.author_key as author, p.posted_at, p.text, p.duplicate_of
from post_marks m
join posts p on p.id = m.post
join threads t using (thread_id)
join sources s on s.source_id = p.source_id
left join authors a using (author_id)
