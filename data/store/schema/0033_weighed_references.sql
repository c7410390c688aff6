-- Reports decide an assumption by their weights; beside it, what they say unweighted.
alter table verdicts_by_kind add column plain real;
alter table verdicts_by_kind add column plain_verdict text;
