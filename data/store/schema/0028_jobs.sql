-- What is done by the clock: each job of the study's schedule as it stands, and every step that was run or left out.
create table jobs (
    job text primary key, what text not null, since text not null, planned_at text, started_at text, ended_at text,
    state text not null default 'new', steps_left text not null default '[]', attempts integer not null default 0, waits_for text
);
create table job_runs (
    job_run_id integer primary key, job text not null, step text not null, planned_at text, started_at text not null, ended_at text,
    state text not null, exit_code integer, said text, process integer, process_started real
);
create index job_runs_job on job_runs (job, step, job_run_id);
