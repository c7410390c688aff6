-- Where the market's number of a period would give a brand's hidden group away it is told as “at least”, or not at all, as in top_pains.
with least as (select coalesce((select cast(s.value as integer) from study_settings s where s.name = 'minimum_group'), 5) as people),
wanted as (
    select coalesce(nullif(:category, ''), (
        select c.category from pain_shares c where c.brand = coalesce(nullif(:brand, ''), 'market') and c.category <> 'other'
        order by c.authors desc limit 1
    )) as category
), adding as (
    select count(*) filter (where brand <> 'market' and audience > 0) as brands
    from audiences, least where attribute = 'all' group by people
    having abs(coalesce(sum(audience) filter (where brand <> 'market'), 0) - coalesce(sum(audience) filter (where brand = 'market'), 0)) < 2 * people
), sums as (
    select s.step, s.period, coalesce(sum(s.authors) filter (where s.brand = 'market'), 0) as whole,
        coalesce(sum(s.authors) filter (where s.brand <> 'market' and s.authors >= people), 0) as sure,
        d.brands - count(*) filter (where s.brand <> 'market' and (s.authors >= people or s.authors = 0)) as hidden
    from series s cross join adding d cross join least
    where s.subject = 'pain' and s.value = (select category from wanted)
    group by s.step, s.period, d.brands, people
), withheld as (
    select step, period, min(sure, whole) as sure from sums, least
    where whole - sure > 0 and hidden > 0 and (whole - sure < people or hidden = 1 or whole - sure > hidden * (people - 1))
)
select s.period, s.whole, case when w.period is null then s.authors when w.sure >= people then w.sure end as authors, s.n,
    case when w.period is null then round(s.share, 4) when w.sure >= people then round(1.0 * w.sure / s.n, 4) end as share,
    case when w.period is null then round(s.low, 4) end as low, case when w.period is null then round(s.high, 4) end as high,
    w.period is not null as at_least, s.value as category
from series s cross join least left join withheld w on s.brand = 'market' and w.step = s.step and w.period = s.period
where s.subject = 'pain' and s.brand = coalesce(nullif(:brand, ''), 'market') and s.value = (select category from wanted)
    and (s.authors is null or s.authors = 0 or s.authors >= people)
order by s.period;
