select a.author_key as author, c.attribute, c.value, c.weight,
    (select q.quote from cues q where q.post = c.post and +q.attribute = c.attribute and +q.value = c.value) as quote,
    p.posted_at, p.url
from counted_people c
join posts p on p.id = c.post
join authors a on a.author_id = c.author_id
where c.figure = :figure and (coalesce(:brand, '') = '' or exists (select 1 from brand_people b where b.brand = :brand and b.author_id = c.author_id))
order by c.author_id, c.post;
