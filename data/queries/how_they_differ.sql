-- What differs for sure first, the largest difference first; the verdict of the assumptions is told by assumptions_checked. A difference
-- or lift that would tell of a group below the smallest, on either side, is left out. Who is silent about a pain is no group; of what
-- people tell of themselves (the attributes of audiences) those who tell something else are one.
with least as (select coalesce((select cast(s.value as integer) from study_settings s where s.name = 'minimum_group'), 5) as people),
sides as (
    select c.brand, c.attribute, c.measure, c.n as n, json_extract(c.detail, '$.counts[0]') as count,
        c.attribute not in (select t.attribute from audiences t) as silent
    from comparisons c where c.measure like 'difference:%'
    union all
    select c.brand, c.attribute, c.measure, json_extract(c.detail, '$.n_own'), json_extract(c.detail, '$.counts[1]'),
        c.attribute not in (select t.attribute from audiences t)
    from comparisons c where c.measure like 'difference:%'
    union all
    select c.brand, c.attribute, c.measure, a.told, a.authors, 0
    from comparisons c join audience_shares a on a.brand = c.brand and a.attribute = c.attribute and c.measure = 'lift:' || a.value
), hidden as (
    select distinct brand, attribute, substr(measure, instr(measure, ':') + 1) as told from sides, least
    where (n > 0 and n < people) or (count > 0.01 and count < people) or (not silent and n - count > 0.01 and n - count < people)
)
select c.brand, c.attribute, c.measure, round(c.value, 3) as value, round(c.low, 3) as low, round(c.high, 3) as high, c.n,
    round(c.q_value, 4) as q_value, c.verdict
from comparisons c cross join least left join hidden h on h.brand = c.brand and h.attribute = c.attribute
    and c.measure in ('difference:' || h.told, 'lift:' || h.told)
where c.measure <> 'verdict' and h.brand is null and (c.n = 0 or c.n >= least.people) and (coalesce(:brand, '') = '' or c.brand = :brand)
order by c.verdict = 'different' desc, c.measure like 'difference:%' desc, abs(c.value) desc, c.brand, c.attribute, c.measure;
