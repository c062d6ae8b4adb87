create table payouts (
    payout_id        text          primary key,
    current_state    text          not null,
    version          integer       not null,
    round_id         text          not null,
    context          text          not null,
    pool_id          integer        not null,
    round_number     integer        not null,
    winner           text          not null,
    amount           text not null,
    currency         text          not null,
    attempt          integer       not null,
    network_failures integer       not null,
    channel          text,
    sequence_number  integer,
    exposed          integer       not null,
    transaction_hash text,
    fee_stroops      integer,
    valid_until      text,
    max_ledger       integer,
    wake_at          text,
    ledger           integer,
    hold_stage       text,
    hold_code        text,
    hold_detail      text,
    planned_at       text   not null,
    entered_state_at text   not null
);
-- Law: one payout owns one slot. The database refuses a second owner.
create unique index payouts_slot on payouts (channel, sequence_number) where channel is not null;
create index payouts_round on payouts (round_id, winner);
create index payouts_waiting_for_slot on payouts (planned_at) where current_state = 'Building' and channel is null;
create index payouts_timer on payouts (wake_at) where wake_at is not null;
create index payouts_state on payouts (current_state, entered_state_at) where current_state not in ('Confirmed', 'Cancelled');

create table payout_transitions (
    payout_id        text        not null,
    number           integer     not null,
    from_state       text        not null,
    to_state         text        not null,
    event            text        not null,
    attempt          integer     not null,
    transaction_hash text,
    detail           text,
    at               text not null,
    primary key (payout_id, number)
);

create table channels (
    account         text        primary key,
    next_sequence   integer,
    leased_to       uuid,
    leased_sequence integer,
    last_used_at    text not null
);
