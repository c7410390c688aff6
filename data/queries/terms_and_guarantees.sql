select brand, area, kind, amount, unit, until, quote, url, last_seen
from claims_current
where area in ('discount', 'guarantee', 'delivery', 'payment')
order by area, kind, brand, amount desc;
