select brand, category, kind, count(distinct author) as authors, count(distinct post_id) as posts,
    round(avg(severity), 2) as mean_severity, min(posted_at) as first_post, max(posted_at) as last_post
from pains_flat
where counted
group by brand, category, kind
