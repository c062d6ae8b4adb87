using Payouts.Devnet.Transactions;

namespace Payouts.Devnet.Queue;

/// <summary>Inclusion fee per operation, compared exactly (as fractions).</summary>
public readonly record struct FeeRate(long Fee, int Operations)
{
    public static FeeRate Of(TransactionFrame frame) => new(frame.InclusionFee, frame.FeeOperations);

    /// <summary>Rounded down to whole stroops per operation, as stellar-core prices a ledger (computePerOpFee).</summary>
    public long PerOperation => Fee / Operations;

    public int CompareTo(FeeRate other) => ((Int128)Fee * other.Operations).CompareTo((Int128)other.Fee * Operations);

    /// <summary>The smallest fee with which so many operations bid strictly more than this rate.</summary>
    public long FeeToBeat(int operations) => (long)((Int128)Fee * operations / Operations) + 1;
}
