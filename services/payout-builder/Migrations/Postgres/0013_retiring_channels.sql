-- A channel that is retired gets no new slot, whatever the settings list; one that the settings do not list gets none either.
alter table channels add column listed boolean not null default true;
alter table channels add column retiring_since timestamptz;
alter table channels add column retired_by text;
alter table channels add column retired_reason text;
-- Taken back into use: no number is leased before the ledger was read at this ledger or a later one.
alter table channels add column read_from_ledger bigint;
