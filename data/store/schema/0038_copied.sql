-- Which texts were posted again, how often and by how many: a question that reads the copies alone.
create index posts_copied on posts (duplicate_of, author_id, source_id, posted_at) where duplicate_of is not null;
