using System.Globalization;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.Faults.Restores;

/// <summary>
/// The disaster and the way back of docs/operations.md, step by step: backups under load, more load, everything dies, some databases are put back, and the suite
/// must pay everybody once. The ledger is the judge.
/// </summary>
internal sealed class Drill(RestoreSuite drills, Restore restore, CancellationToken cancellationToken)
{
    private static readonly TimeSpan StepMax = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan EndsWithin = TimeSpan.FromMinutes(12);

    /// <summary>Answers to requests that payout-signer forgot, words about payouts that payout-builder forgot, ends of rounds that rounds forgot: docs/operations.md names them.</summary>
    private static readonly string[] Expected = ["payout-signer.signing-completed: RequestUnknown", "payout-builder.payout: SagaException", "rounds.payout-settled: PayoutUnknown"];

    private readonly SuiteProcesses _suite = drills.Suite;

    /// <summary>What was seen on the way, for whoever runs it.</summary>
    public List<string> Seen { get; } = [];

    public async Task RunAsync()
    {
        var before = drills.NextRound("before");
        var during = drills.NextRound("during");
        var after = drills.NextRound("after");
        var late = drills.NextRound("late");
        DrillRound[] rounds = [before, during, after, late];

        await PlayAsync(before);
        await _suite.SettledAsync(before.Id, StepMax, cancellationToken);
        await PlayAsync(during);
        await PaidAsync(during, RestoreSuite.PlayersPerRound / 3);
        var since = TimeProvider.System.GetUtcNow();
        await Task.WhenAll(SuiteServices.Names.Select(service => drills.Backups.TakeAsync(service, cancellationToken)));
        Seen.Add($"backup: {await StatesAsync()}");

        // Life goes on: what was in flight is paid, and a round that the backups do not know at all; the last round is in the middle of it.
        await PlayAsync(after);
        await _suite.SettledAsync(during.Id, StepMax, cancellationToken);
        await _suite.SettledAsync(after.Id, StepMax, cancellationToken);
        await PlayAsync(late);
        await PaidAsync(late, RestoreSuite.PlayersPerRound / 3);
        await drills.KillAllAsync(cancellationToken);
        Seen.Add($"disaster: {await StatesAsync()}");

        foreach (var service in restore.Services)
            await drills.Backups.RestoreAsync(service, cancellationToken);
        if (restore.QueuesLost)
            await drills.LoseQueuesAsync(cancellationToken);
        Seen.Add($"restored: {await StatesAsync()}");
        await CommandAsync("payout-builder", ["recover"]);
        await drills.StartAllAsync(cancellationToken);
        if (restore.Has("payout-builder"))
            await Probe.Until("reconciliation finds what is paid and forgotten", token => CountAsync("payout_builder.reconciliation_findings where kind = 'PaidUnplanned'", token), count => count > 0, StepMax, cancellationToken: cancellationToken);
        // The game heard nothing of some rounds, and cannot know which of its messages are remembered.
        foreach (var round in rounds)
            await PlayAsync(round);
        await CommandAsync("rounds", ["announce", "--since", since.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)]);
        foreach (var round in rounds)
            await SettledAsync(round);
        foreach (var round in rounds)
            _suite.ShouldHavePaidEachOnce(round.Number, round.Players);
        await ShouldBeInOrderAsync(after);
    }

    /// <summary>Nothing is left over, and what reports it says so.</summary>
    private async Task ShouldBeInOrderAsync(DrillRound round)
    {
        await Probe.Until("the outboxes are empty", _suite.OutboxAsync, count => count == 0, StepMax, cancellationToken: cancellationToken);
        await Probe.Until("reconciliation has nothing left to say", token => CountAsync("payout_builder.reconciliation_findings where resolved_at is null", token), count => count == 0, StepMax, cancellationToken: cancellationToken);
        (await CountAsync("payout_builder.payouts where current_state <> 'Confirmed'", cancellationToken)).ShouldBe(0);
        (await _suite.OpenLettersAsync(cancellationToken)).Where(letter => !Expected.Any(letter.Contains)).ShouldBeEmpty($"{restore}: dead letters that docs/operations.md does not expect");
        await CommandAsync("payout-builder", ["reconcile", "--round", round.Id]);
        await CommandAsync("rounds", ["verify"]);
    }

    private Task<long> CountAsync(string rows, CancellationToken token) => _suite.Database.ReadAsync<long>($"select count(*) from {rows}", token);

    private async Task CommandAsync(string service, string[] arguments)
    {
        var (code, output) = await _suite.RunCommandAsync(service, arguments, StepMax, cancellationToken);
        if (code != 0)
            throw new InvalidOperationException($"{service} {string.Join(' ', arguments)} ended with code {code}: {output}");
        Seen.Add($"{service} {arguments[0]}: {output.Trim().Split('\n')[0]}");
    }

    private Task PlayAsync(DrillRound round) => _suite.Game.PlayAsync(round.Id, round.Number, round.Players, cancellationToken);

    private async Task SettledAsync(DrillRound round)
    {
        try
        {
            await _suite.SettledAsync(round.Id, EndsWithin, cancellationToken);
        }
        catch (ProbeTimeoutException late)
        {
            throw new ProbeTimeoutException(string.Join('\n', [late.Message, .. Seen, await _suite.DescribeAsync(cancellationToken)]), late);
        }
    }

    private Task PaidAsync(DrillRound round, int least) => Probe.Until(
        string.Create(CultureInfo.InvariantCulture, $"{least} of {round.Id} are paid"),
        () => _suite.Devnet.Ledger.Payouts().Count(x => x.RoundId == round.Number) >= least, StepMax, cancellationToken);

    private async Task<string> StatesAsync()
    {
        await using var connection = await _suite.Database.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "select string_agg(state || ' ' || n, ', ' order by state) from (select current_state as state, count(*) as n from payout_builder.payouts group by 1) x";
        return await command.ExecuteScalarAsync(cancellationToken) as string ?? "no payouts";
    }
}
