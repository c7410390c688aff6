-- The newest.
-- What many tell is found by going through the newest, what few tell by sorting it.
with common as (select (select sum(k.cues) from cue_counts k where k.attribute = :attribute) > 20000 as is_so),
chosen as (
    select cue_id from (
        select c.cue_id from cues c where coalesce(:value, '') <> '' and c.attribute = :attribute and c.value = :value
        order by c.posted_at desc limit 2000
    )
    union all
    select cue_id from (
        select c.cue_id from common cross join cues c where coalesce(:value, '') = '' and not common.is_so and c.attribute = :attribute
        order by c.posted_at desc limit 2000
    )
    union all
    select cue_id from (
        select c.cue_id from common cross join cues c indexed by cues_posted
        where coalesce(:value, '') = '' and common.is_so and c.attribute = :attribute order by c.posted_at desc limit 2000
    )
    union all
    select cue_id from (select c.cue_id from cues c where coalesce(:attribute, '') = '' order by c.posted_at desc limit 2000)
)
select c.attribute, c.value, c.who, c.quote, c.posted_at, p.url
from chosen
join cues c on c.cue_id = chosen.cue_id
join posts p on p.id = c.post
join counted_posts k on k.post = p.id
where c.confidence >= 0.5 and (c.who = 'self'
        or (c.who = 'family' and c.attribute in ('income', 'budget', 'price_sensitivity'))
        or (c.who = 'child' and c.attribute = 'child_age'))
    and (coalesce(:brand, '') = '' or exists (select 1 from brand_people b where b.brand = :brand and b.author_id = p.author_id))
order by c.posted_at desc
limit 1000;
