namespace Payouts.Builder.Building;

/// <summary>The payout contract's own error numbers that mean something to a build; every other one is a refusal that a human reads.</summary>
internal static class PayoutContractError
{
    /// <summary>The contract's record has this key already: verify, do not conclude.</summary>
    public const uint AlreadyPaid = 3;

    /// <summary>The contract takes no calls now.</summary>
    public const uint Paused = 6;
}
