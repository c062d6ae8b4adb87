-- What every service needs to handle each message once and to lose none that it sends.
create table inbox (
    consumer    text not null,
    message_id  text not null,
    received_at text not null,
    primary key (consumer, message_id)
);
create index inbox_received_at on inbox (received_at);

create table outbox (
    id           integer primary key autoincrement,
    message_id   text not null,
    message_type text not null,
    body         blob not null,
    created_at   text not null,
    due_at       text not null
);

create table dead_letters (
    id           text primary key,
    queue        text not null,
    message_id   text,
    message_type text,
    body         blob not null,
    reason       text not null,
    detail       text not null,
    died_at      text not null,
    replayed_at  text
);
create index dead_letters_open on dead_letters (died_at) where replayed_at is null;
