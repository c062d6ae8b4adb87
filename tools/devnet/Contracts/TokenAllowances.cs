using Payouts.Devnet.Ledger;
using Payouts.Devnet.Soroban;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Contracts;

/// <summary>What one address lets another spend of its balance, until a ledger: temporary entries of the token contract.</summary>
public sealed class TokenAllowances(SorobanHost host, SCAddress token)
{
    /// <summary>0 where nothing was approved or its last ledger has passed.</summary>
    public Int128 Of(SCAddress from, SCAddress spender) => Read(from, spender).Amount;

    /// <param name="liveUntil">The last ledger it counts in; may have passed only when <paramref name="amount"/> is 0, which revokes.</param>
    public void Approve(SCAddress from, SCAddress spender, Int128 amount, uint liveUntil)
    {
        var ledger = host.Info.Sequence;
        if (amount > 0 && liveUntil < ledger)
        {
            throw HostException.Contract(TokenErrors.Allowance, "live_until must be >= ledger sequence", new SCVal.U32(liveUntil), new SCVal.U32(ledger));
        }

        if (amount > 0 && liveUntil > ledger + NetworkLimits.MaxEntryTtlLedgers - 1)
        {
            throw HostException.Contract(TokenErrors.Allowance, "live_until is greater than max", new SCVal.U32(liveUntil));
        }

        Write(from, spender, amount, liveUntil);
    }

    public void Spend(SCAddress from, SCAddress spender, Int128 amount)
    {
        var (allowed, liveUntil) = Read(from, spender);
        if (allowed < amount)
        {
            throw HostException.Contract(TokenErrors.Allowance, "not enough allowance to spend", from.ToVal(), allowed.ToI128(), amount.ToI128());
        }

        if (amount > 0)
        {
            Write(from, spender, allowed - amount, liveUntil);
        }
    }

    private (Int128 Amount, uint LiveUntil) Read(SCAddress from, SCAddress spender)
    {
        var value = host.Storage.GetData(token, Key(from, spender), ContractDataDurability.TEMPORARY);
        return value?.Field("amount")?.I128OrNull() is { } amount && value.Field("live_until_ledger")?.U32OrNull() is { } until && until >= host.Info.Sequence
            ? (amount, until)
            : (0, 0);
    }

    private void Write(SCAddress from, SCAddress spender, Int128 amount, uint liveUntil) => host.Storage.PutData(
        token,
        Key(from, spender),
        ScValues.SymbolMap(("amount", amount.ToI128()), ("live_until_ledger", new SCVal.U32(liveUntil))),
        ContractDataDurability.TEMPORARY,
        Math.Max(liveUntil, host.Info.Sequence + NetworkLimits.MinTemporaryTtlLedgers - 1));

    private static SCVal Key(SCAddress from, SCAddress spender) =>
        ScValues.Vec("Allowance".ToSymbol(), ScValues.SymbolMap(("from", from.ToVal()), ("spender", spender.ToVal())));
}
