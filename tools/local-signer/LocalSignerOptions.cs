using Payouts.Contracts;

namespace Payouts.LocalSigner;

/// <summary>How the local signer behaves. A program always gets the defaults; tests make it slow, silent or wrong.</summary>
public sealed record LocalSignerOptions
{
    /// <summary>How long it thinks before it answers.</summary>
    public TimeSpan AnswerDelay { get; init; } = TimeSpan.Zero;

    /// <summary>What it answers to a request, given the right answer; null: it stays silent, and the request is not asked for again.</summary>
    public Func<SigningRequested, SigningCompleted, object?> Answer { get; init; } = (_, right) => right;
}
