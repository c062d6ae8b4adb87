-- SQLite has no integer wider than 64 bits: money is text, its bounds are checked by the service alone.
create table rounds (
    id             text primary key,
    state          text    not null check (state in ('OPEN', 'CLOSED', 'RESOLVED', 'SETTLED')),
    context        text    not null,
    pool_id        integer not null,
    round_number   integer not null,
    currency       text    not null,
    entries        integer not null,
    stakes         text    not null,
    house_yield    text    not null,
    policy         text,
    policy_version integer,
    outcome        text,
    draw_digest    text,
    owed           text    not null,
    payouts        integer not null,
    confirmed      integer not null check (confirmed between 0 and payouts),
    paid           text    not null,
    opened_at      text    not null,
    closed_at      text,
    resolved_at    text,
    settled_at     text,
    unique (context, pool_id, round_number),
    check (state <> 'SETTLED' or (confirmed = payouts and paid = owed))
);
create index rounds_by_state on rounds (state, opened_at);

create table round_entries (
    round_id text not null references rounds,
    player   text not null,
    stake    text not null,
    primary key (round_id, player)
) without rowid;

create table round_payouts (
    round_id         text not null references rounds,
    winner           text not null,
    amount           text not null,
    outcome          text check (outcome in ('Confirmed', 'Failed', 'Cancelled')),
    paid             text not null default '0',
    payout_id        text,
    transaction_hash text,
    ledger           integer,
    settled_at       text,
    primary key (round_id, winner)
) without rowid;

-- Events that came before what they need.
create table parked_events (
    id          text primary key,
    round_id    text not null,
    kind        text not null,
    digest      text not null,
    message_id  text not null,
    body        blob not null,
    received_at text not null,
    unique (round_id, kind, digest)
);
create index parked_events_by_age on parked_events (received_at);
