select c.crawl_id, s.url as source, b.name as brand, c.started_at, c.ended_at, c.state, c.reason, c.requests, c.pages, c.not_modified,
    c.bytes, c.seconds, c.failed, c.refused, c.threads, c.posts_read, c.posts_new, c.posts_changed, c.posts_known, c.near_copies,
    round(1.0 * c.full_posts / nullif(c.full_pages, 0), 1) as posts_per_page,
    round(1.0 * c.with_author / nullif(c.posts_read, 0), 3) as author_share,
    round(1.0 * c.with_time / nullif(c.posts_read, 0), 3) as time_share, c.stopped
from crawls c join sources s using (source_id) left join brands b using (brand_id)
