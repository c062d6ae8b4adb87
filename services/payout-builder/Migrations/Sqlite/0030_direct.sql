-- Payouts outside rounds: the requester's name of it, and why.
alter table payouts add column reference text;
alter table payouts add column reason text;
create unique index payouts_by_reference on payouts (reference) where reference is not null;
