select brand, term, kind, authors, n, authors_against, n_against, round(delta, 2) as delta, round(z, 1) as z, verdict
from distinctive
where authors >= coalesce((select cast(s.value as integer) from study_settings s where s.name = 'minimum_group'), 5) and (coalesce(:brand, '') = '' or brand = :brand) and z > 0
order by brand, z desc
limit 500;
