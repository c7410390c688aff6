-- No number that would tell of a group below the smallest: of those counted, of those who told something else, or of those who tell of
-- the same pain without complaining.
with least as (select coalesce((select cast(s.value as integer) from study_settings s where s.name = 'minimum_group'), 5) as people),
told as (
    select c.*, (c.n > 0 and c.n < people) or (c.authors > 0 and c.authors < people)
        or (c.area in ('audience', 'price') and c.n - c.authors > 0.01 and c.n - c.authors < people)
        or exists (
            select 1 from pain_shares s
            where c.area in ('promise', 'unpromised') and s.brand = c.brand and s.category = c.value and s.authors - c.authors > 0 and s.authors - c.authors < people
        ) as hidden,
        c.n > 0 and c.n < people as few
    from claims c cross join least
)
select brand, area, attribute, value, claimed, case when not hidden then authors end as authors, case when not few then n end as n,
    case when not hidden then round(share, 4) end as share, verdict, url
from told
where coalesce(:brand, '') = '' or brand = :brand
order by brand, area, attribute, value;
