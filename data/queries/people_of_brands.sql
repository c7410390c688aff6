select brand, relation, authors, posts, first_seen, last_seen
from relation_counts
where authors >= coalesce((select cast(s.value as integer) from study_settings s where s.name = 'minimum_group'), 5) and (coalesce(:brand, '') = '' or brand = :brand)
order by brand, authors desc, relation;
