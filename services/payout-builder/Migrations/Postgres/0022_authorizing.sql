-- The authorization form: what was asked for, what came, and until which ledger one may be brought to the ledger by whoever saw it.
alter table payouts add column authorized_until bigint;
alter table payouts add column authorization_valid_until timestamptz;
alter table payouts add column authorization_hash text;
alter table payouts add column authorization_xdr text;
alter table payouts add column authorization_asks integer not null default 0;
alter table payouts add column authorizations integer not null default 0;
create index payouts_to_authorize on payouts (planned_at) where current_state = 'Authorizing' and authorization_hash is null;
