namespace Payouts.Stellar;

/// <summary>The payout contract's own error numbers that decide what follows; every other one is a refusal that a human reads. Another contract's numbers mean something else.</summary>
public static class PayoutContractError
{
    /// <summary>The contract's record has this key already: verify, do not conclude.</summary>
    public const uint AlreadyPaid = 3;

    /// <summary>The contract takes no calls now.</summary>
    public const uint Paused = 6;
}
