using Payouts.Contracts;
using Payouts.Signer.Intent;
using Payouts.Signer.Requests;
using Payouts.Signer.Tests.Support;

namespace Payouts.Tests.Attacks;

/// <summary>A call that payout-builder wants authorized and that is not the one that is owed: it is never shown to anybody who could sign it.</summary>
internal sealed record AuthorizeAttack(string Name, IntentProblem Problem, Func<Installation, AuthorizePayout> Make) : Attack(Holder.Builder, Name, Problem.ToString())
{
    public override IReadOnlyList<Way> Ways => [Way.RabbitMq];

    public override bool NeedsOpenRequest => false;

    public override string Seen => $"AuthorizationFailed IntentMismatch; a Refused row; `signer_requests_total{{decision=\"{Problem}\"}}`; an error";

    public override Task<Blow> PrepareAsync(Scene scene, Victim victim, Way way)
    {
        var command = Make(victim.At);
        return Task.FromResult(new Blow(() => StrikeAsync(scene, command))
        {
            Counted = new Dictionary<string, double> { [Counters.Request(Problem.ToString())] = 1 },
            Logged = $"payout {command.PayoutId} attempt {command.Attempt}: not signed: {Problem}: ",
        });
    }

    private async Task StrikeAsync(Scene scene, AuthorizePayout command)
    {
        await scene.SayAsync("payout-builder", command);
        var failed = await scene.Host.NotAuthorizedAsync(command.PayoutId);
        (failed.Code, failed.Attempt).ShouldBe((FailureCode.IntentMismatch, command.Attempt));
        failed.Detail.ShouldStartWith($"{Problem}: ");
        var row = (await scene.Host.StoredAsync(command.PayoutId)).ShouldHaveSingleItem();
        (row.State, row.Decision, row.Reason).ShouldBe((SignRequestState.Refused, Problem.ToString(), failed.Detail));
        scene.Host.Witness.Requests.ShouldNotContain(request => request.PayoutId == command.PayoutId);
        scene.Host.Witness.Authorized.ShouldNotContain(authorized => authorized.PayoutId == command.PayoutId);
    }
}
