select l.label_id, p.post_id, l.coder, l.labelled_at, l.verdict, l.attribute, l.value, l."group", l.who, l.kind, l.category, l.target,
    l.severity, l.quote, l.was, l.source_component,
    cast(l.quote is not null and instr(p.text, l.quote) = 0 as integer) as lost, b.name as brand, s.url as source, p.lang, p.url,
    t.title as thread_title, p.text
from labels l
join posts p on p.id = l.post
join threads t using (thread_id)
join sources s on s.source_id = p.source_id
left join brands b on b.brand_id = p.brand_id
