-- A slot whose envelope may be signed is freed by burning it: a transaction that does nothing takes its sequence number.
alter table payouts add column envelopes text not null default '';
alter table payouts add column burn_until text;
alter table payouts add column cancel_after_burn integer not null default 0;
