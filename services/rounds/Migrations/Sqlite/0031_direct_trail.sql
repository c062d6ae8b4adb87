-- Payouts outside rounds have a trail as rounds have; their requests' keys are kept with all others (idempotency_keys).
-- SQLite drops no unique column: the rows move to a table without it.
alter table direct_payouts rename to direct_payouts_old;
create table direct_payouts (
    reference        text primary key,
    context          text    not null,
    pool_id          integer not null,
    round_number     integer not null,
    winner           text    not null,
    amount           text    not null,
    currency         text    not null,
    reason           text    not null,
    ordered_by       text,
    ordered_at       text    not null,
    outcome          text check (outcome in ('Confirmed', 'Failed', 'Cancelled', 'WrittenOff')),
    paid             text    not null default '0',
    payout_id        text,
    transaction_hash text,
    ledger           integer,
    settled_at       text,
    trail_count      integer not null default 0,
    trail_head       text,
    checkpointed     integer not null default 0,
    unique (context, pool_id, round_number, winner)
);
insert into direct_payouts (reference, context, pool_id, round_number, winner, amount, currency, reason, ordered_by, ordered_at, outcome, paid, payout_id, transaction_hash, ledger, settled_at)
    select reference, context, pool_id, round_number, winner, amount, currency, reason, ordered_by, ordered_at, outcome, paid, payout_id, transaction_hash, ledger, settled_at from direct_payouts_old;
drop table direct_payouts_old;
create index direct_payouts_unchecked on direct_payouts (reference) where trail_count > checkpointed or trail_count = 0;
create index direct_payouts_unpaid on direct_payouts (currency) where outcome is null or outcome not in ('Confirmed', 'WrittenOff');
-- The name that its trail and its checkpoints have: verify pages over it.
create index direct_payouts_by_trail_name on direct_payouts (('direct:' || reference));

create trigger direct_payouts_no_delete before delete on direct_payouts begin select raise(abort, 'rows of direct_payouts are never removed'); end;
create trigger direct_payouts_no_update before update of reference, context, pool_id, round_number, winner, amount, currency, reason, ordered_by, ordered_at on direct_payouts begin select raise(abort, 'what was ordered is never changed'); end;
