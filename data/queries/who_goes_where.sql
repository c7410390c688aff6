-- A reason that fewer than the smallest group give is left out, as a pair is.
with least as (select coalesce((select cast(s.value as integer) from study_settings s where s.name = 'minimum_group'), 5) as people)
select coalesce(nullif(from_brand, ''), '?') as from_brand, coalesce(nullif(to_brand, ''), '?') as to_brand, authors, posts,
    (select json_group_array(json(r.value)) from json_each(reasons) r where json_extract(r.value, '$.authors') >= people) as reasons,
    first_seen, last_seen
from switching, least
where authors >= people and (coalesce(:brand, '') = '' or :brand in (from_brand, to_brand))
order by authors desc;
