-- A transaction may pay several winners of a round: those besides the payout's own, as JSON.
alter table submissions add column others text;
