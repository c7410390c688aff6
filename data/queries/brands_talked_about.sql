select brand, role, sum(posts) as posts, sum(authors) as authors, min(first_post) as first_post, max(last_post) as last_post
from posts_by_brand
group by brand, role
order by authors desc;
