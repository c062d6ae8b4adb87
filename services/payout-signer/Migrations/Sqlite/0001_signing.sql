-- The signer's own copy of what is owed: every signature is checked against it, never against what the asking service says.
create table orders (
    payout_id    text    primary key,
    context      text    not null,
    pool_id      integer not null,
    round_number integer not null,
    winner       text    not null,
    amount       text    not null,
    currency     text    not null,
    round_id     text    not null
);

create table sign_requests (
    request_id       text    primary key,
    payout_id        text    not null,
    attempt          integer not null,
    transaction_hash text    not null,
    unsigned_xdr     text    not null,
    channel          text    not null,
    sequence_number  integer not null,
    valid_until      text    not null,
    deadline         text    not null,
    state            text    not null,
    asked_at         text    not null,
    answered_at      text,
    decision         text,
    reason           text,
    unique (payout_id, attempt)
);
-- Only the open ones are ever searched for.
create index sign_requests_open on sign_requests (state, asked_at) where state in ('Waiting', 'AwaitingOrder');
