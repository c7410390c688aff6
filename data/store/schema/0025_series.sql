-- What people tell, period by period. `period` is its first day, `step` month or week; `whole` is 0 where posts do not cover it to its
-- ends. `subject` is pain, audience or voice. Where too few people tell, `authors`, `n`, `share` and its bounds are null, never 0.
create table series (
    brand text not null, subject text not null, attribute text not null, value text not null, step text not null, period text not null,
    whole integer not null, authors real, n integer, share real, low real, high real,
    primary key (brand, subject, attribute, value, period)
) without rowid;
-- What each series comes to: whether it rises or falls beyond chance, where it jumps, and what the next periods may bring.
create table trends (
    brand text not null, subject text not null, attribute text not null, value text not null, step text not null, periods integer not null,
    authors real, verdict text not null, odds real, odds_low real, odds_high real, spread real, p_value real, q_value real,
    jump_p real, jump_q real, jumps text not null, forecast_verdict text not null, forecast text not null, error real, error_naive real,
    tries integer not null, primary key (brand, subject, attribute, value)
) without rowid;
-- What each offer on a brand's pages cost, one row a stretch of time at one price.
create table offer_prices (
    brand text not null, url text not null, offer text not null, currency text not null, per text not null, since text not null,
    until text not null, price real not null, was real, primary key (brand, url, offer, currency, per, since)
) without rowid;
-- The figures of every analysis. One is written when it is not as it was before; `state` gone: since that run it is told no more.
-- Of runs that are older than the newest thirty, the last of each month stays.
create table kept_figures (
    brand text not null, kind text not null, attribute text not null, value text not null, run_id integer not null references runs (run_id),
    checked_at text not null, state text not null, answer text, "count" real, n real, share real, low real, high real,
    primary key (brand, kind, attribute, value, run_id)
) without rowid;
