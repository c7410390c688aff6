select s.why, a.author_key as author, s.posts, s.shown, min(p.posted_at) as first_post, max(p.posted_at) as last_post,
    (select x.text from posts x where x.author_id = s.author_id order by x.posted_at is null, x.posted_at desc, x.id desc limit 1) as example
from set_aside s
join authors a using (author_id)
left join posts p using (author_id)
group by s.author_id
order by s.why, s.shown desc, a.author_key;
