-- Envelopes that pay nothing and only consume a slot, and the payments that may have come first.
alter table submissions add column kind text not null default 'Payment';
alter table submissions add column rivals text not null default '';
