select author, attribute, value, who, count(distinct post_id) as posts, min(posted_at) as first_post, max(posted_at) as last_post
from cues_flat
where author is not null and duplicate_of is null
group by author, attribute, value, who
