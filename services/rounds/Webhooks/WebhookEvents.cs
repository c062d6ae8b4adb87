using System.Collections.Frozen;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;

namespace Payouts.Rounds.Webhooks;

/// <summary>What a game may hear, the same over HTTP as over the broker (docs/events.md), and which round each speaks of.</summary>
internal static class WebhookEvents
{
    private static readonly FrozenDictionary<Type, Func<object, string>> Rounds = new Dictionary<Type, Func<object, string>>
    {
        [typeof(RoundResolved)] = said => ((RoundResolved)said).RoundId,
        [typeof(RoundSettled)] = said => ((RoundSettled)said).RoundId,
        [typeof(DirectPayoutOrdered)] = said => DirectName.Of(((DirectPayoutOrdered)said).Reference),
        [typeof(PayoutSettled)] = said => ((PayoutSettled)said).RoundId,
        [typeof(PayoutOnHold)] = said => ((PayoutOnHold)said).RoundId,
        [typeof(GameEventRefused)] = said => ((GameEventRefused)said).RoundId,
    }.ToFrozenDictionary();

    /// <summary>Their names.</summary>
    public static FrozenSet<string> Names { get; } = Rounds.Keys.Select(type => type.Name).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The round that a contract speaks of, or what stands for one of a direct payout; null: it is none of these events.</summary>
    public static string? RoundOf(object contract) =>
        // A refused event may name a round as no table stores it.
        Rounds.TryGetValue(contract.GetType(), out var round) ? ForeignText.Cut(round(contract), RoundLimits.RoundIdLengthMax) : null;
}
