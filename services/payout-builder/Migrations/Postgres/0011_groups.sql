-- One transaction may pay several winners of a round: one payout leads and owns the slot, the others wait for its end.
alter table payouts add column leader_id uuid;
alter table payouts add column members text not null default '';
alter table payouts add column group_size_max integer;
alter table payouts add column builds_to_split integer not null default 0;
create index payouts_leader on payouts (leader_id) where leader_id is not null;
