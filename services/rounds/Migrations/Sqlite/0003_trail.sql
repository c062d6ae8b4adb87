-- What was resolved can be computed again, and every change of a round is a line of a chain (docs/rounds.md).
alter table rounds add column cancelled_at text;
alter table rounds add column cancelled_by text;
alter table rounds add column cancel_reason text;
alter table rounds add column trail_count integer not null default 0;
alter table rounds add column trail_head text;
alter table rounds add column checkpointed integer not null default 0;

-- The trail of a round begins with its adoption, entry 1, when it is older than this table.
alter table round_entries add column choice text;
alter table round_entries add column trail_seq integer not null default 1;
alter table round_payouts add column trail_seq integer;
update round_payouts set trail_seq = 1 where outcome is not null;

-- SQLite cannot change a check: the table's text is changed, and read again.
pragma writable_schema = on;
update sqlite_master set sql = replace(sql, '''RESOLVED'', ''SETTLED'')', '''RESOLVED'', ''SETTLED'', ''CANCELLED'')') where type = 'table' and name = 'rounds';
-- Another change of the schema, so that every connection reads it again.
create index rounds_unchecked on rounds (id) where trail_count > checkpointed or trail_count = 0;
pragma writable_schema = reset;
create index rounds_unpaid on rounds (currency) where settled_at is null and state in ('RESOLVED', 'CANCELLED');

-- An end of a payout that another one followed.
create table round_former_ends (
    round_id         text    not null,
    winner           text    not null,
    outcome          text    not null,
    paid             text    not null,
    payout_id        text,
    transaction_hash text,
    ledger           integer,
    settled_at       text,
    trail_seq        integer not null,
    primary key (round_id, winner, trail_seq)
) without rowid;

create table round_resolutions (
    round_id       text    primary key,
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
    round_id      text    not null,
    seq           integer not null check (seq > 0),
    at            text    not null,
    action        text    not null,
    actor         text    not null,
    reason        text    not null,
    before_values text    not null,
    after_values  text    not null,
    content_hash  text,
    previous_hash text    not null,
    hash          text    not null,
    primary key (round_id, seq)
) without rowid;

create table trail_checkpoints (
    seq           integer primary key check (seq > 0),
    at            text    not null,
    rounds        integer not null,
    previous_hash text    not null,
    hash          text    not null
);

create table trail_checkpoint_heads (
    checkpoint integer not null,
    round_id   text    not null,
    trail_seq  integer not null,
    trail_hash text    not null,
    primary key (checkpoint, round_id)
) without rowid;
create index trail_checkpoint_heads_by_round on trail_checkpoint_heads (round_id);

-- The service only ever adds to these; who owns the file can still change them, and verify finds it.
create trigger round_trail_no_update before update on round_trail begin select raise(abort, 'rows of round_trail are only added, never changed or removed'); end;
create trigger round_trail_no_delete before delete on round_trail begin select raise(abort, 'rows of round_trail are only added, never changed or removed'); end;
create trigger round_resolutions_no_update before update on round_resolutions begin select raise(abort, 'rows of round_resolutions are only added, never changed or removed'); end;
create trigger round_resolutions_no_delete before delete on round_resolutions begin select raise(abort, 'rows of round_resolutions are only added, never changed or removed'); end;
create trigger trail_checkpoints_no_update before update on trail_checkpoints begin select raise(abort, 'rows of trail_checkpoints are only added, never changed or removed'); end;
create trigger trail_checkpoints_no_delete before delete on trail_checkpoints begin select raise(abort, 'rows of trail_checkpoints are only added, never changed or removed'); end;
create trigger trail_checkpoint_heads_no_update before update on trail_checkpoint_heads begin select raise(abort, 'rows of trail_checkpoint_heads are only added, never changed or removed'); end;
create trigger trail_checkpoint_heads_no_delete before delete on trail_checkpoint_heads begin select raise(abort, 'rows of trail_checkpoint_heads are only added, never changed or removed'); end;
create trigger rounds_no_delete before delete on rounds begin select raise(abort, 'rows of rounds are never removed'); end;
create trigger round_entries_no_update before update on round_entries begin select raise(abort, 'rows of round_entries are never changed'); end;
create trigger round_former_ends_no_update before update on round_former_ends begin select raise(abort, 'rows of round_former_ends are never changed'); end;
create trigger round_payouts_no_update before update of round_id, winner, amount on round_payouts begin select raise(abort, 'what is owed is never changed'); end;

-- Entries and debts end with the retention, after their round.
create trigger round_entries_kept before delete on round_entries when exists (select 1 from rounds r where r.id = old.round_id and r.settled_at is null) begin select raise(abort, 'the round is not settled: its rows of round_entries stay'); end;
create trigger round_payouts_kept before delete on round_payouts when exists (select 1 from rounds r where r.id = old.round_id and r.settled_at is null) begin select raise(abort, 'the round is not settled: its rows of round_payouts stay'); end;
create trigger round_former_ends_kept before delete on round_former_ends when exists (select 1 from rounds r where r.id = old.round_id and r.settled_at is null) begin select raise(abort, 'the round is not settled: its rows of round_former_ends stay'); end;
