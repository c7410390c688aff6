select c.brand, c.url, json_extract(o.value, '$.area') as area, json_extract(o.value, '$.kind') as kind, json_extract(o.value, '$.text') as quote,
    json_extract(o.value, '$.amount') as amount, json_extract(o.value, '$.unit') as unit, json_extract(o.value, '$.until') as until,
    c.first_seen, c.last_seen
from landing_current c, json_each(c.content, '$.claims') o
