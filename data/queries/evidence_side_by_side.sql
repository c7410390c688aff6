select brand, attribute, value, kind, platform, round(people) as people, round(share, 4) as share, round(low, 4) as low, round(high, 4) as high, agreement, as_of
from triangulation
where (people is null or people >= coalesce((select cast(s.value as integer) from study_settings s where s.name = 'minimum_group'), 5)) and not (brand = 'market' and kind = 'posts' and exists (select 1 from market_withheld w where w.attribute = triangulation.attribute and w.value = triangulation.value))
    and (coalesce(:brand, '') = '' or brand = :brand)
    and (coalesce(:attribute, '') = '' or attribute = :attribute)
order by brand, attribute, value, kind;
