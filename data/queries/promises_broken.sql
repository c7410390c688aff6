select brand, claimed as promise, value as category, cast(authors as integer) as authors, verdict, url
from claims
where area = 'promise' and verdict in ('not_kept', 'complained') and (coalesce(:brand, '') = '' or brand = :brand)
order by verdict = 'not_kept' desc, authors desc, brand, claimed;
