select s.brand, a.author_key as author, s.posts, s.first_post, s.last_post
from brand_people s
left join authors a on a.author_id = s.author_id
