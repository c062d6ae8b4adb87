using System.Globalization;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.Faults.Restores;

/// <summary>
/// The disaster and the way back of docs/operations.md, step by step: backups under load, more load, everything dies, some databases are put back, and the suite
/// must pay everybody once. A game plays on all the while. The ledger is the judge.
/// </summary>
internal sealed class Drill(RestoreSuite drills, Restore restore, CancellationToken cancellationToken)
{
    /// <summary>Several times the channels, so that a disaster finds payouts in every state.</summary>
    private const int PlayersPerRound = 40;

    /// <summary>Rounds of the game beside that begin after the way back.</summary>
    private const int RoundsAfterwards = 3;

    private static readonly TimeSpan StepMax = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan EndsWithin = TimeSpan.FromMinutes(12);

    /// <summary>Answers to requests that payout-signer forgot, words about payouts that payout-builder forgot, ends of rounds that rounds forgot: docs/operations.md names them.</summary>
    private static readonly string[] Expected = ["payout-signer.signing-completed: RequestUnknown", "payout-builder.payout: SagaException", "rounds.payout-settled: PayoutUnknown"];

    private readonly SuiteProcesses _suite = drills.Suite;

    /// <summary>What was seen on the way, for whoever runs it.</summary>
    public List<string> Seen { get; } = [];

    public async Task RunAsync()
    {
        var (before, during, after, late) = (Round("before"), Round("during"), Round("after"), Round("late"));
        DrillRound[] rounds = [before, during, after, late];
        var live = new LiveGame(drills);
        live.Begin(cancellationToken);

        await PlayAsync(before);
        await _suite.SettledAsync(before.Id, StepMax, cancellationToken);
        await PlayAsync(during);
        await PaidAsync(during);
        var since = TimeProvider.System.GetUtcNow();
        await Task.WhenAll(SuiteServices.Names.Select(service => drills.Backups.TakeAsync(service, cancellationToken)));
        Seen.Add($"backup: {await StatesAsync()}");

        // Life goes on: what was in flight is paid, and a round that the backups do not know at all; the last round is in the middle of it.
        await PlayAsync(after);
        await _suite.SettledAsync(during.Id, StepMax, cancellationToken);
        await _suite.SettledAsync(after.Id, StepMax, cancellationToken);
        var known = drills.NotedCheckpoint;
        await Probe.Until("a checkpoint is noted that no backup has", () => drills.NotedCheckpoint != known, StepMax, cancellationToken);
        await Probe.Until("the backup is as old as asked for", () => TimeProvider.System.GetUtcNow() - since >= Chosen.BackupAge, Chosen.BackupAge + StepMax, cancellationToken);
        await PlayAsync(late);
        await PaidAsync(late);
        await drills.KillAllAsync(cancellationToken);
        var minutes = (TimeProvider.System.GetUtcNow() - since).TotalMinutes.ToString("0.0", CultureInfo.InvariantCulture);
        Seen.Add($"disaster, {minutes} minutes after the backup: {await StatesAsync()}");
        var played = live.Said.Count;

        await RestoreAsync();
        var reports = new DriftReports(_suite, restore, StepMax, cancellationToken);
        await reports.ShouldBeMadeAsync(after);
        Seen.AddRange(reports.Seen);
        // The game heard nothing of some rounds, and cannot know which of its messages are remembered.
        if (restore.Has("rounds") || restore.QueuesLost)
            foreach (var round in rounds.Concat(live.Said))
                await PlayAsync(round);
        await CommandAsync("rounds", ["announce", "--since", since.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)]);
        var meanwhile = live.Said.Count - played;
        meanwhile.ShouldBeGreaterThan(0, "the game played while the services came back");
        var last = await live.NextAsync(RoundsAfterwards, cancellationToken);
        await live.EndAsync();
        Seen.Add(string.Create(CultureInfo.InvariantCulture, $"the game played {played} rounds beside until the disaster, {meanwhile} until the end of the way back and {last.Count} or more after it"));
        foreach (var round in rounds.Concat(live.Said))
            await SettledAsync(round);
        foreach (var round in rounds.Concat(live.Said))
            _suite.ShouldHavePaidEachOnce(round.Number, round.Players);
        await ShouldBeInOrderAsync(after);
        await reports.ShouldBeTakenBackAsync();
    }

    /// <summary>Steps 2 to 5 of docs/operations.md.</summary>
    private async Task RestoreAsync()
    {
        foreach (var service in restore.Services)
            await drills.Backups.RestoreAsync(service, cancellationToken);
        if (restore.QueuesLost)
            await drills.LoseQueuesAsync(cancellationToken);
        Seen.Add($"restored: {await StatesAsync()}");
        if (restore.Has("rounds"))
            await ShouldMissTheCheckpointAsync(drills.NotedCheckpoint!);
        var recovered = await CommandAsync("payout-builder", ["recover"]);
        recovered.ShouldNotStartWith("0 payouts");
        await drills.StartAllAsync(cancellationToken);
    }

    /// <summary>A restored rounds is consistent in itself; the checkpoint that was kept elsewhere tells that it is not the newest.</summary>
    private async Task ShouldMissTheCheckpointAsync(string noted)
    {
        var (code, output) = await _suite.RunCommandAsync("rounds", ["verify", "--checkpoint", noted], StepMax, cancellationToken);
        code.ShouldBe(1, output);
        var broken = output.Split('\n').Single(line => line.StartsWith("BROKEN ", StringComparison.Ordinal));
        broken.ShouldContain($"was noted as {noted} and is gone: the chain ends at ");
        Seen.Add($"rounds verify --checkpoint: {broken}");
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

    private async Task<string> CommandAsync(string service, string[] arguments)
    {
        var (code, output) = await _suite.RunCommandAsync(service, arguments, StepMax, cancellationToken);
        if (code != 0)
            throw new InvalidOperationException($"{service} {string.Join(' ', arguments)} ended with code {code}: {output}");
        Seen.Add($"{service} {arguments[0]}: {output.Trim().Split('\n')[0]}");
        return output;
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

    /// <summary>The first of a round is paid: the others are on their way, or wait for a channel.</summary>
    private Task PaidAsync(DrillRound round) => Probe.Until($"the first of {round.Id} is paid", () => _suite.Devnet.Ledger.Payouts().Any(x => x.RoundId == round.Number), StepMax, cancellationToken);

    private DrillRound Round(string name) => drills.NextRound(name, PlayersPerRound);

    private async Task<string> StatesAsync()
    {
        await using var connection = await _suite.Database.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "select string_agg(state || ' ' || n, ', ' order by state) from (select current_state as state, count(*) as n from payout_builder.payouts group by 1) x";
        return await command.ExecuteScalarAsync(cancellationToken) as string ?? "no payouts";
    }
}
