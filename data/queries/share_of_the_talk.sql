select brand, authors, n, round(share, 4) as share, round(low, 4) as low, round(high, 4) as high, posts
from share_of_voice
where month = coalesce(nullif(:month, ''), 'all') and authors >= coalesce((select cast(s.value as integer) from study_settings s where s.name = 'minimum_group'), 5)
order by share desc, brand;
