-- Webhooks: one row for each event and endpoint, written with what the event tells (docs/adr/0032).
create table webhook_deliveries (
    id            integer primary key autoincrement,
    endpoint      text    not null,
    message_id    text    not null,
    event         text    not null,
    round_id      text    not null,
    body          blob    not null,
    created_at    text    not null,
    state         text    not null check (state in ('Waiting', 'Delivered', 'Failed')),
    tries         integer not null,
    due_at        text    not null,
    lease         text,
    last_outcome  text,
    last_detail   text,
    last_tried_at text,
    ended_at      text,
    replayed_at   text,
    replayed_by   text
);
-- What is due, and what is before it in its round.
create index webhook_deliveries_due on webhook_deliveries (endpoint, due_at, id) where state = 'Waiting';
create index webhook_deliveries_order on webhook_deliveries (endpoint, round_id, id) where state = 'Waiting';
create index webhook_deliveries_failed on webhook_deliveries (endpoint, id) where state = 'Failed';
create index webhook_deliveries_round on webhook_deliveries (round_id, id);
create index webhook_deliveries_ended on webhook_deliveries (ended_at);
