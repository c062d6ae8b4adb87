-- A debt may be written off: neither paid nor owed any more.
alter table rounds add column written_off_count integer not null default 0;
alter table rounds add column written_off numeric(39,0) not null default 0;
do $$
declare old record;
begin
    for old in select conrelid::regclass as table_name, conname from pg_constraint
        where contype = 'c' and ((conrelid = 'rounds'::regclass and pg_get_constraintdef(oid) like '%confirmed%')
            or (conrelid = 'round_payouts'::regclass and pg_get_constraintdef(oid) like '%outcome%'))
    loop
        execute format('alter table %s drop constraint %I', old.table_name, old.conname);
    end loop;
end $$;
alter table rounds add constraint rounds_ends check (confirmed >= 0 and written_off_count >= 0 and written_off >= 0 and confirmed + written_off_count <= payouts);
alter table rounds add constraint rounds_settled check (state <> 'SETTLED' or (confirmed + written_off_count = payouts and paid + written_off = owed));
alter table round_payouts add constraint round_payouts_outcome check (outcome in ('Confirmed', 'Failed', 'Cancelled', 'WrittenOff'));
create index rounds_settled_at on rounds (settled_at) where settled_at is not null;
