-- A slot that cannot be burned is given back when its envelopes are proven dead: for that the latest end of all of them must be known.
alter table payouts add column exposed_until timestamptz;
alter table payouts add column exposed_max_ledger bigint;
alter table payouts add column slot_watched boolean not null default false;
-- Of what was handed out before, the row knows the last envelope's end. No validity is longer than seven days, so no earlier one ends later than this;
-- the ledger bound is out of reach, so that only the time counts.
update payouts set exposed_until = case when envelopes like '% %' then valid_until + interval '7 days' else valid_until end, exposed_max_ledger = 4294967295
where exposed and envelopes <> '';
