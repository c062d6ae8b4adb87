-- The policy's memory: what it decided, what it let go, what people approved and stopped.
alter table sign_requests add column judge_at timestamptz;
create index sign_requests_held on sign_requests (judge_at) where state = 'Held';

create table policy_decisions (
    id             uuid        primary key,
    request_id     uuid        not null,
    payout_id      uuid        not null,
    verdict        text        not null,
    rule           text        not null,
    detail         text        not null,
    policy_version text,
    at             timestamptz not null
);
create index policy_decisions_request on policy_decisions (request_id);
create index policy_decisions_at on policy_decisions (at);

create table policy_minutes (
    currency text          not null,
    minute   timestamptz   not null,
    amount   numeric(39,0) not null,
    primary key (currency, minute)
);
create table policy_rounds (
    round_id text          not null,
    currency text          not null,
    amount   numeric(39,0) not null,
    at       timestamptz   not null,
    primary key (round_id, currency)
);
create table policy_counted (
    payout_id uuid        primary key,
    at        timestamptz not null
);
create table policy_approvals (
    payout_id uuid        not null,
    by_whom   text        not null,
    reason    text        not null,
    at        timestamptz not null,
    primary key (payout_id, by_whom)
);
create table policy_switches (
    id      uuid        primary key,
    subject text        not null,
    stopped boolean     not null,
    by_whom text        not null,
    reason  text        not null,
    at      timestamptz not null
);
create index policy_switches_subject on policy_switches (subject, id);

-- Whoever reads the sums to change them locks this row: two replicas cannot both use up what is left of a limit.
create table policy_lock (id integer primary key);
insert into policy_lock (id) values (1);

create function policy_rows_stay() returns trigger language plpgsql as $$
begin
    raise exception 'what was decided is not changed: add a row';
end $$;
create trigger policy_decisions_stay before update on policy_decisions for each row execute function policy_rows_stay();
create trigger policy_approvals_stay before update on policy_approvals for each row execute function policy_rows_stay();
create trigger policy_switches_stay before update or delete on policy_switches for each row execute function policy_rows_stay();
