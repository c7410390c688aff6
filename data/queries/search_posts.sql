select p.post_id, p.url, p.posted_at, b.name as brand, p.text
from posts_fts f
join posts p on p.id = f.rowid
left join brands b using (brand_id)
where posts_fts match replace(replace(:words, 'đ', 'd'), 'Đ', 'D')
order by f.rank
limit 100;
