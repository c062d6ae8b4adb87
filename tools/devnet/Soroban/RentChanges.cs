using Payouts.Devnet.Ledger;

namespace Payouts.Devnet.Soroban;

/// <summary>Rent for what a call created, let grow, or keeps longer.</summary>
public static class RentChanges
{
    public static long Fee(LedgerTxn changes, uint ledger)
    {
        var fee = 0L;
        foreach (var (key, before, after) in changes.Changes())
        {
            if (after is not { LiveUntil: { } until })
            {
                continue;
            }

            var persistent = !SorobanEntries.IsTemporary(key.Decode());
            var wasLive = before is not null && before.IsLiveAt(ledger);
            if (!wasLive)
            {
                fee += ResourceFees.Rent(after.SizeBytes, (long)until - ledger + 1, persistent);
                continue;
            }

            if (until > before!.LiveUntil)
            {
                fee += ResourceFees.Rent(after.SizeBytes, until - before.LiveUntil!.Value, persistent);
            }

            if (after.SizeBytes > before.SizeBytes)
            {
                fee += ResourceFees.Rent(after.SizeBytes - before.SizeBytes, (long)before.LiveUntil!.Value - ledger + 1, persistent);
            }
        }

        return fee;
    }
}
