select brand, offer, since, until, price, was, currency, per, url
from offer_prices
where coalesce(:brand, '') = '' or brand = :brand
order by brand, offer, since;
