using System.Globalization;
using Payouts.Contracts;
using Payouts.Devnet.History;
using Payouts.Rounds.Verifying;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;
using Payouts.Tests.Simulation.Chance;
using Payouts.Tests.Simulation.Parties;

namespace Payouts.Tests.Simulation.Judging;

/// <summary>What must hold once the faults are over and the services had their time.</summary>
internal sealed class FinalJudge(LocalNetwork network, Database database, Scenario scenario, Tally tally)
{
    /// <summary>Null when everything has come to its end; otherwise what is still under way.</summary>
    public string? Unfinished()
    {
        var payouts = PayoutRow.All(database);
        if (payouts.Count < network.Debts.All.Count)
            return $"{payouts.Count} of {network.Debts.All.Count} payouts are planned";
        if (payouts.FirstOrDefault(x => !x.HasEnded && !WaitsForAHuman(x, payouts)) is { } open)
            return $"payout {open.Id.Value} is {open.State}, attempt {open.Attempt}, slot {open.Channel}/{open.Sequence}";
        if (payouts.FirstOrDefault(x => x.EndsItsSlot) is { } ending)
            return $"payout {ending.Id.Value} is {ending.State} and its slot {ending.Channel}/{ending.Sequence} burns or is watched";
        foreach (var service in Database.All)
        {
            if (database.Count(service, "select count(*) from outbox") is > 0 and var left)
                return $"{left} messages are in the outbox of {service}";
        }

        return database.Count(Database.Submitter, "select count(*) from submissions where state <> 'Done'") is > 0 and var watched
            ? $"{watched} submissions have no outcome"
            : null;
    }

    /// <summary>Behind one on hold: a winner of a prize, which goes to the whole round or to nobody.</summary>
    private bool WaitsForAHuman(PayoutRow payout, IReadOnlyList<PayoutRow> payouts) => payout is { State: "Building", Channel: null }
        && scenario.Shape == PayoutShape.Prize && payouts.Any(x => x.RoundId == payout.RoundId && x.State is "OnHold" or "Failed");

    /// <exception cref="LawBrokenException">Names the law and the facts.</exception>
    public void Judge()
    {
        var payouts = PayoutRow.All(database).ToDictionary(x => x.Id);
        foreach (var payout in payouts.Values)
        {
            tally.Add("payout", payout.State);
            if (payout.State == "Confirmed" && network.PaidByHand.Contains(payout.Id))
                tally.Add("evidence", "PaidByHand");
            if (payout.State == "Confirmed" && network.Brought.Contains(payout.Id))
                tally.Add("evidence", "Brought");
            if (payout.State == "OnHold")
            {
                tally.Add("hold", payout.HoldCode!);
                if (!Explains(Enum.Parse<FailureCode>(payout.HoldCode!)))
                    throw new LawBrokenException($"payout {payout.Id.Value} is OnHold for {payout.HoldCode} ({payout.HoldDetail}), which nothing in this run explains");
            }
        }

        foreach (var round in network.Debts.Rounds)
            JudgeRound(round, payouts);
        foreach (var debt in network.Debts.OutsideRounds)
            JudgeDirect(debt, payouts[debt.PayoutId]);
        JudgeLanes(payouts);
        tally.Add("restore", "Applied", network.Chain.Read(c => c.History.All.SelectMany(x => x.Transactions).Count(IsRestore)));
        tally.Add("restore", "ThenPaid", database.Count(Database.Builder, "select count(*) from payouts where restores > 0 and current_state = 'Confirmed'"));
        tally.Add("fee", "Bump", database.Count(Database.Submitter, "select count(*) from fee_bumps"));
    }

    private static bool IsRestore(TransactionRecord transaction) => transaction.Succeeded && XdrCodec.FromBytes<TransactionEnvelope>(transaction.EnvelopeXdr) switch
    {
        TransactionEnvelope.Tx own => own.Value.Tx.Operations[0].Body is OperationBody.RestoreFootprint,
        TransactionEnvelope.TxFeeBump { Value.Tx.InnerTx: FeeBumpTransactionInnerTx.Tx inner } => inner.Value.Tx.Operations[0].Body is OperationBody.RestoreFootprint,
        _ => false,
    };

    /// <summary>Paid + on hold + failed + cancelled = owed; the round settles exactly when all of it is paid.</summary>
    private void JudgeRound(IGrouping<string, Debt> round, Dictionary<PayoutId, PayoutRow> payouts)
    {
        var owed = round.Aggregate(Stroops.Zero, (sum, debt) => sum + debt.Amount);
        var paid = round.Where(x => payouts[x.PayoutId].State == "Confirmed").Aggregate(Stroops.Zero, (sum, debt) => sum + debt.Amount);
        var unpaid = round.Where(x => payouts[x.PayoutId].State != "Confirmed").Aggregate(Stroops.Zero, (sum, debt) => sum + debt.Amount);
        if (paid + unpaid != owed)
            throw new LawBrokenException($"{round.Key} owes {owed}; paid are {paid} and not paid {unpaid}");
        // What the admin paid by hand is the services' only once they have seen it.
        var onLedger = round.Where(x => payouts[x.PayoutId].State is "Confirmed" or "OnHold" || !network.PaidByHand.Contains(x.PayoutId)).Aggregate((Int128)0, (sum, debt) => sum + network.PaidTo(debt));
        var held = round.Where(x => payouts[x.PayoutId].State == "OnHold").Aggregate((Int128)0, (sum, debt) => sum + network.PaidTo(debt));
        if (onLedger - held != paid.Value)
            throw new LawBrokenException($"{round.Key}: the ledger paid {onLedger} stroops, {held} of them to payouts on hold, and the services say {paid.Value}");
        var (state, told, settledAt) = database.Read(Database.Rounds, $"select state, paid, settled_at from rounds where id = '{round.Key}'", row => (row.GetString(0), row.GetString(1), row.Text(2)))[0];
        tally.Add("round", state);
        var allPaid = round.All(x => payouts[x.PayoutId].State is "Confirmed" or "WrittenOff");
        if (state != (state == "CANCELLED" ? "CANCELLED" : allPaid ? "SETTLED" : "RESOLVED") || settledAt is not null != allPaid)
            throw new LawBrokenException($"{round.Key} is {state}, settled {settledAt ?? "never"}, and {(allPaid ? "all" : "not all")} of its payouts are confirmed or written off");
        if (Int128.Parse(told, CultureInfo.InvariantCulture) != paid.Value)
            throw new LawBrokenException($"{round.Key} says that {told} stroops are paid, payout-builder says {paid.Value}");
        var ends = database.Read(Database.Rounds, $"select winner, outcome from round_payouts where round_id = '{round.Key}'", row => (Winner: row.GetString(0), Outcome: row.Text(1)));
        foreach (var debt in round)
        {
            var outcome = ends.Single(x => x.Winner == debt.Winner).Outcome;
            var payout = payouts[debt.PayoutId];
            if (payout.HasEnded && payout.State != "OnHold" && outcome != payout.State)
                throw new LawBrokenException($"payout {payout.Id.Value} ended {payout.State}, and {round.Key} knows {outcome ?? "nothing"} of it");
        }
    }

    /// <summary>What no round owes: rounds knows of it what payout-builder does, and of what is paid what the ledger does.</summary>
    private void JudgeDirect(Debt debt, PayoutRow payout)
    {
        tally.Add("direct", payout.State);
        var rows = database.Read(Database.Rounds, $"select amount, paid, outcome from direct_payouts where reference = '{debt.Reference}'", row => (Amount: row.GetString(0), Paid: row.GetString(1), Outcome: row.Text(2)));
        if (rows.Count != 1)
            throw new LawBrokenException($"{debt.RoundId} was asked for, and rounds has {rows.Count} rows of it");
        var (amount, paid, outcome) = (Int128.Parse(rows[0].Amount, CultureInfo.InvariantCulture), Int128.Parse(rows[0].Paid, CultureInfo.InvariantCulture), rows[0].Outcome);
        if (amount != debt.Amount.Value)
            throw new LawBrokenException($"{debt.RoundId} was asked for with {debt.Amount.Value} stroops, and rounds has {amount}");
        if (paid != (payout.State == "Confirmed" ? debt.Amount.Value : 0))
            throw new LawBrokenException($"{debt.RoundId} is {payout.State}, and rounds says that {paid} stroops are paid");
        if (paid != 0 && network.PaidTo(debt) != paid)
            throw new LawBrokenException($"{debt.RoundId}: rounds says that {paid} stroops are paid, and the ledger paid {network.PaidTo(debt)}");
        if (payout.HasEnded && payout.State != "OnHold" && outcome != payout.State)
            throw new LawBrokenException($"{debt.RoundId} ended {payout.State}, and rounds knows {outcome ?? "nothing"} of it");
    }

    /// <summary>Nothing that rounds stored is other than it was written, and all of it was decided again with the same outcome.</summary>
    public void Judge(VerifyReport report)
    {
        if (!report.Holds)
            throw new LawBrokenException($"what rounds stored is not as it was written: {string.Join("; ", report.Findings.Select(x => $"{x.Place}: {x.What}"))}");
        var rounds = network.Debts.Rounds.Count();
        if ((report.Rounds, report.Recomputed, report.Forgotten) != (rounds, rounds, 0))
            throw new LawBrokenException($"of {rounds} rounds {report.Rounds} were verified, {report.Recomputed} resolved again and {report.Forgotten} forgotten");
        if (database.Count(Database.Rounds, "select count(*) from rounds where checkpointed <> trail_count") is > 0 and var bare)
            throw new LawBrokenException($"{bare} rounds have a trail that no checkpoint holds to its end");
        tally.Add("verified", "Rounds", report.Rounds);
        tally.Add("verified", "Checkpoints", report.Checkpoints);
    }

    /// <summary>Everything has ended or waits for a human: nobody holds a lane, with a channel account or without.</summary>
    private void JudgeLanes(Dictionary<PayoutId, PayoutRow> payouts)
    {
        var slots = database.Read(
            Database.Builder, "select channel, payout_id, sequence_number, burn_asked_at from slots order by channel, sequence_number", row => (Channel: row.GetString(0), Holder: row.Text(1), Sequence: row.GetInt64(2), BurnAsked: row.Text(3)));
        foreach (var (channel, holder, sequence, burnAsked) in slots)
        {
            // A number that was given back is the next payout's, or is burned when somebody waits behind it.
            if (holder is null && scenario.LaneDepth > 1 && !slots.Any(x => x.Channel == channel && x.Holder is not null && x.Sequence > sequence))
                continue;
            var payout = holder is null ? null : payouts[new PayoutId(Guid.Parse(holder))];
            throw new LawBrokenException($"lane {channel} is held at {sequence} by {(payout is null ? $"nobody (the ledger is at {network.Ledger.SequenceNumber(Stellar.AccountId.Parse(channel))}, its burning was asked for {burnAsked ?? "never"})" : $"payout {payout.Id.Value}, which is {payout.State} with slot {payout.Channel}/{payout.Sequence}")}: it stands still for ever");
        }
    }

    private bool Explains(FailureCode code) => code switch
    {
        FailureCode.SignerRejected => Happened("signer", nameof(SignerMood.Rejects)) || Happened("signer", nameof(SignerMood.RejectsAndSigns)),
        FailureCode.SignerTimeout => tally.All("signer").Any(x => x.What != nameof(SignerMood.Right)) || Happened("time", "Jump") || Happened("fault", "DelayedMessage"),
        FailureCode.SimulationFailed or FailureCode.ContractRefused => scenario.PoorTreasury || network.Debts.All.Any(x => x.IsHomeless),
        FailureCode.FeeAboveCap => Happened("fault", "FeeSurge"),
        FailureCode.EntryArchived => Happened("fault", "RestorePreamble"),
        FailureCode.OrderUnknown => Happened("time", "Jump"),
        FailureCode.SlotConsumedElsewhere => Happened("fault", "StrangerOnChannel") || Happened("fault", "ExpiredRetention") || network.PaidByHand.Count > 0,
        FailureCode.OutcomeUnknown => Happened("fault", "LaggingNode") || Happened("fault", "ExpiredRetention"),
        FailureCode.AttemptsExhausted => tally.Sum("fault") > 0 || Happened("time", "Jump"),
        // What would have failed, if nobody could bring its authorization to the ledger any more.
        FailureCode.FailedOnLedger => scenario.Authorizes,
        FailureCode.AlreadyPaid => network.PaidByHand.Count > 0,
        FailureCode.Operator => Happened("operator", "Cancel") || tally.All("decision").Any(x => x.What.EndsWith(" Applied", StringComparison.Ordinal)),
        FailureCode.TooManyRecipients => scenario.Shape == PayoutShape.Prize && scenario.Winners.Max() > scenario.RecipientsMax,
        _ => false,
    };

    private bool Happened(string kind, string what) => tally.Of(kind, what) > 0;
}
