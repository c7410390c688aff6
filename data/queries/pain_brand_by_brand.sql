select brand, authors, audience, round(share, 4) as share, round(low, 4) as low, round(high, 4) as high, at_least, posts,
    round(mean_severity, 2) as mean_severity, category
from pains_told where category = coalesce(nullif(:category, ''), 'price')
order by share desc, brand;
