create table facts (id text primary key, text text not null);
create table tallies (correlation_id text primary key, current_state text not null, count integer not null, version integer not null);
