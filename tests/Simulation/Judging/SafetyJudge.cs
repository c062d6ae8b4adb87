using System.Globalization;
using Payouts.Stellar.Xdr;
using Payouts.Tests.Simulation.Parties;

namespace Payouts.Tests.Simulation.Judging;

/// <summary>What must hold at every moment, however faulty: judged on the ledger itself.</summary>
internal sealed class SafetyJudge(LocalNetwork network, Database database)
{
    // What the external signer answers wrong is put aside, and an answer to a request that ended otherwise.
    private static readonly HashSet<string> LettersOfWrongAnswers =
        [.. Enum.GetNames<Signer.Answers.AnswerProblem>()];

    private uint _judgedLedger;

    /// <exception cref="LawBrokenException">Names the law and the facts.</exception>
    public void Judge()
    {
        JudgeLedger();
        JudgePayouts();
        JudgeLetters();
    }

    /// <summary>Nobody was paid who is not owed, nobody twice, nobody another amount.</summary>
    private void JudgeLedger()
    {
        var records = network.Ledger.Payouts();
        foreach (var record in records)
        {
            var debt = network.Debts.All.SingleOrDefault(x => x.Winner == record.Winner && x.RoundNumber == record.RoundId)
                ?? throw new LawBrokenException($"the ledger paid {record.Amount} to {record.Winner} for round {record.RoundId}, which owes it nothing");
            if (record.Amount != debt.Amount.Value)
                throw new LawBrokenException($"the ledger recorded {record.Amount} for {record.Winner}, owed are {debt.Amount.Value} stroops");
        }

        foreach (var debt in network.Debts.All)
        {
            var paid = network.PaidTo(debt);
            // A prize leaves no record of each winner.
            var recorded = network.Shape == Stellar.PayoutShape.Prize ? paid != 0 : records.Any(x => x.Winner == debt.Winner);
            if (paid != (recorded ? debt.Amount.Value : 0))
                throw new LawBrokenException($"{debt.Winner} got {paid} stroops, owed are {debt.Amount.Value}, the contract {(recorded ? "has" : "has no")} record of it");
        }

        foreach (var transaction in network.Chain.Read(c => c.History.All.Where(x => x.Sequence > _judgedLedger).SelectMany(x => x.Transactions).ToList()))
        {
            // The contract's refusal hides a second payment from the balances: that it had to refuse is the broken law.
            if (!transaction.Succeeded && Stellar.ContractErrors.FindRaised(Diagnostics(transaction)) is { Code: Stellar.PayoutContractError.AlreadyPaid } raised
                && raised.Contract == network.Ledger.PayoutContract && network.PaidByHand.Count + network.Brought.Count == 0)
                throw new LawBrokenException($"transaction {transaction.Hash} in ledger {transaction.Ledger} tried to pay a debt that was paid before");
        }

        _judgedLedger = network.Ledger.LatestLedger;
    }

    private static IReadOnlyList<Stellar.Rpc.EncodedXdr<DiagnosticEvent>> Diagnostics(Devnet.History.TransactionRecord transaction) =>
        [.. transaction.Meta().DiagnosticEvents.Select(x => new Stellar.Rpc.EncodedXdr<DiagnosticEvent>(XdrCodec.ToBase64(x)))];

    private void JudgePayouts()
    {
        var slots = new HashSet<(string, long)>();
        foreach (var payout in PayoutRow.All(database))
        {
            var debt = network.Debts.All.SingleOrDefault(x => x.PayoutId == payout.Id)
                ?? throw new LawBrokenException($"payout {payout.Id.Value} exists and nobody owes it");
            if (payout.Amount != debt.Amount.Value.ToString(CultureInfo.InvariantCulture))
                throw new LawBrokenException($"payout {payout.Id.Value} says {payout.Amount} stroops, owed are {debt.Amount.Value}");
            var paid = network.PaidTo(debt) > 0;
            if (payout.State == "Confirmed" && !paid)
                throw new LawBrokenException($"payout {payout.Id.Value} is Confirmed, and the ledger paid nothing");
            if (payout.State is "Failed" or "Cancelled" or "WrittenOff" && paid && !network.PaidByHand.Contains(payout.Id))
                throw new LawBrokenException($"payout {payout.Id.Value} is {payout.State}, and the ledger paid it");
            if (payout is { Channel: { } channel, Sequence: { } sequence } && !slots.Add((channel, sequence)))
                throw new LawBrokenException($"slot {channel}/{sequence} is owned by two payouts");
        }

        foreach (var account in database.Read(
            Database.Builder, "select account from channels c where open_slots <> (select count(*) from slots s where s.channel = c.account) order by account", row => row.GetString(0)))
            throw new LawBrokenException($"lane {account} counts other slots than it has");
    }

    /// <summary>Nothing is put aside but what is wrong by itself.</summary>
    private void JudgeLetters()
    {
        foreach (var service in Database.All)
        {
            foreach (var (queue, reason, detail) in database.Read(service, "select queue, reason, detail from dead_letters order by id", row => (row.GetString(0), row.GetString(1), row.GetString(2))))
            {
                if (service == Database.Rounds && IsOfACancelledRound(queue, reason, detail))
                    continue;
                if (service != Database.Signer || !queue.Contains("signing-", StringComparison.Ordinal) || !LettersOfWrongAnswers.Contains(reason))
                    throw new LawBrokenException($"{queue} put a message aside: {reason}: {detail}");
            }
        }
    }

    /// <summary>The game drew a round that was called off before.</summary>
    private bool IsOfACancelledRound(string queue, string reason, string detail) => (queue, reason) == ("rounds.game-round-drawn", nameof(Payouts.Rounds.Game.RefusalCode.RoundCancelled))
        && database.Read(Database.Rounds, "select id from rounds where state = 'CANCELLED'", row => row.GetString(0)).Any(id => detail.Contains($"\"{id}\"", StringComparison.Ordinal));
}
