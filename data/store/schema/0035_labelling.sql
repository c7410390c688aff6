-- The posts to label in an order that has nothing to do with the crawl's, and the answers of which the machine is least sure: a page of
-- either is then found without looking at all posts. The number is that of analysis/labels/sampling.py.
create index posts_to_label on posts ((id * 2654435761 + 40503) % 4294967291)
where text <> '' and duplicate_of is null and coalesce(lang, 'vi') in ('vi', 'en');
create index cues_sure on cues (confidence, post);
create index pains_sure on pains (confidence, post);
