-- Requests over HTTP that were taken, and how they were answered (docs/rounds.md).
create table idempotency_keys (
    caller          text    not null,
    idempotency_key text    not null,
    request_hash    text    not null,
    status          integer not null,
    answer          text    not null,
    at              text    not null,
    primary key (caller, idempotency_key)
) without rowid;
create index idempotency_keys_at on idempotency_keys (at);

-- The list of rounds is read page by page in this order.
create index rounds_by_opening on rounds (opened_at desc, id);
