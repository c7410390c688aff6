select source, started_at, ended_at, state, reason, pages, posts_new, posts_changed, failed, refused, round(seconds) as seconds
from crawls_flat
order by started_at desc
limit 200;
