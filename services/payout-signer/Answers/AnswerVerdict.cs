namespace Payouts.Signer.Answers;

/// <summary>What verification made of an answer.</summary>
public abstract record AnswerVerdict
{
    private AnswerVerdict()
    {
    }

    /// <summary>Exactly the wanted signature over exactly the stored body.</summary>
    /// <param name="SignedXdr">With the channel's signature added, base64 XDR. Never logged.</param>
    public sealed record Good(string SignedXdr) : AnswerVerdict
    {
        /// <inheritdoc />
        public override string ToString() => nameof(Good);
    }

    /// <summary>Not passed on.</summary>
    /// <param name="Detail">What was wrong and what would be right; nothing secret.</param>
    public sealed record Refused(AnswerProblem Problem, string Detail) : AnswerVerdict;
}
