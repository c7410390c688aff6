-- How many people have to do what with each brand; each analysis replaces it.
create table relation_counts (
    brand text not null, relation text not null, authors integer not null, posts integer not null, first_seen text, last_seen text,
    primary key (brand, relation)
) without rowid;
insert into relation_counts
select brand, relation, count(*), sum(posts), min(first_seen), max(last_seen) from relations group by brand, relation;
