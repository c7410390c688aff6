with wanted as (
    -- Every word in quotation marks, so that no sign in it is taken for an operator.
    select '"' || replace(replace(replace(replace(coalesce(:words, ''), '"', ' '), 'đ', 'd'), 'Đ', 'D'), ' ', '" "') || '"' as words
)
select post_id, url, posted_at, brand, text, found_in
from (
    -- Of the posts that have the words, those gathered last.
    select p.post_id, p.url, p.posted_at, b.name as brand, p.text, 'text' as found_in
    from (select f.rowid as post from posts_fts f where posts_fts match (select words from wanted) order by f.rowid desc limit 1000) found
    join posts p on p.id = found.post
    left join brands b using (brand_id)
    union all
    select p.post_id, t.url, p.posted_at, b.name, t.title, 'title'
    from (select f.rowid as thread from threads_fts f where threads_fts match (select words from wanted) limit 100) found
    join threads t on t.thread_id = found.thread
    join posts p on p.id = (select o.id from posts o where o.thread_id = t.thread_id order by o.posted_at, o.id limit 1)
    left join brands b using (brand_id)
)
order by found_in, posted_at desc
limit 100;
