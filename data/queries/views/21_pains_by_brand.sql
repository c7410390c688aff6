select brand, category, kind, count(distinct author) as authors, count(distinct post_id) as posts,
    round(avg(severity), 2) as mean_severity, min(posted_at) as first_post, max(posted_at) as last_post
from pains_flat
where duplicate_of is null
group by brand, category, kind
