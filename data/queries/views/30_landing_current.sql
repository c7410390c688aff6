select l.url, b.name as brand, l.title, l.description, l.language, l.first_seen, l.last_seen,
    json_array_length(l.content, '$.offers') as offers, json_array_length(l.content, '$.promises') as promises,
    (select count(*) from landing_snapshots o where o.url = l.url) as versions, l.text, l.content
from landing_snapshots l
left join brands b using (brand_id)
where l.snapshot_id = (select max(n.snapshot_id) from landing_snapshots n where n.url = l.url)
