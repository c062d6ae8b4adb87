-- A debt may be written off: neither paid nor owed any more. SQLite cannot change a check: the table's text is changed, and read again.
alter table rounds add column written_off_count integer not null default 0;
alter table rounds add column written_off text not null default '0';
pragma writable_schema = on;
-- Sums of text are the service's to check.
update sqlite_master set sql = replace(sql, 'confirmed = payouts and paid = owed', 'confirmed + written_off_count = payouts and (written_off_count > 0 or paid = owed)') where type = 'table' and name = 'rounds';
update sqlite_master set sql = replace(sql, '''Failed'', ''Cancelled'')', '''Failed'', ''Cancelled'', ''WrittenOff'')') where type = 'table' and name = 'round_payouts';
-- Another change of the schema, so that every connection reads it again.
create index rounds_settled_at on rounds (settled_at) where settled_at is not null;
pragma writable_schema = reset;
