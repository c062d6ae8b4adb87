create table submissions (
    transaction_hash text          primary key,
    payout_id        uuid          not null,
    attempt          integer       not null,
    channel          text          not null,
    sequence_number  bigint        not null,
    winner           text          not null,
    amount           numeric(39,0) not null,
    currency         text          not null,
    signed_xdr       text          not null,
    valid_until      timestamptz   not null,
    max_ledger       bigint        not null,
    state            text          not null,
    tries            integer       not null,
    last_answer      text,
    send_at          timestamptz,
    check_at         timestamptz,
    polls_after_end  integer       not null,
    announced        boolean       not null,
    created_at       timestamptz   not null,
    accepted_at      timestamptz,
    done_at          timestamptz,
    ledger           bigint
);
create index submissions_send on submissions (send_at) where send_at is not null;
create index submissions_check on submissions (check_at) where check_at is not null;
create index submissions_payout on submissions (payout_id);

-- Where the reading of the ledger's events stands. One row.
create table ledger_cursors (
    name   text primary key,
    cursor text not null,
    version integer not null
);
