using Payouts.Builder.Saga;

namespace Payouts.Builder.Lanes;

/// <summary>Which waiting payouts share a transaction. Pure.</summary>
internal static class PayoutGroups
{
    /// <summary>Groups of at most <paramref name="sizeMax"/> payouts of one round, in the order of those who lead them; one that failed in a group waits in smaller company.</summary>
    public static IReadOnlyList<IReadOnlyList<Payout>> Of(IReadOnlyList<Payout> waiting, int sizeMax) =>
    [
        .. waiting
            .Select((payout, place) => (payout, place))
            .GroupBy(x => (x.payout.RoundId, x.payout.Context, x.payout.PoolId, x.payout.RoundNumber, x.payout.Currency, Size: SizeOf(x.payout, sizeMax)))
            .SelectMany(alike => alike.Chunk(Math.Max(1, alike.Key.Size)))
            .OrderBy(group => group[0].place)
            .Select(group => (IReadOnlyList<Payout>)[.. group.Select(x => x.payout)]),
    ];

    /// <summary>What was authorized is a call that pays one.</summary>
    private static int SizeOf(Payout payout, int sizeMax) => payout.AuthorizationXdr is null ? Math.Min(sizeMax, payout.GroupSizeMax ?? sizeMax) : 1;
}
