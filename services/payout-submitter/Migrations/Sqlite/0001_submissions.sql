create table submissions (
    transaction_hash text          primary key,
    payout_id        text          not null,
    attempt          integer       not null,
    channel          text          not null,
    sequence_number  integer        not null,
    winner           text          not null,
    amount           text not null,
    currency         text          not null,
    signed_xdr       text          not null,
    valid_until      text   not null,
    max_ledger       integer        not null,
    state            text          not null,
    tries            integer       not null,
    last_answer      text,
    send_at          text,
    check_at         text,
    polls_after_end  integer       not null,
    announced        integer       not null,
    created_at       text   not null,
    accepted_at      text,
    done_at          text,
    ledger           integer
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
