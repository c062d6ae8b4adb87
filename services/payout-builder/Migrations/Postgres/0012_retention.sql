-- What is forgotten is found by its age.
create index payout_transitions_at on payout_transitions (at);
create index reconciliation_findings_resolved on reconciliation_findings (resolved_at) where resolved_at is not null;
