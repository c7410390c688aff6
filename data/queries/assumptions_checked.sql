-- No number that would tell of a group below the smallest: of those who fit, of those who told something else, or of all
-- who told; none of the market by which a brand's small group could be worked out.
with least as (select coalesce((select cast(s.value as integer) from study_settings s where s.name = 'minimum_group'), 5) as people),
checked as (
    select h.*, a.claim, a.changed, a.after_data,
        (h.n > 0 and h.n < people) or (h.count > 0 and h.count < people)
        or (h.brand = 'market' and h.kind = 'posts' and exists (
            select 1 from market_withheld w
            where case when a.pain is null then w.attribute = a.attribute else w.value = a.pain and a.expected not like '%top%' end))
        or (a.pain is null and h.n - h.count > 0.01 and h.n - h.count < people) as hidden,
        h.n > 0 and h.n < people as few
    from verdict_history h join assumptions a on a.id = h.assumption and a.version = h.version cross join least
)
select checked_at, claim, brand, kind, verdict, case when not hidden then round(share, 3) end as share,
    case when not hidden then round(low, 3) end as low, case when not hidden then round(high, 3) end as high,
    case when not few then n end as n, changed, after_data, assumption, version
from checked
where (coalesce(:assumption, '') = '' or assumption = :assumption or assumption like '%.' || :assumption)
    and (coalesce(:brand, '') = '' or brand = :brand)
order by checked_at desc, assumption, brand, kind;
