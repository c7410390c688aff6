-- What differs for sure first, the largest difference first; the verdict of the assumptions is told by assumptions_checked.
select brand, attribute, measure, round(value, 3) as value, round(low, 3) as low, round(high, 3) as high, n, round(q_value, 4) as q_value, verdict
from comparisons
where measure <> 'verdict' and (coalesce(:brand, '') = '' or brand = :brand)
order by verdict = 'different' desc, measure like 'difference:%' desc, abs(value) desc, brand, attribute, measure;
