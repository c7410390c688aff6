select attribute, value, authors, told, audience, round(share, 4) as share, round(low, 4) as low, round(high, 4) as high
from audience_shares
where brand = coalesce(nullif(:brand, ''), 'market')
order by attribute, authors desc, value;
