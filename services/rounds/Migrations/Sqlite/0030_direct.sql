-- Payouts outside rounds. The debt's key is the contract's own; keys of rounds are kept apart by the service.
create table direct_payouts (
    reference        text primary key,
    context          text    not null,
    pool_id          integer not null,
    round_number     integer not null,
    winner           text    not null,
    amount           text    not null,
    currency         text    not null,
    reason           text    not null,
    idempotency_key  text unique,
    ordered_by       text,
    ordered_at       text    not null,
    outcome          text check (outcome in ('Confirmed', 'Failed', 'Cancelled', 'WrittenOff')),
    paid             text    not null default '0',
    payout_id        text,
    transaction_hash text,
    ledger           integer,
    settled_at       text,
    unique (context, pool_id, round_number, winner)
);
