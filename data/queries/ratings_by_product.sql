select brand, product, count(*) as reviews, round(avg(rating), 2) as mean_rating, sum(rating <= 2) as low_rated,
    round(avg(case when verified then rating end), 2) as mean_of_verified, max(posted_at) as last_post, product_url as url
from reviews_flat
where vote and (coalesce(:brand, '') = '' or brand = :brand)
group by brand, product, product_url
order by low_rated desc, reviews desc;
