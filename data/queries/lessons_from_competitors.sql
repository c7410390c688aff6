select brand, lesson, kind, subject, "by", measure, round(value, 3) as value, round(low, 3) as low, round(high, 3) as high, n, verdict, fits
from lessons
where n >= coalesce((select cast(s.value as integer) from study_settings s where s.name = 'minimum_group'), 5) and (coalesce(:brand, '') = '' or brand = :brand)
    and (fits in ('close', 'partly') or (fits = 'far' and lesson <> 'learn'))
order by brand, lesson, verdict, abs(value) desc;
