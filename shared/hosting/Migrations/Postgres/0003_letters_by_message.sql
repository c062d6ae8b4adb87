-- A message that is told again is looked for among the letters that wait.
create index dead_letters_message on dead_letters (message_id) where replayed_at is null;
