-- A payout that waits for the ledger's word asks for it itself after a while. Those that wait already, in a backup too, begin at their envelope's end.
update payouts set wake_at = valid_until where current_state in ('Submitting', 'AwaitingConfirmation') and wake_at is null;
