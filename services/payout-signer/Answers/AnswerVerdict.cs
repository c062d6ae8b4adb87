using Payouts.Stellar;

namespace Payouts.Signer.Answers;

/// <summary>What verification made of an answer.</summary>
public abstract record AnswerVerdict
{
    private AnswerVerdict()
    {
    }

    /// <summary>Only wanted signatures over exactly the stored body, each of them good.</summary>
    /// <param name="Signatures">By key, each key once; at least one. Never logged.</param>
    /// <param name="Envelope">Finished, when these signatures alone reach the threshold; null: others are needed as well.</param>
    public sealed record Good(IReadOnlyList<KeyValuePair<AccountId, byte[]>> Signatures, SealedEnvelope? Envelope) : AnswerVerdict
    {
        /// <inheritdoc />
        public override string ToString() => nameof(Good);
    }

    /// <summary>Not passed on.</summary>
    /// <param name="Detail">What was wrong and what would be right; nothing secret.</param>
    public sealed record Refused(AnswerProblem Problem, string Detail) : AnswerVerdict;
}
