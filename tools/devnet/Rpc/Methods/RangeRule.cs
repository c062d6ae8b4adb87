using Payouts.Devnet.Ledger;

namespace Payouts.Devnet.Rpc.Methods;

/// <summary>Where a scan may start.</summary>
internal static class RangeRule
{
    /// <param name="allowNext">A cursor may stand at the head and wait for the next ledger.</param>
    public static void Check(uint start, NodeLook look, bool allowNext)
    {
        var latest = look.Latest.Sequence + (allowNext ? 1u : 0u);
        if (start < look.Oldest.Sequence || start > latest)
        {
            throw RpcException.Range($"startLedger must be within the ledger range: {look.Oldest.Sequence} - {look.Latest.Sequence}");
        }
    }
}
