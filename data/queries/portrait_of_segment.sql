select segment, position, stage, line, attribute, value, authors, n, round(share, 4) as share, round(low, 4) as low, round(high, 4) as high, case when not coalesce(defining, 0) then round(lift, 2) end as lift
from personas
where (authors is null or authors >= coalesce((select cast(s.value as integer) from study_settings s where s.name = 'minimum_group'), 5)) and (coalesce(:segment, '') = '' or segment = :segment)
order by kind, segment, position;
