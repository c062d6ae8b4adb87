using Payouts.Contracts;
using Payouts.Signer.Intent;
using Payouts.Signer.Requests;
using Payouts.Signer.Tests.Support;

namespace Payouts.Tests.Attacks;

/// <summary>A transaction that payout-builder wants signed and that is not the one that is owed: it is never shown to anybody who could sign it.</summary>
internal sealed record RequestAttack(string Name, IntentProblem Problem, Func<Installation, SignPayout> Make) : Attack(Holder.Builder, Name, Problem.ToString())
{
    public override IReadOnlyList<Way> Ways => [Way.RabbitMq];

    public override bool NeedsOpenRequest => false;

    public override string Seen => $"PayoutFailed IntentMismatch; a Refused row; `signer_requests_total{{decision=\"{Problem}\"}}`; an error";

    public override Task<Blow> PrepareAsync(Scene scene, Victim victim, Way way)
    {
        var command = Make(victim.At);
        return Task.FromResult(new Blow(() => StrikeAsync(scene, command))
        {
            Counted = new Dictionary<string, double> { [Counters.Request(Problem.ToString())] = 1 },
            Logged = $"payout {command.PayoutId} attempt {command.Attempt}: not signed: {Problem}: ",
            Failures = 1,
        });
    }

    private async Task StrikeAsync(Scene scene, SignPayout command)
    {
        await scene.SayAsync("payout-builder", command);
        var failed = await scene.Host.FailedAsync(command.PayoutId);
        (failed.Stage, failed.Code, failed.Transient, failed.Attempt, failed.Slot).ShouldBe((PayoutStage.Sign, FailureCode.IntentMismatch, false, command.Attempt, command.Slot));
        failed.Detail.ShouldStartWith($"{Problem}: ");
        var row = (await scene.Host.StoredAsync(command.PayoutId)).ShouldHaveSingleItem();
        (row.State, row.Decision, row.Reason).ShouldBe((SignRequestState.Refused, Problem.ToString(), failed.Detail));
        scene.Host.Witness.Requests.ShouldNotContain(request => request.TransactionHash == command.TransactionHash && request.PayoutId == command.PayoutId);
    }
}

/// <summary>A transaction for which neither a round nor a direct order announces a debt: it waits, and its payout fails when none has come in time.</summary>
internal sealed record UnowedAttack(string Name, Func<Installation, SignPayout> Make) : Attack(Holder.Builder, Name, nameof(FailureCode.OrderUnknown))
{
    private static readonly TimeSpan OrderWaitMax = TimeSpan.FromSeconds(1);

    public override IReadOnlyList<Way> Ways => [Way.RabbitMq];

    public override string Seen => "PayoutFailed OrderUnknown; a Refused row; `signer_requests_total{decision=\"OrderUnknown\"}`; an error";

    public override async Task<Blow> PrepareAsync(Scene scene, Victim victim, Way way)
    {
        // One that does not wait for minutes, on a broker of its own.
        var host = await scene.StartAnotherAsync(new Signer.Configuration.SignerOptions { OrderWaitMax = OrderWaitMax });
        var command = Make(scene.NextRound());
        return new Blow(async () =>
        {
            await host.SendAsync(command);
            var failed = await host.FailedAsync(command.PayoutId);
            (failed.Stage, failed.Code, failed.Transient).ShouldBe((PayoutStage.Sign, FailureCode.OrderUnknown, false));
            var row = (await host.StoredAsync(command.PayoutId)).ShouldHaveSingleItem();
            (row.State, row.Decision).ShouldBe((SignRequestState.Refused, nameof(FailureCode.OrderUnknown)));
            host.LogLines.ShouldContain(line => line.Contains($"payout {command.PayoutId} attempt 1: not signed: no RoundResolved announced this payout", StringComparison.Ordinal));
            host.Witness.Requests.ShouldBeEmpty();
            host.Witness.Signed.ShouldBeEmpty();
        })
        {
            Counted = new Dictionary<string, double> { [Counters.Request(nameof(SignRequestState.AwaitingOrder))] = 1, [Counters.Request(nameof(FailureCode.OrderUnknown))] = 1 },
            AfterAsync = () => host.DisposeAsync().AsTask(),
        };
    }
}
