using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MassTransit;
using Payouts.Contracts;
using Payouts.Stellar.Rpc;

namespace Payouts.Run.Play;

/// <summary>Plays one round and judges it: exit code 0 only when it is SETTLED and the ledger shows exactly what was owed as paid.</summary>
internal static class PlayCommand
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Nothing new for so long means that nothing will come by itself.</summary>
    private static readonly TimeSpan StandstillMax = TimeSpan.FromMinutes(2);

    public static async Task<int> RunAsync(FileInfo file, bool all, EmbeddedOptions options, CancellationToken cancellationToken)
    {
        var round = await RoundFile.ReadAsync(file, cancellationToken);
        var players = round.Entries.Select(entry => entry.Player).Distinct(StringComparer.Ordinal)
            .Where(player => Stellar.AccountId.TryParse(player, out _)).ToList();
        Console.WriteLine($"starting four services, a devnet and a signer for round {round.RoundId}: {round.Entries.Count} players, {round.Draw.Winners.Count} winners");
        await using var suite = await EmbeddedSuite.StartAsync(options with { Players = players }, cancellationToken);
        using var http = new HttpClient { BaseAddress = suite.Address };
        var view = new SuiteView(http);
        var ledger = new LedgerBalances(suite.App.Services.GetRequiredService<ISorobanRpcClient>());
        var before = await ledger.SumAsync(players, cancellationToken);

        var clock = Stopwatch.StartNew();
        await new GameBackend(suite.App.Services.GetRequiredService<IBus>()).PublishAsync(round, cancellationToken);
        var (last, refusal) = await FollowAsync(round.RoundId, view, options, clock, cancellationToken);
        clock.Stop();

        var paid = await ledger.SumAsync(players, cancellationToken) - before;
        return await ReportAsync(round, last, refusal, paid, clock.Elapsed, view, all, cancellationToken);
    }

    private static async Task<(RoundView? Last, string? Refusal)> FollowAsync(string roundId, SuiteView view, EmbeddedOptions options, Stopwatch clock, CancellationToken cancellationToken)
    {
        RoundView? last = null;
        var (progressAt, movedAt) = (TimeSpan.Zero, TimeSpan.Zero);
        while (true)
        {
            var now = await view.RoundAsync(roundId, cancellationToken);
            if (now != last)
                movedAt = clock.Elapsed;
            last = now;
            if (clock.Elapsed >= progressAt || now?.State == "SETTLED")
            {
                Console.WriteLine($"{Seconds(clock.Elapsed)}  {now?.State ?? "(not open yet)",-10} {now?.Confirmed ?? 0} of {now?.Payouts ?? 0} payouts confirmed");
                progressAt = clock.Elapsed + ProgressInterval;
            }

            if (now?.State == "SETTLED")
                return (now, null);
            if (now?.State != "RESOLVED" && await view.RefusalAsync(cancellationToken) is { } refusal)
                return (now, refusal);
            if (now?.State == "RESOLVED" && await IsStuckAsync(roundId, now, view, options, cancellationToken))
                return (now, null);
            if (clock.Elapsed - movedAt > StandstillMax)
                return (now, $"nothing moved for {StandstillMax.TotalSeconds:0} s");
            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    /// <summary>Every payout that is not confirmed has come to a stop of its own: built only, on hold, or failed.</summary>
    private static async Task<bool> IsStuckAsync(string roundId, RoundView round, SuiteView view, EmbeddedOptions options, CancellationToken cancellationToken)
    {
        var open = round.Payouts - round.Confirmed;
        if (options.Mode == SuiteMode.BuildOnly)
            return (await view.InStateAsync(roundId, "Built", cancellationToken)).Count >= Math.Min(open, 1000);
        var held = (await view.InStateAsync(roundId, "OnHold", cancellationToken)).Count + (await view.InStateAsync(roundId, "Failed", cancellationToken)).Count;
        return held > 0 && held >= open;
    }

    private static async Task<int> ReportAsync(RoundFile round, RoundView? last, string? refusal, Int128 paid, TimeSpan elapsed, SuiteView view, bool all, CancellationToken cancellationToken)
    {
        var payouts = last is null ? [] : await view.PayoutsAsync(round.RoundId, cancellationToken);
        PayoutTable.Print(payouts, all);
        var held = last is null ? [] : await view.InStateAsync(round.RoundId, "OnHold", cancellationToken);
        foreach (var payout in held.Take(20))
            Console.WriteLine($"on hold: {payout.Winner} {payout.HoldCode}: {payout.HoldDetail}");
        if (refusal is not null)
            Console.WriteLine($"not settled: {refusal}");
        var owed = payouts.Aggregate(Stroops.Zero, (sum, payout) => sum + payout.Amount);
        var settled = last?.State == "SETTLED" && paid == owed.Value;
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            round = round.RoundId,
            state = last?.State ?? "UNKNOWN",
            owedStroops = (decimal)owed.Value,
            paidStroops = (decimal)paid,
            payouts = payouts.Count,
            confirmed = payouts.Count(x => x.Outcome == nameof(PayoutOutcome.Confirmed)),
            failed = payouts.Count(x => x.Outcome == nameof(PayoutOutcome.Failed)),
            onHold = held.Count,
            transactions = payouts.Where(x => x.TransactionHash is not null).Select(x => x.TransactionHash).Distinct().Count(),
            elapsedMs = (long)elapsed.TotalMilliseconds,
        }));
        return settled ? 0 : 1;
    }

    private static string Seconds(TimeSpan elapsed) => string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds,6:0.0} s");
}
