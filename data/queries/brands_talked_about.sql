select brand, role, authors, posts, sources, first_post, last_post
from posts_by_brand
where authors >= coalesce((select cast(s.value as integer) from study_settings s where s.name = 'minimum_group'), 5)
order by authors desc;
