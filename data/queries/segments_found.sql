select segment, kind, brand, authors, n, round(share, 4) as share, round(low, 4) as low, round(high, 4) as high, rule
from segments
where authors >= coalesce((select cast(s.value as integer) from study_settings s where s.name = 'minimum_group'), 5) and brand = coalesce(nullif(:brand, ''), 'market')
order by kind, authors desc;
