select c.change_id, b.name as brand, s.url as source, c.url, c.changed_at, c.last_as_before, c.area, c.how, c.subject, c."before", c."after",
    c.before_amount, c.after_amount, c.currency, c.per, c.said_vi, c.said_en
from landing_changes c
join sources s using (source_id)
left join brands b on b.brand_id = c.brand_id
