select month, brand, posts, authors
from brand_counts
where source = '' and month <> '' and authors >= coalesce((select cast(s.value as integer) from study_settings s where s.name = 'minimum_group'), 5)
    and brand = coalesce(nullif(:brand, ''), 'market')
order by month;
