select category, count(distinct author) as authors, count(distinct post_id) as posts, round(avg(severity), 2) as mean_severity,
    max(posted_at) as last_post
from pains_flat
where duplicate_of is null and (:brand is null or :brand = '' or brand = :brand)
group by category
order by authors desc;
