-- Which pains: by the brand, else by the category, else the newest.
with chosen as (
    select n.pain_id from pains n
    where (coalesce(:brand, '') <> '' or coalesce(:role, '') <> '')
        and n.brand_id in (
            select b.brand_id from brands b
            where (coalesce(:brand, '') = '' or b.name = :brand) and (coalesce(:role, '') = '' or (b.role = :role and b.active))
        )
        and (coalesce(:category, '') = '' or n.category = :category)
    union all
    select pain_id from (
        select n.pain_id from pains n
        where coalesce(:brand, '') = '' and coalesce(:role, '') = '' and coalesce(:category, '') <> '' and n.category = :category
            and (coalesce(:kinds, '') = '' or instr(',' || :kinds || ',', ',' || n.kind || ',') > 0)
        order by n.posted_at desc limit 3500
    )
    union all
    select pain_id from (
        select n.pain_id from pains n
        where coalesce(:brand, '') = '' and coalesce(:role, '') = '' and coalesce(:category, '') = ''
            and (coalesce(:kinds, '') = '' or instr(',' || :kinds || ',', ',' || n.kind || ',') > 0)
        order by n.posted_at desc limit 3500
    )
)
select a.author_key as author, b.name as brand, n.category, n.kind, n.severity, n.quote, n.posted_at, p.url
from chosen
join pains n on n.pain_id = chosen.pain_id
join posts p on p.id = n.post
join counted_posts c on c.post = p.id
left join authors a on a.author_id = p.author_id
left join brands b on b.brand_id = n.brand_id
where n.confidence >= 0.5 and (coalesce(:kinds, '') = '' or instr(',' || :kinds || ',', ',' || n.kind || ',') > 0)
order by n.posted_at desc
limit 3000;
