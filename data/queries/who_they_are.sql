select c.attribute, c.value, count(distinct c.author) as authors
from cues_flat c
join authors_by_brand b on b.author = c.author
where c.who in ('self', 'family') and c.duplicate_of is null and (:brand is null or :brand = '' or b.brand = :brand)
group by c.attribute, c.value
order by c.attribute, authors desc;
