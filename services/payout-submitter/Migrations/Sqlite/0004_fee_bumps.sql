-- A fee bump pays more for the same envelope; the ledger records the transaction under the fee bump's hash.
create table fee_bumps (
    bump_hash        text    primary key,
    transaction_hash text    not null,
    fee_stroops      integer not null,
    created_at       text    not null
);
create index fee_bumps_submission on fee_bumps (transaction_hash);
alter table submissions add column bump_xdr text;
alter table submissions add column bump_hash text;
alter table submissions add column bump_fee_stroops integer;
alter table submissions add column bumps integer not null default 0;
alter table submissions add column bump_asked_at text;
alter table submissions add column accepted_ledger integer;
