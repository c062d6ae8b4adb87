-- What is forgotten is found by its age.
create index submissions_done on submissions (done_at) where state = 'Done';
create index fee_bumps_created on fee_bumps (created_at);
