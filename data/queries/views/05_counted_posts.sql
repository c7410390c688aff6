select p.id as post, p.author_id
from posts p
where p.duplicate_of is null and p.author_id is not null and coalesce(p.lang, 'und') in ('vi', 'en', 'und')
    and p.source_id in (select s.source_id from sources s where s.active and s.kind is not 'notes')
    and p.author_id not in (select o.author_id from own_accounts o) and p.author_id not in (select a.author_id from set_aside a)
