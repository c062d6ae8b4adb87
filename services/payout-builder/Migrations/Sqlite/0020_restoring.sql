-- Where the network asks for it, a payout's slot is spent on restoring archived entries; how often is bounded.
alter table payouts add column restores integer not null default 0;
