-- Texts that are sorted or paged compare by bytes, as this service's code does.
create table rounds (
    id             text collate "C" primary key,
    state          text          not null check (state in ('OPEN', 'CLOSED', 'RESOLVED', 'SETTLED')),
    context        text          not null,
    pool_id        bigint        not null,
    round_number   bigint        not null,
    currency       text          not null,
    entries        integer       not null,
    stakes         numeric(39,0) not null check (stakes >= 0),
    house_yield    numeric(39,0) not null check (house_yield >= 0),
    policy         text,
    policy_version integer,
    outcome        text,
    draw_digest    text,
    owed           numeric(39,0) not null check (owed between 0 and stakes + house_yield),
    payouts        integer       not null,
    confirmed      integer       not null check (confirmed between 0 and payouts),
    paid           numeric(39,0) not null,
    opened_at      timestamptz   not null,
    closed_at      timestamptz,
    resolved_at    timestamptz,
    settled_at     timestamptz,
    unique (context, pool_id, round_number),
    check (state <> 'SETTLED' or (confirmed = payouts and paid = owed))
);
create index rounds_by_state on rounds (state, opened_at);

create table round_entries (
    round_id text collate "C" not null references rounds,
    player   text collate "C" not null,
    stake    numeric(39,0)    not null check (stake >= 0),
    primary key (round_id, player)
);

create table round_payouts (
    round_id         text collate "C" not null references rounds,
    winner           text collate "C" not null,
    amount           numeric(39,0)    not null check (amount > 0),
    outcome          text check (outcome in ('Confirmed', 'Failed', 'Cancelled')),
    paid             numeric(39,0)    not null default 0,
    payout_id        uuid,
    transaction_hash text,
    ledger           bigint,
    settled_at       timestamptz,
    primary key (round_id, winner)
);

-- Events that came before what they need.
create table parked_events (
    id          uuid             primary key,
    round_id    text collate "C" not null,
    kind        text             not null,
    digest      text             not null,
    message_id  uuid             not null,
    body        bytea            not null,
    received_at timestamptz      not null,
    unique (round_id, kind, digest)
);
create index parked_events_by_age on parked_events (received_at);
