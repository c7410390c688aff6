select a.author_key as author, c.attribute, c.value, c.weight,
    (select q.quote from cues q where q.post = c.post and q.attribute = c.attribute and q.value = c.value) as quote,
    p.posted_at, p.url
from counted_people c
join posts p on p.id = c.post
join authors a on a.author_id = c.author_id
where c.figure = :figure and (coalesce(:brand, '') = '' or a.author_key in (select b.author from authors_by_brand b where b.brand = :brand))
order by p.posted_at desc;
