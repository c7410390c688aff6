select brand, segment, kind, platform, basis, round(count) as count, round(n) as n, round(share, 4) as share, round(low, 4) as low, round(high, 4) as high, verdict, as_of
from real_customers
where count is null or count >= coalesce((select cast(s.value as integer) from study_settings s where s.name = 'minimum_group'), 5)
order by brand, segment, kind;
