select s.why, a.author_key as author, s.posts, s.shown, (select min(p.posted_at) from posts p where p.author_id = s.author_id) as first_post,
    (select max(p.posted_at) from posts p where p.author_id = s.author_id) as last_post,
    (select x.text from posts x where x.author_id = s.author_id order by x.posted_at desc limit 1) as example
from (select * from set_aside order by shown desc limit 1000) s
join authors a using (author_id)
order by s.why, s.shown desc, a.author_key;
