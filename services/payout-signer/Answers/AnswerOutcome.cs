using Payouts.Signer.Requests;

namespace Payouts.Signer.Answers;

/// <summary>What became of an answer.</summary>
public abstract record AnswerOutcome
{
    private AnswerOutcome()
    {
    }

    /// <summary>It was kept: it ended the request, or others are needed as well and it is still Waiting.</summary>
    public sealed record Taken(SignRequestState State) : AnswerOutcome;

    /// <summary>The request had ended before, or holds this signer's answer: a repeat, or too late.</summary>
    public sealed record Unchanged(SignRequestState State) : AnswerOutcome;

    /// <summary>It is wrong; the request stays as it is.</summary>
    public sealed record Refused(AnswerProblem Problem, string Detail) : AnswerOutcome;
}

/// <summary>A verified answer on its way into the transaction.</summary>
/// <param name="RequestId">What it answers.</param>
/// <param name="Signed">Its signatures; null for a rejection. Never logged.</param>
/// <param name="Rejection">The signer's reason; null for a signature.</param>
/// <param name="RejectedBy">Whose no; null: there is one signer.</param>
/// <param name="MessageId">The message that brought it; null over HTTP.</param>
public sealed record Settlement(Guid RequestId, AnswerVerdict.Good? Signed, string? Rejection, string? RejectedBy, Guid? MessageId)
{
    /// <summary>Set by the transaction that holds it.</summary>
    public AnswerOutcome? Outcome { get; set; }
}
