select kind, name, axis, round(share, 4) as share, round(low, 4) as low, round(high, 4) as high, n, audience, verdict
from need_ability
where component = 'score' and n >= coalesce((select cast(s.value as integer) from study_settings s where s.name = 'minimum_group'), 5)
order by kind, name, axis;
