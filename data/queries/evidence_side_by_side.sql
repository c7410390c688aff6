select brand, attribute, value, kind, platform, round(people) as people, round(share, 4) as share, round(low, 4) as low, round(high, 4) as high, agreement, as_of
from triangulation
where (people is null or people >= coalesce((select cast(s.value as integer) from study_settings s where s.name = 'minimum_group'), 5)) and (coalesce(:brand, '') = '' or brand = :brand)
    and (coalesce(:attribute, '') = '' or attribute = :attribute)
order by brand, attribute, value, kind;
