using System.Text.Json.Nodes;
using Payouts.OperatorConsole.Output;

namespace Payouts.OperatorConsole.Why;

/// <summary>What a human could do about a payout now: the rules of payout-builder's decisions, which judge again when one is typed. Pure.</summary>
internal static class NextSteps
{
    private const string Reason = "--reason \"...\"";

    public static IReadOnlyList<NextStep> Of(PayoutPicture picture, Clock clock)
    {
        var (id, steps) = (picture.Payout.Text("payoutId"), new List<NextStep>());
        foreach (var open in picture.OpenDecisions(clock))
        {
            steps.Add(new NextStep($"{open.Text("kind")}, proposed by {open.Text("by")}, waits for somebody else until {clock.Show(open.Text("expiresAt"))}", $"decisions approve {open.Text("decisionId")} {Reason}"));
            steps.Add(new NextStep("or take it back", $"decisions withdraw {open.Text("decisionId")} {Reason}"));
        }

        foreach (var held in picture.SignRequests.Where(x => x.Text("state") == "Held"))
        {
            if (held.Text("decision") == "ApprovalMissing")
                steps.Add(new NextStep("somebody with the role approve looks at it and approves it", $"sign-requests approve {held.Text("requestId")} {Reason}"));
        }

        if (steps.Count == 0)
            steps.AddRange(ByState(picture, id));
        return steps;
    }

    private static IEnumerable<NextStep> ByState(PayoutPicture picture, string id)
    {
        var (state, code) = (picture.Payout.Text("state"), picture.Payout.Text("holdCode"));
        switch (state)
        {
            case "Building" or "Authorizing":
                yield return new NextStep("nothing; while no channel is free it waits for one", "channels list");
                yield return new NextStep("or stop it before anybody could sign it", $"payouts hold {id} {Reason}");
                break;
            case "AwaitingSignature":
                yield return new NextStep("ask those who have not signed; without an answer it is built and asked for anew", $"sign-requests list --payout {id}");
                break;
            case "Submitting" or "AwaitingConfirmation" or "Grouped":
                yield return new NextStep("nothing: the ledger decides; look again", $"payouts why {id}");
                break;
            case "OnHold" or "Failed":
                foreach (var step in Stopped(id, state, code))
                    yield return step;
                break;
            default:
                yield return new NextStep("nothing: this is an end");
                break;
        }
    }

    private static IEnumerable<NextStep> Stopped(string id, string state, string code)
    {
        if (HoldAdvice.For(code) is { } advice)
            yield return new NextStep(advice);
        if (code == "Operator")
            yield return new NextStep("let it go on", $"payouts release {id} {Reason}");
        else
            yield return new NextStep("when the cause is gone, build it again", $"payouts retry {id} {Reason}");
        if (state == "OnHold")
            yield return new NextStep("ask contract and ledger who paid it", $"payouts verify {id} {Reason}");
        yield return new NextStep("or do not pay it, its round then does not settle", $"payouts cancel {id} {Reason}");
        yield return new NextStep("or do not pay it, and take it out of what is owed", $"payouts write-off {id} {Reason}");
    }
}
