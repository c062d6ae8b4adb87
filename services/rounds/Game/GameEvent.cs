using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Payouts.Contracts;

namespace Payouts.Rounds.Game;

/// <summary>The events of the game in the order in which a round needs them.</summary>
internal enum GameEventKind
{
    Opened,
    Entered,
    Closed,
    Drawn,
}

/// <summary>
/// What the game said, understood. What could not be understood is in <see cref="Problems"/>; the other members hold the valid rest, so
/// that the state of the round can add its own objections and one refusal names them all.
/// </summary>
internal abstract record GameEvent(GameEventKind Kind, string RoundId, object Contract, IReadOnlyList<Problem> Problems)
{
    private string? _digest;

    /// <summary>The contract's name, such as GameRoundDrawn; also the handler's name in the inbox.</summary>
    public string Name => Contract.GetType().Name;

    /// <summary>The same for every wording of the same content: SHA-256, lowercase hex.</summary>
    public string Digest => _digest ??= Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Content())));

    /// <summary>The content in one wording: fields one a line, lists sorted.</summary>
    protected abstract string Content();

    protected static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture) + "\n";
}

/// <summary>GameRoundOpened.</summary>
internal sealed record RoundOpening(string RoundId, RoundKey Key, string Currency, object Contract, IReadOnlyList<Problem> Problems)
    : GameEvent(GameEventKind.Opened, RoundId, Contract, Problems)
{
    protected override string Content() => Line($"{Key.Context}") + Line($"{Key.PoolId}") + Line($"{Key.RoundNumber}") + Line($"{Currency}");
}

/// <summary>GameRoundEntered.</summary>
internal sealed record RoundEntering(string RoundId, IReadOnlyList<Entry> Entries, object Contract, IReadOnlyList<Problem> Problems)
    : GameEvent(GameEventKind.Entered, RoundId, Contract, Problems)
{
    protected override string Content() => string.Concat(Entries.OrderBy(x => x.Player, StringComparer.Ordinal)
        .Select(x => x.Choice is null ? Line($"{x.Player} {x.Stake}") : Line($"{x.Player} {x.Stake} {x.Choice}")));
}

/// <summary>GameRoundClosed.</summary>
internal sealed record RoundClosing(string RoundId, int EntryCount, object Contract, IReadOnlyList<Problem> Problems)
    : GameEvent(GameEventKind.Closed, RoundId, Contract, Problems)
{
    protected override string Content() => Line($"{EntryCount}");
}

/// <summary>GameRoundDrawn.</summary>
internal sealed record RoundDraw(string RoundId, IReadOnlyList<Winner> Winners, Stroops Yield, object Contract, IReadOnlyList<Problem> Problems)
    : GameEvent(GameEventKind.Drawn, RoundId, Contract, Problems)
{
    /// <summary>The policy's name; a policy of this version has it.</summary>
    public string Policy { get; init; } = Policies.RoundPolicies.Default;

    public string? Seed { get; init; }

    /// <summary>In percent, as <see cref="Stroops"/> of a percent: 10,000,000 is 1 %.</summary>
    public Stroops? YieldRate { get; init; }

    // What is absent adds no line: the digests of draws that were taken before these members were there stay as they are.
    protected override string Content() => Line($"{Yield}")
        + string.Concat(Winners.OrderBy(x => x.Player, StringComparer.Ordinal).Select(x => Line($"{x.Player} {x.Amount} {x.Weight}")))
        + (Policy == Policies.RoundPolicies.Default ? "" : Line($"policy {Policy}"))
        + (Seed is null ? "" : Line($"seed {Seed}"))
        + (YieldRate is null ? "" : Line($"yieldRate {YieldRate}"));
}

/// <summary>The payout contract's own key of a round.</summary>
internal readonly record struct RoundKey(string Context, uint PoolId, uint RoundNumber)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"({Context}, {PoolId}, {RoundNumber})");
}

/// <summary>A valid entry and its place in the event.</summary>
internal readonly record struct Entry(int Index, string Player, Stroops Stake, string? Choice = null);

/// <summary>A valid winner and its place in the event; exactly one of amount and weight is there.</summary>
internal readonly record struct Winner(int Index, string Player, Stroops? Amount, long? Weight);
