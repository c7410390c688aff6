select s.url as source, s.kind, b.name as brand, s.engine, s.robots, s.terms, s.active, c.state, c.reason, c.started_at, c.ended_at,
    c.pages, c.not_modified, c.failed, c.threads, c.posts_new, c.posts_changed, c.posts_known, c.skipped,
    coalesce((select sum(k.posts) from post_counts k where k.source_id = s.source_id), 0) as posts_kept,
    (select max(p.posted_at) from posts p where p.source_id = s.source_id) as newest_post
from sources s
left join brands b using (brand_id)
left join crawls c on c.crawl_id = (select max(n.crawl_id) from crawls n where n.source_id = s.source_id)
where coalesce(s.kind, '') not in ('survey', 'analytics', 'orders', 'reference')
