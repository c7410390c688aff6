select brand, relation, count(*) as authors, sum(posts) as posts, min(first_seen) as first_seen, max(last_seen) as last_seen
from relations
where coalesce(:brand, '') = '' or brand = :brand
group by brand, relation
order by brand, authors desc, relation;
