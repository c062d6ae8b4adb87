using Payouts.Stellar;

namespace Payouts.Submitter.Sending;

/// <summary>What to bid for an envelope that the network does not take at its present price.</summary>
public abstract record FeeStep
{
    private FeeStep()
    {
    }

    /// <summary>Bid this: the whole fee, inclusion plus resources, in stroops.</summary>
    public sealed record Bid(long FeeStroops) : FeeStep;

    /// <summary>It may still wait in a node's queue, where only ten times its price replaces it, and that is above the cap: it ages out first.</summary>
    public sealed record AgeOut : FeeStep;

    /// <summary>The network wants more than the cap.</summary>
    /// <param name="FeeStroops">What it wants, or the cap itself when that was bid in vain.</param>
    public sealed record AboveCap(long FeeStroops) : FeeStep;
}

/// <summary>Steps a fee up: at least to double, to the market and to what the network asked for, and never above the cap. Pure.</summary>
public static class FeeLadder
{
    private const int FactorPerStep = 2;

    /// <summary>stellar-core replaces a queued transaction only for ten times its inclusion fee for each operation.</summary>
    private const int ReplacementFactor = 10;

    /// <summary>The inclusion fee that is bid now for each operation, in stroops; a fee bump counts as one operation more.</summary>
    public static long RateOf(Transaction inner, long? bumpFee) => bumpFee is { } fee
        ? (fee - inner.ResourceFee) / (inner.Body.Operations.Count + 1)
        : inner.InclusionFee / inner.Body.Operations.Count;

    /// <summary>The next fee.</summary>
    /// <param name="inner">The envelope.</param>
    /// <param name="bumpFee">The whole fee of the fee bump that is sent now, in stroops; null: the envelope itself is sent.</param>
    /// <param name="marketRate">What others paid lately for each operation, in stroops; 0: not known.</param>
    /// <param name="askedFee">The whole fee that the network asked for when it refused what is sent now, in stroops; 0: it named none.</param>
    /// <param name="mayBePending">A node may still hold what is sent now.</param>
    /// <param name="feeMax">The cap, in stroops.</param>
    public static FeeStep Next(Transaction inner, long? bumpFee, long marketRate, long askedFee, bool mayBePending, long feeMax)
    {
        var operations = inner.Body.Operations.Count + 1;
        var present = RateOf(inner, bumpFee);
        var refusedOperations = bumpFee is null ? operations - 1 : operations;
        var asked = askedFee <= inner.ResourceFee ? 0 : (askedFee - inner.ResourceFee + refusedOperations - 1) / refusedOperations;
        var asMuch = FeeOf(Math.Max(asked, TransactionBuilder.InclusionFeeMin));
        asMuch = Int128.Max(asMuch, FeeBumpTransaction.FeeMin(inner, replacesPending: false));
        if (asMuch > feeMax)
            return new FeeStep.AboveCap(long.CreateSaturating(asMuch));
        if (bumpFee >= feeMax)
            return new FeeStep.AboveCap(feeMax);
        var replacing = FeeOf((Int128)present * ReplacementFactor);
        if (mayBePending && replacing > feeMax)
            return new FeeStep.AgeOut();
        var wanted = Int128.Max(FeeOf(Math.Max(marketRate, 0)), FeeOf((Int128)present * (mayBePending ? ReplacementFactor : FactorPerStep)));
        return new FeeStep.Bid((long)Int128.Min(Int128.Max(wanted, asMuch), feeMax));

        Int128 FeeOf(Int128 rate) => inner.ResourceFee + (rate * operations);
    }
}
