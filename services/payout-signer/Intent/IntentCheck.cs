using Payouts.Contracts;
using Payouts.Signer.Configuration;
using Payouts.Signer.Requests;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;
using StellarOrder = Payouts.Stellar.PayoutOrder;
using StellarShare = Payouts.Stellar.PayoutShare;
using Transaction = Payouts.Stellar.Transaction;

namespace Payouts.Signer.Intent;

/// <summary>
/// The independent check of a transaction before anybody signs it. Pure: it believes nothing that payout-builder says, reads the
/// envelope itself and compares every part of it that the ledger would act on.
/// </summary>
public sealed class IntentCheck(SignerPolicy policy)
{
    /// <summary>The largest transaction the network takes, 132,096 bytes, as base64.</summary>
    public const int XdrLengthMax = 176_128;

    /// <summary>Says whether the transaction does what the command's own order says; whether that order is true is for the caller to know.</summary>
    public IntentVerdict Check(SignOrder asked) => asked.Form == SigningForm.Authorization ? CheckAuthorization(asked) : CheckEnvelope(asked);

    /// <inheritdoc cref="Check(SignOrder)"/>
    public IntentVerdict Check(SignPayout command) => Check(SignOrder.Of(command));

    private IntentVerdict CheckAuthorization(SignOrder asked)
    {
        if (ReadOrder(asked, out var order) is { } unsound)
            return unsound;
        if (order.Others.Count > 0)
            return Refuse(IntentProblem.OrderUnsound, "an authorization pays one winner; there are others");
        try
        {
            return CarriedAuthorization.CheckAsked(asked.Xdr, asked.Hash, asked.ExpirationLedger!.Value, asked.PayoutId, order, policy, out var entry)
                ?? (IntentVerdict)new IntentVerdict.SoundAuthorization(entry, TransactionHash.Parse(asked.Hash), DescribeAuthorization(asked));
        }
        catch (ArgumentException wrong)
        {
            return Refuse(IntentProblem.OrderUnsound, wrong.Message);
        }
    }

    private IntentVerdict CheckEnvelope(SignOrder command)
    {
        if (ReadOrder(command, out var order) is { } unsound)
            return unsound;
        if (ReadEnvelope(command.Xdr, out var transaction) is { } unreadable)
            return unreadable;
        var hash = transaction.Hash(policy.Network);
        if (hash.ToString() != command.Hash)
            return Refuse(IntentProblem.HashDiffers, $"the envelope's hash on \"{policy.Network}\" is {hash}, another was announced");
        var carried = PayoutAuthorization.Carried(transaction);
        if ((CheckSlot(transaction, command.Slot!) ?? CheckBounds(transaction, command.ValidUntil) ?? CheckOperation(transaction, order, carried is not null)) is { } wrong)
            return wrong;
        if (carried is not null)
            return CarriedAuthorization.CheckCarried(carried, command.PayoutId, order, policy) ?? (IntentVerdict)new IntentVerdict.Authorized(transaction, hash);
        return AuthorizationCheck.Check(transaction, policy, order, command.Order.Currency)
            ?? (IntentVerdict)new IntentVerdict.Sound(transaction, hash, Describe(transaction, command.Order));
    }

    /// <summary>Names the first field in which two orders differ; null when they are the same.</summary>
    public static IntentVerdict.Refused? Compare(Contracts.PayoutOrder asked, Contracts.PayoutOrder known)
    {
        return Differs("context", asked.Context, known.Context)
            ?? Differs("poolId", asked.PoolId, known.PoolId)
            ?? Differs("roundNumber", asked.RoundNumber, known.RoundNumber)
            ?? Differs("winner", asked.Winner, known.Winner)
            ?? Differs("amount", asked.Amount, known.Amount)
            ?? Differs("currency", asked.Currency, known.Currency);

        static IntentVerdict.Refused? Differs<T>(string field, T asked, T known) => EqualityComparer<T>.Default.Equals(asked, known) ? null
            : new IntentVerdict.Refused(IntentProblem.OrderDiffers, $"{field} is {asked}, the round's order says {known}");
    }

    private IntentVerdict.Refused? ReadOrder(SignOrder command, out StellarOrder result)
    {
        result = null!;
        var order = command.Order;
        var contract = policy.Call.Contract.ToString();
        var id = PayoutId.Derive(policy.Network.Passphrase, contract, order.Context, order.PoolId, order.RoundNumber, order.Winner);
        if (id != command.PayoutId)
            return Refuse(IntentProblem.PayoutIdDiffers, $"this order's payout id on {contract} is {id}");
        if (!order.Amount.IsPositive)
            return Refuse(IntentProblem.OrderUnsound, $"amount is {order.Amount}; above zero is right");
        if (!AccountId.TryParse(order.Winner, out var winner))
            return Refuse(IntentProblem.OrderUnsound, "winner is not an account, G...");
        if (order.Context.Length == 0 || !ScVal.IsSymbol(order.Context))
            return Refuse(IntentProblem.OrderUnsound, "context is not a symbol of 1 to 32 characters");
        var others = new List<StellarShare>();
        foreach (var share in order.Others ?? [])
        {
            if (share is null || !AccountId.TryParse(share.Winner, out var other))
                return Refuse(IntentProblem.OrderUnsound, "a winner among the others is not an account, G...");
            if (!share.Amount.IsPositive)
                return Refuse(IntentProblem.OrderUnsound, $"the amount of {share.Winner} is {share.Amount}; above zero is right");
            others.Add(new StellarShare(other, share.Amount.Value));
        }

        if (others.Select(x => x.Winner).Append(winner).Distinct().Count() != others.Count + 1)
            return Refuse(IntentProblem.OrderUnsound, "a winner is named twice");
        try
        {
            result = new StellarOrder(new PayoutKey(order.Context, order.PoolId, order.RoundNumber, winner), order.Amount.Value, Currency.Parse(order.Currency))
            {
                Others = others.ToXdrArray(),
            };
            return null;
        }
        catch (FormatException wrong)
        {
            return Refuse(IntentProblem.OrderUnsound, wrong.Message);
        }
    }

    private static IntentVerdict.Refused? ReadEnvelope(string xdr, out Transaction transaction)
    {
        transaction = null!;
        if (xdr.Length > XdrLengthMax)
            return Refuse(IntentProblem.EnvelopeTooLarge, $"the envelope has {xdr.Length} characters; the network takes at most {XdrLengthMax}");
        try
        {
            transaction = Transaction.FromBase64(xdr);
        }
        catch (TransactionFormatException wrong)
        {
            return Refuse(IntentProblem.EnvelopeUnreadable, wrong.Message);
        }

        return transaction.Signatures.Count == 0 ? null
            : Refuse(IntentProblem.SignedAlready, $"the envelope carries {transaction.Signatures.Count} signatures; none is right");
    }

    private IntentVerdict.Refused? CheckSlot(Transaction transaction, SequenceSlot slot)
    {
        // Compared as XDR, so that a muxed form of the right account is refused as well.
        if (!AccountId.TryParse(slot.Channel, out var channel) || transaction.Body.SourceAccount != channel.ToMuxedAccount())
            return Refuse(IntentProblem.ChannelDiffers, $"the transaction source is not the slot's channel {slot.Channel}");
        if (!policy.Channels.Contains(channel))
            return Refuse(IntentProblem.ChannelUnknown, $"{channel} is neither a listed channel account nor the payout source");
        if (transaction.SequenceNumber != slot.SequenceNumber)
            return Refuse(IntentProblem.SequenceNumberDiffers, $"the sequence number is {transaction.SequenceNumber}, the slot's is {slot.SequenceNumber}");
        return null;
    }

    private IntentVerdict.Refused? CheckBounds(Transaction transaction, DateTimeOffset validUntil)
    {
        var body = transaction.Body;
        if (transaction.Fee > policy.FeeStroopsMax)
            return Refuse(IntentProblem.FeeAboveCap, $"the fee is {transaction.Fee} stroops, the cap is {policy.FeeStroopsMax}");
        if (transaction.TimeBounds is not { MaxTime: > 0 } time)
            return Refuse(IntentProblem.TimeBoundsMissing, "the envelope would stay valid for ever; an upper time bound is right");
        // The ledger counts whole seconds.
        if (time.MaxTime != (ulong)Math.Max(0, validUntil.ToUnixTimeSeconds()) || time.MinTime != 0)
            return Refuse(IntentProblem.TimeBoundsDiffer, $"the time bounds are {time.MinTime} to {time.MaxTime}, 0 to {validUntil.ToUnixTimeSeconds()} was announced");
        if (body.Cond is not Preconditions.V2
            {
                Value: { LedgerBounds.MaxLedger: > 0, MinSeqNum: null, MinSeqAge: 0, MinSeqLedgerGap: 0, ExtraSigners.Count: 0 },
            })
            return Refuse(IntentProblem.PreconditionsForeign, "the preconditions are not time bounds and ledger bounds with an end, and nothing else");
        if (body.Memo is not Memo.None)
            return Refuse(IntentProblem.MemoPresent, $"the memo is {body.Memo.Discriminant}; a contract call has none");
        if (transaction.SorobanData is null)
            return Refuse(IntentProblem.ResourcesMissing, "the envelope declares no Soroban resources");
        return null;
    }

    private IntentVerdict.Refused? CheckOperation(Transaction transaction, StellarOrder order, bool isAuthorized)
    {
        if (transaction.Body.Operations.Count != 1)
            return Refuse(IntentProblem.OperationCount, $"there are {transaction.Body.Operations.Count} operations; one is right");
        var operation = transaction.Body.Operations[0];
        // An authorized call acts for its channel: the payout source is neither needed nor signs.
        if (isAuthorized && (operation.SourceAccount is not null || transaction.Source == policy.PayoutSource))
            return Refuse(IntentProblem.OperationSourceDiffers, "an authorized call acts for its channel account, without a source of its own");
        // Without a source of its own an operation acts for the transaction source.
        if (!isAuthorized && (operation.SourceAccount ?? transaction.Body.SourceAccount) != policy.PayoutSource.ToMuxedAccount())
            return Refuse(IntentProblem.OperationSourceDiffers, $"the operation does not act for the payout source account {policy.PayoutSource}");
        if (operation.Body is not OperationBody.InvokeHostFunction { Value: { HostFunction: HostFunction.InvokeContract { Value: var call } } })
            return Refuse(IntentProblem.NotAContractCall, $"the operation is {operation.Body.Discriminant}; a contract call is right");
        if (call.ContractAddress != policy.Call.Contract.ToScAddress())
            return Refuse(IntentProblem.ContractDiffers, $"another contract than {policy.Call.Contract} is called");
        if (call.FunctionName != new SCSymbol(policy.Call.Method))
            return Refuse(IntentProblem.MethodDiffers, $"another method than {policy.Call.Method} is called");
        return CheckArguments(call, operation, order);
    }

    private IntentVerdict.Refused? CheckArguments(InvokeContractArgs call, Stellar.Xdr.Operation operation, StellarOrder order)
    {
        InvokeContractArgs right;
        try
        {
            right = ((HostFunction.InvokeContract)policy.Call.Pay(order).Function).Value;
        }
        catch (ArgumentException wrong)
        {
            return Refuse(IntentProblem.OrderUnsound, wrong.Message);
        }

        // The whole argument list decides; reading it back only tells which one is wrong.
        if (call == right)
            return null;
        var layout = policy.Call.Layout.Order;
        var at = Enumerable.Range(0, Math.Min(call.Args.Count, layout.Count)).FirstOrDefault(i => call.Args[i] != right.Args[i], -1);
        return Refuse(IntentProblem.ArgumentsDiffer, (at, policy.Call.Decode(operation)) switch
        {
            ( < 0, _) => $"there are {call.Args.Count} arguments; {layout.Count} are right",
            (_, DecodedPayout.Call found) => $"{layout[at]} is {Found(found, layout[at])}, the order says {Found(order, layout[at])}",
            (_, DecodedPayout.NotThePayout reason) => $"{layout[at]}: {reason.Reason}",
            _ => $"{layout[at]} is not what the order says",
        });
    }

    private static object? Found(DecodedPayout.Call call, PayoutArgument argument) => argument switch
    {
        PayoutArgument.Context => call.Context,
        PayoutArgument.PoolId => call.PoolId,
        PayoutArgument.RoundId => call.RoundId,
        PayoutArgument.Winner => call.Winner,
        PayoutArgument.Amount => new Stroops(call.Amount),
        PayoutArgument.Payouts or PayoutArgument.Winners => string.Join(", ", call.Shares.Select(share => $"{new Stroops(share.Amount)} to {share.Winner}")),
        PayoutArgument.TotalPrize => call.Shares.Aggregate(Stroops.Zero, (sum, share) => sum + new Stroops(share.Amount)),
        _ => call.Currency,
    };

    private static object? Found(StellarOrder order, PayoutArgument argument) => Found(
        new DecodedPayout.Call(order.Key.Context, order.Key.PoolId, order.Key.RoundId, order.Key.Winner, order.Amount, order.Currency) { Others = order.Others }, argument);

    private SigningIntent Describe(Transaction transaction, Contracts.PayoutOrder order) => new()
    {
        Contract = policy.Call.Contract.ToString(),
        Method = policy.Call.Method,
        Order = order,
        PayoutSource = policy.PayoutSource.ToString(),
        Channel = transaction.Source.ToString(),
        FeeStroops = transaction.Fee,
        ValidUntil = DateTimeOffset.FromUnixTimeSeconds((long)transaction.TimeBounds!.MaxTime),
    };

    private SigningIntent DescribeAuthorization(SignOrder asked) => new()
    {
        Contract = policy.Call.Contract.ToString(),
        Method = policy.Call.Method,
        Order = asked.Order,
        PayoutSource = policy.PayoutSource.ToString(),
        ValidUntil = asked.ValidUntil,
        ExpirationLedger = asked.ExpirationLedger,
        Nonce = asked.PayoutId.AuthorizationNonce().ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private static IntentVerdict.Refused Refuse(IntentProblem problem, string detail) => new(problem, detail);
}
