-- What people say of the machine's answers. A label is never written over: the newest about the same words wins, and all are kept.
-- A changed answer's earlier form stands in `was`, as JSON. Destroying a post destroys its labels.
create table labels (
    label_id integer primary key, post integer not null references posts (id), coder text not null, labelled_at text not null,
    verdict text not null, attribute text, value text, "group" text, who text, kind text, category text, target text,
    severity integer, start integer, "end" integer, quote text, was text, source_component text, content_hash text not null
);
create index labels_post on labels (post);
