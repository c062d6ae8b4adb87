-- The signer's own copy of what is owed: every signature is checked against it, never against what the asking service says.
create table orders (
    payout_id    uuid          primary key,
    context      text          not null,
    pool_id      bigint        not null,
    round_number bigint        not null,
    winner       text          not null,
    amount       numeric(39,0) not null,
    currency     text          not null,
    round_id     text          not null
);

create table sign_requests (
    request_id       uuid        primary key,
    payout_id        uuid        not null,
    attempt          integer     not null,
    transaction_hash text        not null,
    unsigned_xdr     text        not null,
    channel          text        not null,
    sequence_number  bigint      not null,
    valid_until      timestamptz not null,
    deadline         timestamptz not null,
    state            text        not null,
    asked_at         timestamptz not null,
    answered_at      timestamptz,
    decision         text,
    reason           text,
    unique (payout_id, attempt)
);
-- Only the open ones are ever searched for.
create index sign_requests_open on sign_requests (state, asked_at) where state in ('Waiting', 'AwaitingOrder');
