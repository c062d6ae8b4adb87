using Payouts.Builder.Deciding;
using Payouts.Builder.Saga;
using Payouts.Contracts;
using Payouts.Tests.Simulation.Chance;
using Payouts.Tests.Simulation.Wiring;

namespace Payouts.Tests.Simulation.Parties;

/// <summary>
/// Two people at the operators' door of payout-builder. They decide anything about any payout, approve or take back what the other proposed, and
/// send a request that was not answered again, with its key.
/// </summary>
internal sealed class Operators(Debts debts, Dice dice, Tally tally, Trace trace)
{
    private static readonly string[] Names = ["first operator", "second operator"];

    private const int AnswersLostPerMille = 100;

    private readonly List<Guid> _proposals = [];
    private (PayoutId Payout, DecisionKind Kind, Decision Decision, string Key)? _unanswered;
    private int _requests;

    /// <summary>One request, sent to a payout-builder that lives. It never ends when that one dies meanwhile.</summary>
    public Task ActAsync(ServiceProcess builder) => _unanswered is null && _proposals.Count > 0 && dice.Chance(500)
        ? AnswerAsync(builder.Service<DecisionDesk>())
        : DecideAsync(builder.Service<DecisionDesk>());

    private async Task DecideAsync(DecisionDesk desk)
    {
        var repeated = _unanswered is not null;
        var request = _unanswered ??= Draw();
        trace.Add($"{request.Decision.By} says {request.Kind} to {request.Payout.Value.ToString()[..8]}{(repeated ? ", again" : "")}");
        var answer = await desk.DecideAsync(request.Payout.Value, request.Kind, request.Decision, request.Key, CancellationToken.None);
        // Now and then the answer gets lost on its way, and the request is sent again as it was.
        _unanswered = dice.Chance(AnswersLostPerMille) ? request : null;
        if (repeated)
            tally.Add("decision", "Repeated");
        if (answer is DecisionAnswer.Taken { Step: { Status: DecisionStatus.Proposed } step } && !_proposals.Contains(step.DecisionId))
            _proposals.Add(step.DecisionId);
        Count(request.Kind.ToString(), answer);
    }

    private async Task AnswerAsync(DecisionDesk desk)
    {
        var proposal = dice.Pick(_proposals);
        var answer = new Decision(dice.Pick(Names), "seen");
        var approves = dice.Chance(800);
        trace.Add($"{answer.By} {(approves ? "approves" : "withdraws")} proposal {_proposals.IndexOf(proposal)}");
        Count(approves ? "Approve" : "Withdraw", approves
            ? await desk.ApproveAsync(proposal, answer, CancellationToken.None)
            : await desk.WithdrawAsync(proposal, answer, CancellationToken.None));
    }

    private (PayoutId Payout, DecisionKind Kind, Decision Decision, string Key) Draw() =>
        (dice.Pick(debts.All).PayoutId, dice.Pick(Enum.GetValues<DecisionKind>()), new Decision(dice.Pick(Names), "a complaint"), FormattableString.Invariant($"request {++_requests}"));

    private void Count(string what, DecisionAnswer answer)
    {
        var became = answer is DecisionAnswer.Taken taken ? taken.Step.Status.ToString() : answer.GetType().Name;
        trace.Add($"  {what}: {became}");
        tally.Add("decision", $"{what} {became}");
    }
}
