select brand, category, kind, severity, quote, posted_at, url
from pains_flat
where duplicate_of is null and (:brand is null or :brand = '' or brand = :brand) and (:category is null or :category = '' or category = :category)
order by posted_at desc
limit 200;
