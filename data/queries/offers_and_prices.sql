select brand, offer, price, currency, per, was, url, last_seen
from offers_current
order by brand, price;
