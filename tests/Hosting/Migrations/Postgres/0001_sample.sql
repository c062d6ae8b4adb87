create table facts (id uuid primary key, text text not null);
create table tallies (correlation_id uuid primary key, current_state text not null, count integer not null, version integer not null);
