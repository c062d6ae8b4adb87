-- What the ledger shows, read by this service itself: every PAYOUT event of the contract, every transfer out of the treasury.
create table ledger_movements (
    event_id         text        primary key,
    kind             text        not null,
    transaction_hash text        not null,
    ledger           integer not null,
    closed_at        text not null,
    winner           text        not null,
    amount           text not null,
    currency         text        not null,
    payout_id        text,
    paired           integer not null,
    detail           text
);
create index ledger_movements_payout on ledger_movements (payout_id) where payout_id is not null;
create index ledger_movements_closed on ledger_movements (closed_at, event_id);

-- Where that reading stands, one row, and the ledgers that nobody could read any more.
create table ledger_reading (
    name           text    primary key,
    cursor         text    not null,
    first_ledger   integer not null,
    through_ledger integer not null,
    network_ledger integer not null,
    read_at        text not null,
    version        integer not null
);
create table ledger_gaps (
    from_ledger integer primary key,
    to_ledger   integer not null,
    found_at    text not null
);

create table reconciliation_findings (
    kind        text        not null,
    subject     text        not null,
    payout_id   text,
    round_id    text,
    currency    text,
    owed        text not null,
    paid        text not null,
    detail      text        not null,
    found_at    text not null,
    resolved_at text,
    primary key (kind, subject)
);
create index reconciliation_findings_open on reconciliation_findings (found_at) where resolved_at is null;
create index reconciliation_findings_subject on reconciliation_findings (subject);

create index payouts_planned on payouts (planned_at, payout_id);
