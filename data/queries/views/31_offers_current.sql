select c.brand, c.url, json_extract(o.value, '$.name') as offer, json_extract(o.value, '$.price') as price, json_extract(o.value, '$.high') as price_to,
    json_extract(o.value, '$.currency') as currency, json_extract(o.value, '$.per') as per, json_extract(o.value, '$.was') as was,
    json_extract(o.value, '$.price_text') as price_text, c.first_seen, c.last_seen
from landing_current c, json_each(c.content, '$.offers') o
