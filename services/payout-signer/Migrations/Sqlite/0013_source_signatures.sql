-- Several keys may sign for the payout source account: what was gathered until the threshold is reached, who said no, and whose signatures the envelope got.
alter table sign_requests add column answer_count integer not null default 0;
alter table sign_requests add column signed_by text;

create table source_signatures (
    transaction_hash text        not null,
    public_key       text        not null,
    signature        blob        not null,
    request_id       text        not null,
    message_id       text,
    at               text not null,
    primary key (transaction_hash, public_key)
);
create index source_signatures_at on source_signatures (at);

create table source_rejections (
    request_id text        not null,
    public_key text        not null,
    reason     text        not null,
    at         text not null,
    primary key (request_id, public_key)
);
create index source_rejections_at on source_rejections (at);
