select a.author_key as author, c.attribute, c.value, c.who, count(distinct c.post) as posts, min(c.posted_at) as first_post, max(c.posted_at) as last_post
from cues c
join authors a on a.author_id = c.author_id
where (select p.duplicate_of from posts p where p.id = c.post) is null
group by c.author_id, c.attribute, c.value, c.who
