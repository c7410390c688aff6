select product, rating, text, verified, variant, helpful, posted_at, url
from reviews_flat
where vote and rating <= coalesce(:stars, 2) and (coalesce(:brand, '') = '' or brand = :brand)
order by product, coalesce(helpful, 0) desc, posted_at desc;
