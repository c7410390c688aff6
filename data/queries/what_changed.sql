select changed_at, brand, area, how, said_vi, said_en, url, last_as_before
from landing_changes_flat
where coalesce(:brand, '') = '' or brand = :brand
order by changed_at desc, change_id;
