-- The register of assumptions. A claim that is changed becomes a new version; no version is ever taken away or written over.
-- `registered_at` is when an analysis first saw it, whatever date the study file gives (`made_at`). `changed` says what is not as in the
-- version before; `after_data` is 1 where the claim was made or changed when its answer had already been looked at.
create table assumptions (
    id text not null, version integer not null, segment text not null, claim text not null, attribute text, pain text,
    expected text not null, at_least real, at_most real, minimum_n integer not null, rule text not null, made_at text, note text,
    registered_at text not null, run_id integer not null references runs (run_id), changed text, after_data integer not null default 0,
    replaced_at text, retired_at text, retired_how text, retired_why text, primary key (id, version)
);
alter table verdicts add column assumption text;

-- The last analysis' verdict by every kind of evidence that answers an assumption; kinds are never averaged.
-- `import_id` is null for posts. `why` says what keeps evidence from deciding.
create table verdicts_by_kind (
    assumption text not null, version integer not null, brand text not null, kind text not null, audience text not null,
    import_id integer, verdict text not null, share real, low real, high real, count real, n real, unit text not null, why text,
    period_from text, period_to text, newest integer not null, checked_at text not null
);
create index verdicts_by_kind_assumption on verdicts_by_kind (assumption, brand);
create table verdict_readings (
    assumption text not null, version integer not null, brand text not null, reading text not null, supported text not null,
    contradicted text not null, open text not null, checked_at text not null, primary key (assumption, brand)
);

-- Every check whose answer was not that of the check before.
create table verdict_history (
    assumption text not null, version integer not null, brand text not null, kind text not null, run_id integer not null references runs (run_id),
    checked_at text not null, verdict text not null, share real, low real, high real, count real, n real,
    primary key (assumption, version, brand, kind, run_id)
);
