select strftime('%Y-%m', posted_at) as month, brand, count(*) as posts, count(distinct author) as authors
from posts_flat
where counted and posted_at is not null
group by month, brand
order by month, brand;
