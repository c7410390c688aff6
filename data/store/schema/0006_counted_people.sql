-- Whom a figure of the report counts: one row a person, post and value. `figure` is `attribute=value group`, or an
-- assumption's number and side; `weight` is the person's, 0 to 1, the same in all of their rows of one figure.
create table counted_people (
    figure text not null, attribute text not null, value text not null, author_id integer not null, post integer not null,
    weight real not null, primary key (figure, author_id, post, value)
) without rowid;
