-- Several envelopes of one channel may be open; the one on the next number is looked for when one is done.
create index submissions_open_slots on submissions (channel, sequence_number) where state <> 'Done';
