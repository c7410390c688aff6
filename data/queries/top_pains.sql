select category, authors, audience, round(share, 4) as share, round(low, 4) as low, round(high, 4) as high, at_least, posts,
    round(mean_severity, 2) as mean_severity, last_post
from pains_told where brand = coalesce(nullif(:brand, ''), 'market')
order by authors desc, category;
