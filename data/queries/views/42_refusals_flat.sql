select s.url as source, r.crawl_id, c.started_at, r.reason, r.url, r.times, r.refused_at, r.said_vi, r.said_en,
    cast(c.crawl_id = (select max(n.crawl_id) from crawls n where n.source_id = c.source_id) as integer) as is_latest
from refusals r join crawls c using (crawl_id) join sources s using (source_id)
