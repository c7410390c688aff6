select brand, side, category, authors, n, round(share, 4) as share, round(difference, 4) as difference, round(difference_low, 4) as low,
    round(difference_high, 4) as high, verdict
from strengths
where authors >= coalesce((select cast(s.value as integer) from study_settings s where s.name = 'minimum_group'), 5) and (coalesce(:brand, '') = '' or brand = :brand)
order by brand, side, abs(difference) desc;
