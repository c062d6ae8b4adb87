-- What was resolved can be computed again, and every change of a round is a line of a chain (docs/rounds.md).
alter table rounds drop constraint rounds_state_check;
alter table rounds add constraint rounds_state_check check (state in ('OPEN', 'CLOSED', 'RESOLVED', 'SETTLED', 'CANCELLED'));
alter table rounds add column cancelled_at timestamptz;
alter table rounds add column cancelled_by text;
alter table rounds add column cancel_reason text;
alter table rounds add column trail_count integer not null default 0;
alter table rounds add column trail_head text;
alter table rounds add column checkpointed integer not null default 0;
alter table rounds add constraint rounds_cancelled check ((state = 'CANCELLED') = (cancelled_at is not null and cancelled_by is not null and cancel_reason is not null));
create index rounds_unchecked on rounds (id) where trail_count > checkpointed or trail_count = 0;
create index rounds_unpaid on rounds (currency) where settled_at is null and state in ('RESOLVED', 'CANCELLED');

-- The trail of a round begins with its adoption, entry 1, when it is older than this table.
alter table round_entries add column choice text;
alter table round_entries add column trail_seq integer not null default 1;
alter table round_payouts add column trail_seq integer;
update round_payouts set trail_seq = 1 where outcome is not null;

-- An end of a payout that another one followed.
create table round_former_ends (
    round_id         text collate "C" not null,
    winner           text collate "C" not null,
    outcome          text             not null,
    paid             numeric(39,0)    not null,
    payout_id        uuid,
    transaction_hash text,
    ledger           bigint,
    settled_at       timestamptz,
    trail_seq        integer          not null,
    primary key (round_id, winner, trail_seq)
);

create table round_resolutions (
    round_id       text collate "C" primary key,
    trail_seq      integer not null,
    policy         text    not null,
    policy_version integer not null,
    seed           text,
    draw           text,
    inputs_hash    text    not null,
    outcome        text    not null,
    outcome_hash   text    not null
);

create table round_trail (
    round_id      text collate "C" not null,
    seq           integer          not null check (seq > 0),
    at            timestamptz      not null,
    action        text             not null,
    actor         text             not null,
    reason        text             not null,
    before_values text             not null,
    after_values  text             not null,
    content_hash  text,
    previous_hash text             not null,
    hash          text             not null,
    primary key (round_id, seq)
);

create table trail_checkpoints (
    seq           bigint      primary key check (seq > 0),
    at            timestamptz not null,
    rounds        integer     not null,
    previous_hash text        not null,
    hash          text        not null
);

create table trail_checkpoint_heads (
    checkpoint bigint           not null,
    round_id   text collate "C" not null,
    trail_seq  integer          not null,
    trail_hash text             not null,
    primary key (checkpoint, round_id)
);
create index trail_checkpoint_heads_by_round on trail_checkpoint_heads (round_id);

-- The service only ever adds to these; who owns the tables can still change them, and verify finds it.
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'rows of % are only added, never changed or removed', tg_table_name;
end $$;
create trigger only_added before update or delete on round_trail for each row execute function refuse_change();
create trigger never_emptied before truncate on round_trail for each statement execute function refuse_change();
create trigger only_added before update or delete on round_resolutions for each row execute function refuse_change();
create trigger never_emptied before truncate on round_resolutions for each statement execute function refuse_change();
create trigger only_added before update or delete on trail_checkpoints for each row execute function refuse_change();
create trigger never_emptied before truncate on trail_checkpoints for each statement execute function refuse_change();
create trigger only_added before update or delete on trail_checkpoint_heads for each row execute function refuse_change();
create trigger never_emptied before truncate on trail_checkpoint_heads for each statement execute function refuse_change();
create trigger never_removed before delete on rounds for each row execute function refuse_change();
create trigger never_emptied before truncate on rounds for each statement execute function refuse_change();
create trigger never_changed before update on round_entries for each row execute function refuse_change();
create trigger never_changed before update on round_former_ends for each row execute function refuse_change();
create trigger never_changed before update of round_id, winner, amount on round_payouts for each row execute function refuse_change();

-- Entries and debts end with the retention, after their round.
create function refuse_early_removal() returns trigger language plpgsql as $$
begin
    if exists (select 1 from rounds r where r.id = old.round_id and r.settled_at is null) then
        raise exception 'round % is not settled: its rows of % stay', old.round_id, tg_table_name;
    end if;
    return old;
end $$;
create trigger kept_until_settled before delete on round_entries for each row execute function refuse_early_removal();
create trigger kept_until_settled before delete on round_payouts for each row execute function refuse_early_removal();
create trigger kept_until_settled before delete on round_former_ends for each row execute function refuse_early_removal();
