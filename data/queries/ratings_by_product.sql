select brand, product, reviews, mean_rating, low_rated, mean_of_verified, last_post, url
from product_ratings
where reviews >= coalesce((select cast(s.value as integer) from study_settings s where s.name = 'minimum_group'), 5) and (coalesce(:brand, '') = '' or brand = :brand)
order by low_rated desc, reviews desc, product
limit 1000;
