-- An import knows the days that its file tells of and the posts that it brought, so that it can be undone alone.
alter table imports add column period_from text;
alter table imports add column period_to text;
alter table posts add column import_id integer references imports (import_id);
create index posts_import on posts (import_id) where import_id is not null;
update posts set import_id = coalesce(
    (select max(i.import_id) from imports i where i.source_id = posts.source_id and i.imported_at <= posts.first_seen),
    (select min(i.import_id) from imports i where i.source_id = posts.source_id)
) where source_id in (select source_id from imports);
-- Orders out of a shop's export, one row an order. Whose it is, is a keyed hash; no name, telephone or address is kept. `state` is
-- completed, open, cancelled or returned (`refunded` has what was paid back of it). Money is in whole units of `currency`.
create table orders (
    order_row integer primary key, import_id integer not null references imports (import_id) on delete cascade, brand text not null,
    platform text not null, order_key text not null, customer_key text, ordered_at text, state text not null, amount real, refunded real,
    currency text, items integer, location text, channel text, unique (import_id, order_key)
);
create index orders_customer on orders (brand, customer_key);
create index orders_import on orders (import_id);
