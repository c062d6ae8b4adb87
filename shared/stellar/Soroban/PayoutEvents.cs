using Payouts.Stellar.Xdr;

namespace Payouts.Stellar;

/// <summary>The payout contract's own event.</summary>
/// <param name="Amount">Stroops.</param>
public sealed record PayoutEvent(ContractId Contract, Address Winner, Int128 Amount, Currency Currency);

/// <summary>A token's transfer event (SEP-41, CAP-67).</summary>
/// <param name="Token">The contract that emitted it.</param>
/// <param name="Amount">Stroops of the token.</param>
/// <param name="Asset">The classic asset of a Stellar Asset Contract (SEP-11), null for any other token.</param>
public sealed record TransferEvent(ContractId Token, Address From, Address To, Int128 Amount, string? Asset);

/// <summary>
/// Reads the two events that prove a payout: that of the payout contract, and the token's transfer. Anything else, and anything shaped
/// otherwise, is simply not that event: a contract may emit what it likes.
/// </summary>
public static class PayoutEvents
{
    private const string PayoutTopic = "PAYOUT";
    private const string TransferTopic = "transfer";

    /// <summary>Topic PAYOUT, data (winner, amount, currency).</summary>
    public static PayoutEvent? TryReadPayout(ContractEvent contractEvent) => TryRead(contractEvent, static (contract, topics, data) =>
    {
        if (topics.Count == 0 || topics[0].AsSymbol() != PayoutTopic)
        {
            return null;
        }

        var values = data.AsVec();
        return values.Count == 3 ? new PayoutEvent(contract, values[0].AsAddress(), values[1].AsI128(), AsCurrency(values[2])) : null;
    });

    /// <summary>
    /// Topics transfer, from, to and for a classic asset its SEP-11 name; the data are the amount, or a map with it when a muxed destination is told.
    /// </summary>
    public static TransferEvent? TryReadTransfer(ContractEvent contractEvent) => TryRead(contractEvent, static (contract, topics, data) =>
    {
        if (topics.Count is < 3 or > 4 || topics[0].AsSymbol() != TransferTopic)
        {
            return null;
        }

        var amount = data is SCVal.Map ? (data.AsSymbolMap().TryGetValue("amount", out var inMap) ? inMap : data).AsI128() : data.AsI128();
        return new TransferEvent(contract, topics[1].AsAddress(), topics[2].AsAddress(), amount, topics.Count == 4 ? topics[3].AsString() : null);
    });

    internal static Currency AsCurrency(SCVal value) => value switch
    {
        SCVal.Symbol => new Currency.Symbol(value.AsSymbol()),
        SCVal.Address when value.AsAddress() is Address.Contract token => new Currency.Token(token.Id),
        _ => throw new ScValException($"a currency (symbol or token contract) was expected, not {value.Discriminant}"),
    };

    private static T? TryRead<T>(ContractEvent contractEvent, Func<ContractId, XdrArray<SCVal>, SCVal, T?> read)
        where T : class
    {
        if (contractEvent is not { Type: ContractEventType.CONTRACT, ContractID: { } contract, Body: ContractEventBody.V0 { Value: var body } })
        {
            return null;
        }

        try
        {
            return read(ContractId.FromXdr(contract), body.Topics, body.Data);
        }
        catch (ScValException)
        {
            // Not the shape of this event: another contract's, or another version's.
            return null;
        }
    }
}
