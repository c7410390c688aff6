-- How each channel of alerts does: `failed` counts the tries that failed in a row (0: it works), `failing_since` is when the last such
-- row began, `why` the last reason, without any secret. A channel is known by its name, never by its address.
create table alert_channels (
    channel text primary key, failed integer not null, failing_since text, tried_at text not null, worked_at text, why text
);
