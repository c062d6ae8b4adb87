using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Contracts;

/// <summary>The payout contract's idempotency key. Amount and currency are not in it.</summary>
public sealed record PayoutStorageKey(string Context, uint PoolId, uint RoundId, SCAddress Winner)
{
    /// <summary>The key of the record in the contract's persistent storage.</summary>
    public SCVal Key => ScValues.Vec("Payout".ToSymbol(), Context.ToSymbol(), new SCVal.U32(PoolId), new SCVal.U32(RoundId), Winner.ToVal());

    /// <summary>From the first four arguments of a call.</summary>
    public static PayoutStorageKey Of(ContractCall call) => new(call.Symbol(0), call.U32(1), call.U32(2), call.Address(3));

    /// <returns>Null when the stored key is not one of a payout.</returns>
    public static PayoutStorageKey? Of(SCVal stored) =>
        stored is SCVal.Vec { Value.Value: { Count: 5 } parts } && parts[0].SymbolOrNull() == "Payout"
        && parts[1].SymbolOrNull() is { } context && parts[2].U32OrNull() is { } pool && parts[3].U32OrNull() is { } round && parts[4].AddressOrNull() is { } winner
            ? new PayoutStorageKey(context, pool, round, winner)
            : null;

    /// <summary>PayoutData{winner, amount, currency, paid} as a contract struct: a map of symbols.</summary>
    public SCVal Record(Int128 amount, string currency) => ScValues.SymbolMap(
        ("winner", Winner.ToVal()), ("amount", amount.ToI128()), ("currency", currency.ToSymbol()), ("paid", new SCVal.Bool(true)));
}
