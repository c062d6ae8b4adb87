-- The authorization form: a request without a slot, of a call that counts until a ledger.
alter table sign_requests add column form text not null default 'Envelope';
alter table sign_requests add column expiration_ledger integer;
