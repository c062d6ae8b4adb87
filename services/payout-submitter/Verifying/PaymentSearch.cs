using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Payouts.Submitter.Confirming;
using PayoutOrder = Payouts.Contracts.PayoutOrder;
using PayoutShare = Payouts.Contracts.PayoutShare;
using StellarOrder = Payouts.Stellar.PayoutOrder;

namespace Payouts.Submitter.Verifying;

/// <summary>
/// Finds out whether a debt is paid without trusting our own tables: first the slot, then the contract's record, then the transaction that
/// moved the money. In that order "consumed, and no record" proves that nothing on the slot paid or ever will.
/// </summary>
public sealed class PaymentSearch(ISorobanRpcClient rpc, SubmitterOptions options)
{
    private const int EventsPerPage = 1000;

    /// <summary>Far more than a week of ledgers needs; a server that never ends is not followed for ever.</summary>
    private const int PagesMax = 1000;

    /// <summary>A winner of many equal prizes: what is looked at before a human does.</summary>
    private const int CandidatesMax = 200;

    /// <summary>Of the contract's or the server's own words.</summary>
    private const int ErrorLengthMax = 300;

    private sealed record Found(PaymentEvidence Evidence, string Detail, string? TransactionHash = null, uint? Ledger = null, uint? AskedAtLedger = null);

    /// <summary>Answers; a network that cannot be asked is an answer too.</summary>
    public async Task<PayoutVerified> VerifyAsync(VerifyPayout command, CancellationToken cancellationToken)
    {
        var consumed = false;
        Found found;
        try
        {
            var account = command.Slot is { } slot ? await rpc.GetAccountAsync(AccountId.Parse(slot.Channel), cancellationToken) : null;
            consumed = account is not null && account.SequenceNumber >= command.Slot!.SequenceNumber;
            found = await AskAsync(command, account?.LatestLedger ?? 0, cancellationToken);
        }
        catch (SorobanRpcException unreachable)
        {
            found = new Found(PaymentEvidence.Unknown, $"the network cannot be asked: {unreachable.Message}");
        }

        return new PayoutVerified
        {
            PayoutId = command.PayoutId,
            Attempt = command.Attempt,
            Evidence = found.Evidence,
            Slot = command.Slot,
            SlotConsumed = consumed,
            TransactionHash = found.TransactionHash,
            Ledger = found.Ledger,
            AskedAtLedger = found.AskedAtLedger,
            Detail = command.AskedBy is { } who ? $"{found.Detail} (asked by {who})" : found.Detail,
        };
    }

    private async Task<Found> AskAsync(VerifyPayout command, uint slotReadAt, CancellationToken cancellationToken)
    {
        var order = ToStellar(command.Order);
        var (ledger, record, refusal) = await ReadRecordAsync(order.Key, cancellationToken);
        if (refusal is not null)
            return new Found(PaymentEvidence.Unknown, $"the contract cannot be asked for its record: {refusal}");
        if (ledger < slotReadAt)
            return new Found(PaymentEvidence.Unknown, $"the contract's record is of ledger {ledger}, the slot was read at {slotReadAt}");
        return await JudgeRecordAsync(command, order, ledger, record, cancellationToken) with { AskedAtLedger = ledger };
    }

    private async Task<Found> JudgeRecordAsync(VerifyPayout command, StellarOrder order, uint ledger, PayoutRecord? record, CancellationToken cancellationToken)
    {
        if (record is null)
            return new Found(PaymentEvidence.Unpaid, $"the contract has no record of it at ledger {ledger}");
        if (!record.Paid || record.Winner != order.Key.Winner || record.Amount != order.Amount || record.Currency != order.Currency)
            return new Found(PaymentEvidence.NotAsOrdered, $"the contract's record says {record.Amount} stroops of {record.Currency} to {record.Winner}, paid: {record.Paid}");
        return command.TransactionHash is { } told ? await JudgeAsync(told, command.Order, order, cancellationToken) : await SearchAsync(command.Order, order, cancellationToken);
    }

    private async Task<(uint Ledger, PayoutRecord? Record, string? Refusal)> ReadRecordAsync(PayoutKey key, CancellationToken cancellationToken)
    {
        // A question has no source of its own; whoever stands there is charged nothing.
        var question = new TransactionBuilder(new AccountId(new byte[32]), 1)
            .Add(options.Call.GetPayout(key)).ValidUntil(DateTimeOffset.UnixEpoch.AddSeconds(1)).Build();
        try
        {
            return await rpc.SimulateTransactionAsync(question.ToEnvelope(), cancellationToken) switch
            {
                SimulationResult.Success { Value: { } value } success => (success.LatestLedger, PayoutContractCall.DecodeRecord(value), null),
                SimulationResult.Failed failed => (failed.LatestLedger, null, ForeignText.Cut(failed.Error, ErrorLengthMax)),
                var other => (other.LatestLedger, null, "it answered nothing"),
            };
        }
        catch (ScValException unreadable)
        {
            return (0, null, unreadable.Message);
        }
    }

    private async Task<Found> SearchAsync(PayoutOrder owed, StellarOrder order, CancellationToken cancellationToken)
    {
        if (!options.Tokens.TryGetValue(owed.Currency, out var token))
            return new Found(PaymentEvidence.NotFound, $"no token contract is configured for {owed.Currency} (PAYOUT_TOKEN_CONTRACTS), so its transfer cannot be found");
        var oldest = (await rpc.GetHealthAsync(cancellationToken)).OldestLedger;
        SCVal[] transfer = [ScVal.Symbol("transfer"), ScVal.Address(options.Treasury), ScVal.Address(order.Key.Winner)];
        var filter = new EventFilter([token], [new TopicPattern([.. transfer.Select(XdrCodec.ToBase64), TopicPattern.AnyNumber])]);
        var judged = new HashSet<TransactionHash>();
        ScanStart start = new ScanStart.AtLedger(oldest);
        for (var pages = 0; pages < PagesMax; pages++)
        {
            var page = await rpc.GetEventsAsync(new EventsRequest(start, [filter], Limit: EventsPerPage), cancellationToken);
            foreach (var moved in page.Events.Where(x => PayoutEvents.TryReadTransfer(x.ToContractEvent())?.Amount == order.Amount && judged.Add(x.TransactionHash)))
            {
                if (judged.Count > CandidatesMax)
                    return new Found(PaymentEvidence.NotFound, $"{CandidatesMax} transfers of this amount to this winner are other payouts; name the transaction");
                if (await JudgeAsync(moved.TransactionHash.ToString(), owed, order, cancellationToken) is { Evidence: PaymentEvidence.Paid } paid)
                    return paid;
            }

            // A page of a scan that found nothing still moves on; one that stands still is the end.
            if (start is ScanStart.AfterCursor { Cursor: var before } && before == page.Cursor)
                return new Found(PaymentEvidence.NotFound,
                    $"the contract's record is as ordered, but from ledger {oldest} to {page.LatestLedger} no transaction moved the money for it: paid before that, or recorded without a transfer");
            start = new ScanStart.AfterCursor(page.Cursor);
        }

        return new Found(PaymentEvidence.NotFound, $"{PagesMax} pages of transfers do not hold it; name the transaction");
    }

    private async Task<Found> JudgeAsync(string hash, PayoutOrder owed, StellarOrder order, CancellationToken cancellationToken)
    {
        if (await rpc.GetTransactionAsync(TransactionHash.Parse(hash), cancellationToken) is not TransactionLookup.Found { Transaction: var transaction })
            return new Found(PaymentEvidence.NotFound, $"the network does not know the transaction {hash}");
        if (transaction.Status != TransactionStatus.SUCCESS)
            return new Found(PaymentEvidence.NotAsOrdered, $"the transaction {hash} is FAILED on the ledger");
        if (!transaction.Envelope.TryDecode(out var envelope) || !Pays(envelope, order))
            return new Found(PaymentEvidence.NotAsOrdered, $"the transaction {hash} is another call than the one that pays this debt");
        return LedgerJudge.JudgePayment(transaction, [new PayoutShare { Winner = owed.Winner, Amount = owed.Amount }], owed.Currency, options) switch
        {
            LedgerVerdict.Paid paid => new Found(PaymentEvidence.Paid, $"paid by {hash} in ledger {paid.Ledger}", hash, paid.Ledger),
            LedgerVerdict.NotAsOrdered wrong => new Found(PaymentEvidence.NotAsOrdered, wrong.Detail),
            var other => throw new InvalidOperationException($"{other.GetType().Name} is no verdict on a success"),
        };
    }

    private bool Pays(TransactionEnvelope envelope, StellarOrder order)
    {
        var operations = envelope switch
        {
            TransactionEnvelope.Tx plain => plain.Value.Tx.Operations,
            TransactionEnvelope.TxFeeBump { Value.Tx.InnerTx: FeeBumpTransactionInnerTx.Tx inner } => inner.Value.Tx.Operations,
            _ => [],
        };
        return operations.Count == 1 && options.Call.Decode(operations[0]) is DecodedPayout.Call call && call.Pays(order);
    }

    private static StellarOrder ToStellar(PayoutOrder order) => new(
        new PayoutKey(order.Context, order.PoolId, order.RoundNumber, Address.Parse(order.Winner)), order.Amount.Value, Currency.Parse(order.Currency));
}
