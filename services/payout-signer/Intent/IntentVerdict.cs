using Payouts.Contracts;
using Payouts.Stellar;

namespace Payouts.Signer.Intent;

/// <summary>What the signer thinks of a transaction that it was asked to have signed.</summary>
public abstract record IntentVerdict
{
    private IntentVerdict()
    {
    }

    /// <summary>The payout source's signature is wanted, over what does exactly what the order that came with it says, and nothing else.</summary>
    /// <param name="Hash">What is signed. Computed here.</param>
    /// <param name="Intent">The same in words.</param>
    public abstract record ToSign(TransactionHash Hash, SigningIntent Intent) : IntentVerdict;

    /// <summary>A transaction.</summary>
    /// <param name="Transaction">Without signatures.</param>
    /// <param name="Hash">Computed here.</param>
    /// <param name="Intent">Read from the transaction itself.</param>
    public sealed record Sound(Transaction Transaction, TransactionHash Hash, SigningIntent Intent) : ToSign(Hash, Intent);

    /// <summary>An authorization.</summary>
    /// <param name="Entry">Without signatures.</param>
    /// <param name="Hash">Computed here.</param>
    /// <param name="Intent">Made from the order.</param>
    public sealed record SoundAuthorization(Stellar.Xdr.SorobanAuthorizationEntry Entry, TransactionHash Hash, SigningIntent Intent) : ToSign(Hash, Intent);

    /// <summary>An envelope around an authorization of this payout that the payout source has signed: only the channel's signature is missing.</summary>
    /// <param name="Transaction">Without signatures.</param>
    /// <param name="Hash">Computed here.</param>
    public sealed record Authorized(Transaction Transaction, TransactionHash Hash) : IntentVerdict;

    /// <summary>It must not be signed.</summary>
    /// <param name="Detail">What was found and what would be right; nothing secret.</param>
    public sealed record Refused(IntentProblem Problem, string Detail) : IntentVerdict
    {
        /// <summary>Problem and detail as failure events carry them.</summary>
        public string Text => $"{Problem}: {Detail}";
    }
}
