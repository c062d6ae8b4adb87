using Payouts.Signer.Requests;

namespace Payouts.Signer.Answers;

/// <summary>What became of an answer.</summary>
public abstract record AnswerOutcome
{
    private AnswerOutcome()
    {
    }

    /// <summary>It ended the request.</summary>
    public sealed record Taken(SignRequestState State) : AnswerOutcome;

    /// <summary>The request had ended before: a repeat, or too late.</summary>
    public sealed record Unchanged(SignRequestState State) : AnswerOutcome;

    /// <summary>It is wrong; the request stays as it is.</summary>
    public sealed record Refused(AnswerProblem Problem, string Detail) : AnswerOutcome;
}

/// <summary>A verified answer on its way into the transaction.</summary>
/// <param name="SignedXdr">The finished envelope; null for a rejection. Never logged.</param>
/// <param name="Rejection">The signer's reason; null for a signature.</param>
public sealed record Settlement(Guid RequestId, string? SignedXdr, string? Rejection)
{
    /// <summary>Set by the transaction that holds it.</summary>
    public AnswerOutcome? Outcome { get; set; }
}
