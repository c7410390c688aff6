with people as (
    select count(distinct c.author_id) as n from counted_posts c where coalesce(:brand, '') = ''
    union all
    select count(*) from authors_by_brand b where b.brand = :brand
)
select category, count(distinct author) as authors, (select sum(n) from people) as audience,
    round(1.0 * count(distinct author) / (select sum(n) from people), 4) as share, count(distinct post_id) as posts,
    round(avg(severity), 2) as mean_severity, max(posted_at) as last_post
from pains_flat
where counted and (coalesce(:brand, '') = '' or brand = :brand)
group by category
order by authors desc, category;
