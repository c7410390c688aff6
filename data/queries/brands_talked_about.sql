select brand, role, authors, posts, sources, first_post, last_post
from posts_by_brand
order by authors desc;
