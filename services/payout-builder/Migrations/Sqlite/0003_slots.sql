-- A lane may hold several slots: the ledger takes them in order. A slot without a payout was given back unseen and waits for the next one.
create table slots (
    channel         text        not null,
    sequence_number integer not null,
    payout_id       uuid,
    leased_at       text not null,
    burn_asked_at   text,
    primary key (channel, sequence_number)
);
-- Law: one payout owns one slot.
create unique index slots_payout on slots (payout_id) where payout_id is not null;
create index slots_free on slots (channel, sequence_number) where payout_id is null;

insert into slots (channel, sequence_number, payout_id, leased_at)
select account, leased_sequence, leased_to, last_used_at from channels where leased_to is not null;

alter table channels add column open_slots integer not null default 0 check (open_slots >= 0);
alter table channels add column rests_until text;
update channels set open_slots = 1 where leased_to is not null;
alter table channels drop column leased_to;
alter table channels drop column leased_sequence;
