select brand, term, authors, n, authors_against, n_against, round(delta, 2) as delta, round(z, 1) as z
from distinctive
where kind = 'word' and against = 'others' and verdict = 'different' and authors >= coalesce((select cast(s.value as integer) from study_settings s where s.name = 'minimum_group'), 5) and (coalesce(:brand, '') = '' or brand = :brand) and z > 0
order by brand, z desc
limit 500;
