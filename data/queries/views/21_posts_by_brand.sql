select c.brand, b.role, c.posts, c.authors, c.sources, c.first_post, c.last_post
from brand_counts c
join brands b on b.name = c.brand
where c.source = '' and c.month = ''
