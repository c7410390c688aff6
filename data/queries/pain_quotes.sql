select author, brand, category, kind, severity, quote, posted_at, url
from pains_flat
where counted and (coalesce(:brand, '') = '' or brand = :brand) and (coalesce(:category, '') = '' or category = :category)
    and (coalesce(:kinds, '') = '' or instr(',' || :kinds || ',', ',' || kind || ',') > 0)
    and (coalesce(:role, '') = '' or brand in (select b.name from brands b where b.role = :role and b.active))
order by posted_at desc;
