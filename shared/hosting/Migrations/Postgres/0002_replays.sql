-- A replayed letter goes to its own queue and to nobody else, and says who wanted it.
alter table outbox add column queue text;
alter table dead_letters add column replayed_by text;
