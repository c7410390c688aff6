with wanted as (
    -- Every word in quotation marks, so that no sign in it is taken for an operator.
    select '"' || replace(replace(replace(replace(coalesce(:words, ''), '"', ' '), 'đ', 'd'), 'Đ', 'D'), ' ', '" "') || '"' as words
)
select post_id, url, posted_at, brand, text, found_in
from (
    select p.post_id, p.url, p.posted_at, b.name as brand, p.text, 'text' as found_in, f.rank as place
    from posts_fts f
    join posts p on p.id = f.rowid
    left join brands b using (brand_id)
    where posts_fts match (select words from wanted)
    union all
    select p.post_id, t.url, p.posted_at, b.name, t.title, 'title', f.rank
    from threads_fts f
    join threads t on t.thread_id = f.rowid
    join posts p on p.id = (select o.id from posts o where o.thread_id = t.thread_id order by o.posted_at, o.id limit 1)
    left join brands b using (brand_id)
    where threads_fts match (select words from wanted)
)
order by found_in, place
limit 100;
