-- What a review tells beside its stars; null where its page does not show it.
alter table posts add column verified integer;
alter table posts add column variant text;
alter table posts add column pictures integer;
