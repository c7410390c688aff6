select brand, offer, price, price_to, currency, per, was, url, last_seen
from offers_current
order by brand, price;
