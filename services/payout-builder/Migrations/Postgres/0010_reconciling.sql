-- What the ledger shows, read by this service itself: every PAYOUT event of the contract, every transfer out of the treasury.
create table ledger_movements (
    event_id         text        primary key,
    kind             text        not null,
    transaction_hash text        not null,
    ledger           bigint not null,
    closed_at        timestamptz not null,
    winner           text        not null,
    amount           numeric(39,0) not null,
    currency         text        not null,
    payout_id        uuid,
    paired           boolean not null,
    detail           text
);
create index ledger_movements_payout on ledger_movements (payout_id) where payout_id is not null;
create index ledger_movements_closed on ledger_movements (closed_at, event_id);

-- Where that reading stands, one row, and the ledgers that nobody could read any more.
create table ledger_reading (
    name           text    primary key,
    cursor         text    not null,
    first_ledger   bigint not null,
    through_ledger bigint not null,
    network_ledger bigint not null,
    read_at        timestamptz not null,
    version        integer not null
);
create table ledger_gaps (
    from_ledger bigint primary key,
    to_ledger   bigint not null,
    found_at    timestamptz not null
);

create table reconciliation_findings (
    kind        text        not null,
    subject     text        not null,
    payout_id   uuid,
    round_id    text,
    currency    text,
    owed        numeric(39,0) not null,
    paid        numeric(39,0) not null,
    detail      text        not null,
    found_at    timestamptz not null,
    resolved_at timestamptz,
    primary key (kind, subject)
);
create index reconciliation_findings_open on reconciliation_findings (found_at) where resolved_at is null;
create index reconciliation_findings_subject on reconciliation_findings (subject);

create index payouts_planned on payouts (planned_at, payout_id);
