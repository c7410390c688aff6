select source, brand, engine, state, reason, started_at, posts_new, posts_kept, newest_post
from source_health
where active
order by source;
