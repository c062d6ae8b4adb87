using Payouts.Contracts;

namespace Payouts.Builder.Building;

/// <summary>What a build came to.</summary>
public abstract record BuildOutcome
{
    private BuildOutcome()
    {
    }

    /// <summary>The unsigned transaction exists.</summary>
    public sealed record Built(PayoutBuilt Event) : BuildOutcome;

    /// <summary>There is none; nothing was sent or signed.</summary>
    public sealed record NotBuilt(PayoutFailed Event) : BuildOutcome;
}
