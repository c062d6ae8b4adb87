using Payouts.Stellar;

namespace Payouts.Signers;

/// <summary>What is known of the provider's public key.</summary>
public abstract record KeyState
{
    private KeyState()
    {
    }

    /// <summary>It could not be read yet.</summary>
    /// <param name="Why">As the health check says it.</param>
    public sealed record Unknown(string Why) : KeyState
    {
        /// <inheritdoc />
        public override string ToString() => Why;
    }

    /// <summary>It is the payout source account's.</summary>
    public sealed record Proven : KeyState
    {
        /// <inheritdoc />
        public override string ToString() => "the key is the payout source account's";
    }

    /// <summary>It is another account's: nothing may be signed with it, and no wait mends it.</summary>
    /// <param name="Found">Whose it is.</param>
    public sealed record Foreign(AccountId Found) : KeyState
    {
        /// <inheritdoc />
        public override string ToString() => $"the key is {Found}'s";
    }
}
