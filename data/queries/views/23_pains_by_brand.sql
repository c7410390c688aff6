select nullif(c.brand, '') as brand, c.category, c.kind, c.authors, c.posts, c.mean_severity, c.first_post, c.last_post
from pain_counts c
