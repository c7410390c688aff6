-- An empty month is the newest that posts tell of. Where the market's number would give a brand's hidden group away it is told as
-- “at least”, or not at all, as in top_pains.
with least as (select coalesce((select cast(s.value as integer) from study_settings s where s.name = 'minimum_group'), 5) as people),
asked as (
    select coalesce(nullif(:month, ''), (select max(m.month) from brand_counts m where m.brand = 'market' and m.source = '')) as month
), bounds as (
    select strftime('%Y-%m-%dT%H:%M:%SZ', month || '-01', begins) as first, strftime('%Y-%m-%dT%H:%M:%SZ', month || '-01', '+1 month', begins) as next
    from asked, (select coalesce((select s.value from study_settings s where s.name = 'months_begin'), '+0 minutes') as begins)
), told as materialized (
    select n.category, n.brand_id, p.author_id, n.post, n.severity
    from bounds
    join pains n indexed by pains_posted on n.posted_at >= bounds.first and n.posted_at < bounds.next
    join posts p on p.id = n.post
    join counted_posts c on c.post = p.id
    where n.confidence >= 0.5
        and (coalesce(:brand, '') = '' or n.brand_id = (select b.brand_id from brands b where b.name = :brand))
), whole as (
    select category, count(distinct author_id) as authors, count(distinct post) as posts, avg(severity) as severity from told group by category
), of_brand as (
    select category, count(distinct author_id) as authors from told where brand_id is not null group by category, brand_id
), adding as (
    select count(*) filter (where brand <> 'market' and audience > 0) as brands
    from audiences, least where attribute = 'all' and coalesce(:brand, '') = '' group by people
    having abs(coalesce(sum(audience) filter (where brand <> 'market'), 0) - coalesce(sum(audience) filter (where brand = 'market'), 0)) < 2 * people
), sums as (
    select w.category, w.authors as whole, coalesce(sum(o.authors) filter (where o.authors >= people), 0) as sure,
        d.brands - count(o.authors) filter (where o.authors >= people) as hidden
    from whole w cross join adding d cross join least left join of_brand o on o.category = w.category
    group by w.category, w.authors, d.brands, people
), withheld as (
    select category, min(sure, whole) as sure from sums, least
    where whole - sure > 0 and hidden > 0 and (whole - sure < people or hidden = 1 or whole - sure > hidden * (people - 1))
)
select (select month from asked) as month, w.category, coalesce(h.sure, w.authors) as authors,
    (select c.authors from brand_counts c where c.brand = coalesce(nullif(:brand, ''), 'market') and c.source = '' and c.month = (select month from asked)) as people,
    case when h.category is null then w.posts end as posts, case when h.category is null then round(w.severity, 2) end as mean_severity,
    h.category is not null as at_least
from whole w cross join least left join withheld h on h.category = w.category
where coalesce(h.sure, w.authors) >= least.people
order by authors desc, w.category;
