with products as (
    select thread_id, product from product_ratings
    where low_rated > 0 and (coalesce(:brand, '') = '' or brand = :brand)
    order by low_rated desc, product limit 60
)
select r.product, p.rating, p.text, p.verified, p.variant, json_extract(p.reactions, '$.helpful') as helpful, p.posted_at, p.url
from products r
join posts p on p.thread_id = r.thread_id and p.rating is not null and p.rating <= coalesce(nullif(:stars, ''), 2) + 0
where p.author_id is null or p.author_id not in (select o.author_id from own_accounts o)
order by r.product, coalesce(json_extract(p.reactions, '$.helpful'), 0) desc, p.posted_at desc;
