select brand, area, attribute, value, claimed, case when authors >= coalesce((select cast(s.value as integer) from study_settings s where s.name = 'minimum_group'), 5) then authors end as authors, n,
    case when authors >= coalesce((select cast(s.value as integer) from study_settings s where s.name = 'minimum_group'), 5) then round(share, 4) end as share, verdict, url
from claims
where coalesce(:brand, '') = '' or brand = :brand
order by brand, area, attribute, value;
