-- Orders outside rounds: who ordered it, so that he does not approve it himself, and why, for those who do.
alter table orders add column ordered_by text;
alter table orders add column reason text;
