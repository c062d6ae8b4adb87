-- A slot whose envelope may be signed is freed by burning it: a transaction that does nothing takes its sequence number.
alter table payouts add column envelopes text not null default '';
alter table payouts add column burn_until timestamptz;
alter table payouts add column cancel_after_burn boolean not null default false;
