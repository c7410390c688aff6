-- Where the market's number would give a brand's hidden group away it is told as “at least”, or not at all (analysis/report/withholding.py).
with least as (select coalesce((select cast(s.value as integer) from study_settings s where s.name = 'minimum_group'), 5) as people),
adding as (
    select count(*) filter (where brand <> 'market' and audience > 0) as brands
    from audiences, least where attribute = 'all' group by people
    having abs(coalesce(sum(audience) filter (where brand <> 'market'), 0) - coalesce(sum(audience) filter (where brand = 'market'), 0)) < 2 * people
), sums as (
    select s.category, coalesce(sum(s.authors) filter (where s.brand = 'market'), 0) as whole,
        coalesce(sum(s.authors) filter (where s.brand <> 'market' and s.audience >= people and (s.authors >= people or s.authors = 0)), 0) as sure,
        d.brands - count(*) filter (where s.brand <> 'market' and s.audience >= people and (s.authors >= people or s.authors = 0)) as hidden
    from pain_shares s cross join adding d cross join least
    group by s.category, d.brands, people
), withheld as (
    select category, min(sure, whole) as sure from sums, least
    where whole - sure > 0 and hidden > 0 and (whole - sure < people or hidden = 1 or whole - sure > hidden * (people - 1))
)
select s.brand, s.category, s.audience, case when w.category is null then s.authors else w.sure end as authors,
    case when w.category is null then s.share else 1.0 * w.sure / s.audience end as share, w.category is not null as at_least,
    case when w.category is null then s.low end as low, case when w.category is null then s.high end as high,
    case when w.category is null then s.posts end as posts, case when w.category is null then s.severity end as mean_severity,
    case when w.category is null then s.last_seen end as last_post
from pain_shares s cross join least left join withheld w on s.brand = 'market' and w.category = s.category
where s.audience >= people and case when w.category is null then s.authors else w.sure end >= people;
