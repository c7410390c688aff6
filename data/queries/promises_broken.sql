select brand, promise, category, case when authors >= coalesce((select cast(s.value as integer) from study_settings s where s.name = 'minimum_group'), 5) then authors end as authors, verdict, url
from promises_kept
where coalesce(:brand, '') = '' or brand = :brand
order by verdict = 'broken' desc, authors desc, brand;
