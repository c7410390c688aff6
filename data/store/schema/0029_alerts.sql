-- What alerts were found, each under a key of its own so that nothing is told twice. `state` is told (to be told, or told), or why it is
-- not: known (it was there before alerts were first asked for), small (below the study's thresholds), unwanted (the study leaves such out).
-- `subject` is what it is about; `detail` holds what its words are made of, as JSON, and no text of anybody's post.
create table alerts (
    alert_id integer primary key, key text not null unique, kind text not null, subject text not null, level text not null, brand text,
    happened_at text not null, found_at text not null, state text not null, detail text not null
);
create index alerts_subject on alerts (subject, found_at);
create index alerts_found on alerts (found_at);
-- Where each is told: one row a channel that stood in the study when it was found. `state` is waiting or told; of a channel that failed
-- `tries` counts how often, and `why` says the last reason, without any secret. A channel is known by its name, never by its address.
create table alert_deliveries (
    delivery_id integer primary key, alert_id integer not null references alerts (alert_id), channel text not null, state text not null,
    tries integer not null default 0, tried_at text, told_at text, why text, unique (alert_id, channel)
);
create index alert_deliveries_waiting on alert_deliveries (channel, state);
-- The key of the sentence in `reason`, so that one trouble can be told from another.
alter table crawls add column reason_key text;
