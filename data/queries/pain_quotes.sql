select brand, category, kind, severity, quote, posted_at, url
from pains_flat
where counted and (coalesce(:brand, '') = '' or brand = :brand) and (coalesce(:category, '') = '' or category = :category)
order by posted_at desc
limit 2000;
