-- Payouts outside rounds have a trail as rounds have; their requests' keys are kept with all others (idempotency_keys).
alter table direct_payouts drop column idempotency_key;
alter table direct_payouts add column trail_count integer not null default 0;
alter table direct_payouts add column trail_head text;
alter table direct_payouts add column checkpointed integer not null default 0;
create index direct_payouts_unchecked on direct_payouts (reference) where trail_count > checkpointed or trail_count = 0;
create index direct_payouts_unpaid on direct_payouts (currency) where outcome is null or outcome not in ('Confirmed', 'WrittenOff');
-- The name that its trail and its checkpoints have: verify pages over it.
create index direct_payouts_by_trail_name on direct_payouts (('direct:' || reference));

create trigger never_removed before delete on direct_payouts for each row execute function refuse_change();
create trigger never_emptied before truncate on direct_payouts for each statement execute function refuse_change();
create trigger never_changed before update of reference, context, pool_id, round_number, winner, amount, currency, reason, ordered_by, ordered_at on direct_payouts
    for each row execute function refuse_change();
