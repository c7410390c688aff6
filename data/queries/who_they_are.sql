-- Where all but a few of those who tell an attribute say the same, only a lower bound is told, as in the report: the few could be worked
-- out. The same of the whole market where its number would give a brand's hidden group away (analysis/report/withholding.py).
with least as (select coalesce((select cast(s.value as integer) from study_settings s where s.name = 'minimum_group'), 5) as people),
cells as (
    select a.*, told - authors > 0.001 and told - authors < people as few_left,
        authors >= people - 0.001 and told >= people - 0.001
            and not (told - authors > 0.001 and told - authors < people - 0.001 and told < 2 * people) as is_told
    from audience_shares a, least
), adding as (
    select attribute, count(*) filter (where brand <> 'market' and told > 0) as brands
    from audiences, least group by attribute, people
    having abs(coalesce(sum(told) filter (where brand <> 'market'), 0) - coalesce(sum(told) filter (where brand = 'market'), 0)) < 2 * people
), sums as (
    select c.attribute, c.value, coalesce(sum(c.authors) filter (where c.brand = 'market'), 0) as whole,
        coalesce(sum(case when c.few_left then c.told - people else c.authors end) filter (where c.brand <> 'market' and c.is_told), 0) as sure,
        d.brands - count(*) filter (where c.brand <> 'market' and c.is_told and not c.few_left) as hidden
    from cells c join adding d on d.attribute = c.attribute cross join least
    group by c.attribute, c.value, d.brands, people
), telling as (
    select s.*, whole - sure > 0.001 and hidden > 0
        and (whole - sure < people - 0.001 or hidden = 1 or whole - sure > hidden * (people - 1) - 0.001) as tells
    from sums s, least
), withheld as (
    select attribute, value, min(sure, whole) as sure from telling t
    where tells or (
        attribute in ('age', 'budget', 'customer_type', 'education', 'gender', 'height_cm', 'income', 'location', 'marital_status', 'occupation', 'price_sensitivity', 'weight_kg') and exists (select 1 from telling o where o.attribute = t.attribute and o.tells)
    )
), shown as (
    select c.brand, c.attribute, c.value, c.told, c.audience, c.is_told, c.few_left or w.value is not null as at_least,
        case when w.value is not null then w.sure when c.few_left then c.told - people else c.authors end as authors, c.share, c.low, c.high
    from cells c cross join least left join withheld w on c.brand = 'market' and w.attribute = c.attribute and w.value = c.value
)
select attribute, value, authors, told, audience, round(case when at_least then 1.0 * authors / told else share end, 4) as share,
    case when not at_least then round(low, 4) end as low, case when not at_least then round(high, 4) end as high, at_least
from shown, least
where brand = coalesce(nullif(:brand, ''), 'market') and (coalesce(:attribute, '') = '' or attribute = :attribute)
    and is_told and authors >= people - 0.001
order by attribute, authors desc, value;
