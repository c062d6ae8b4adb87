namespace Payouts.Contracts;

/// <summary>The payout's call was not authorized: refused before anybody was asked, or by who was asked. Nothing of the payout is on its way to the ledger by this.</summary>
public sealed record AuthorizationFailed
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>Which step of the payout this speaks of, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Why, from the closed list.</summary>
    public required FailureCode Code { get; init; }

    /// <summary>The facts: what was wrong, where. Nothing secret.</summary>
    public required string Detail { get; init; }
}
