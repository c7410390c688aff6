-- Where the market's number of people would give a brand's hidden group away, it is left out, as in top_pains.
with least as (select coalesce((select cast(s.value as integer) from study_settings s where s.name = 'minimum_group'), 5) as people),
adding as (
    select count(*) filter (where brand <> 'market' and audience > 0) as brands
    from audiences, least where attribute = 'all' group by people
    having abs(coalesce(sum(audience) filter (where brand <> 'market'), 0) - coalesce(sum(audience) filter (where brand = 'market'), 0)) < 2 * people
), sums as (
    select t.value, coalesce(sum(t.authors) filter (where t.brand = 'market'), 0) as whole,
        coalesce(sum(t.authors) filter (where t.brand <> 'market' and t.authors >= people), 0) as sure,
        d.brands - count(*) filter (where t.brand <> 'market' and t.authors >= people) as hidden
    from trends t cross join adding d cross join least where t.subject = 'pain' group by t.value, d.brands, people
), withheld as (
    select value from sums, least
    where whole - sure > 0 and hidden > 0 and (whole - sure < people or hidden = 1 or whole - sure > hidden * (people - 1))
), moved as (  -- as analysis/report/pain_trends.py tells it: where there is no slope, the newest jump
    select t.*, case
        when t.verdict in ('rises', 'falls') or t.jumps = '[]' then t.verdict
        when json_extract(t.jumps, '$[#-1].up') then 'jump_up' else 'jump_down'
    end as went
    from trends t where t.subject = 'pain'
)
select t.brand, t.value as category, t.went as verdict, t.step, t.periods,
    case when t.authors >= people and not (t.brand = 'market' and t.value in (select value from withheld)) then round(t.authors) end as authors,
    round(t.odds, 3) as odds, round(t.odds_low, 3) as low, round(t.odds_high, 3) as high, round(t.q_value, 4) as q_value, t.forecast_verdict
from moved t cross join least
where t.went in ('rises', 'jump_up', 'falls', 'jump_down') and t.brand = coalesce(nullif(:brand, ''), 'market')
order by t.went in ('rises', 'jump_up') desc, abs(t.odds - 1) desc;
