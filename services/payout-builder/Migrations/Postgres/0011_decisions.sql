-- A payout whose slot is being burned may end as written off.
alter table payouts add column write_off_after_burn boolean not null default false;

-- What humans decided: one row a step, never changed.
create table decision_steps (
    decision_id      uuid        not null,
    step             integer     not null,
    payout_id        uuid        not null,
    kind             text        not null,
    status           text        not null,
    by_whom          text        not null,
    reason           text        not null,
    transaction_hash text,
    idempotency_key  text,
    expires_at       timestamptz,
    at               timestamptz not null,
    amount           numeric(39,0) not null,
    currency         text        not null,
    before_state     text        not null,
    before_code      text,
    before_slot      text,
    after_state      text        not null,
    after_code       text,
    after_slot       text,
    detail           text,
    primary key (decision_id, step)
);
create unique index decision_steps_key on decision_steps (idempotency_key) where idempotency_key is not null;
create index decision_steps_payout on decision_steps (payout_id, at);
create index decision_steps_at on decision_steps (at);

create function decision_steps_stay() returns trigger language plpgsql as $$
begin
    raise exception 'a decision is not changed: add a step to it';
end $$;
create trigger decision_steps_stay before update on decision_steps for each row execute function decision_steps_stay();
