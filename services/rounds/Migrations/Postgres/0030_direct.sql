-- Payouts outside rounds. The debt's key is the contract's own; keys of rounds are kept apart by the service, under a lock on the key.
create table direct_payouts (
    reference        text collate "C" primary key,
    context          text             not null,
    pool_id          bigint           not null,
    round_number     bigint           not null,
    winner           text collate "C" not null,
    amount           numeric(39,0)    not null check (amount > 0),
    currency         text             not null,
    reason           text             not null,
    idempotency_key  text unique,
    ordered_by       text,
    ordered_at       timestamptz      not null,
    outcome          text check (outcome in ('Confirmed', 'Failed', 'Cancelled', 'WrittenOff')),
    paid             numeric(39,0)    not null default 0,
    payout_id        uuid,
    transaction_hash text,
    ledger           bigint,
    settled_at       timestamptz,
    unique (context, pool_id, round_number, winner)
);
