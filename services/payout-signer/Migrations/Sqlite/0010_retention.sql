-- An order is forgotten by its age, when no request for it is left. Those that are there count from now.
alter table orders add column kept_at text;
update orders set kept_at = strftime('%Y-%m-%d %H:%M:%f', 'now');
create index orders_kept on orders (kept_at);
create index sign_requests_asked on sign_requests (asked_at) where state not in ('Waiting', 'AwaitingOrder');
