select f.attribute, f.value, f.who, f.quote, f.posted_at, f.url
from cues_flat f
where f.counted and (coalesce(:attribute, '') = '' or f.attribute = :attribute)
    and (coalesce(:brand, '') = '' or f.author in (select b.author from authors_by_brand b where b.brand = :brand))
order by f.attribute, f.value, f.posted_at desc
limit 2000;
