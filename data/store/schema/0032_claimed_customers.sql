-- The share of customers who fit a whole segment that its claims lead one to expect: what the verdict compares with.
alter table real_customers add column expected real;
