-- What every service needs to handle each message once and to lose none that it sends.
create table inbox (
    consumer    text        not null,
    message_id  uuid        not null,
    received_at timestamptz not null,
    primary key (consumer, message_id)
);
create index inbox_received_at on inbox (received_at);

create table outbox (
    id           bigint generated always as identity primary key,
    message_id   uuid        not null,
    message_type text        not null,
    body         bytea       not null,
    created_at   timestamptz not null,
    due_at       timestamptz not null
);

create table dead_letters (
    id           uuid        primary key,
    queue        text        not null,
    message_id   uuid,
    message_type text,
    body         bytea       not null,
    reason       text        not null,
    detail       text        not null,
    died_at      timestamptz not null,
    replayed_at  timestamptz
);
create index dead_letters_open on dead_letters (died_at) where replayed_at is null;
