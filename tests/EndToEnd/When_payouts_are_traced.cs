using System.Text.Json;
using System.Text.Json.Nodes;
using Payouts.Tests.EndToEnd.Tracing;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.EndToEnd;

/// <summary>From the round's opening, or the order of a direct payout, to the settlement, across four services and the external signer: one trace a payout, found by the payout's id.</summary>
public sealed class When_payouts_are_traced(Servers servers)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(60);
    private static readonly string[] Players = [.. Enumerable.Range(0, 5).Select(SuiteKeys.Player)];

    private static readonly string[] Steps =
    [
        "local-signer sign", "payout-builder AwaitingConfirmation", "payout-builder AwaitingSignature", "payout-builder Building", "payout-builder Submitting",
        "payout-signer signature", "payout-submitter transaction", "rounds owed", "rounds round",
    ];

    /// <summary>A direct payout is owed from its order on, and belongs to no round.</summary>
    private static readonly string[] DirectSteps = [.. Steps.Where(step => step != "rounds round")];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 180_000)]
    public async Task Should_hold_every_step_under_the_payouts_own_id_and_log_lines_that_name_it()
    {
        await using var collector = await Collector.StartAsync(Cancelled);
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions
        {
            Players = Players,
            Extra = new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address, ["OTEL_BSP_SCHEDULE_DELAY"] = "200", ["PAYOUTS_LOG_FORMAT"] = "json", ["Logging__LogLevel__Payouts"] = "Debug", ["PAYOUTS_DIRECT_PAYOUTS"] = "true",
            },
        }, Cancelled);
        // A transaction's time is taken before it waits for a lock: only when the opening has committed does everything else begin after it.
        await suite.Game.OpenAsync("traced", 1, Cancelled);
        await suite.InStateAsync("traced", "OPEN", Within, Cancelled);
        await suite.Game.PlayAsync("traced", 1, Players, Cancelled);
        await suite.Game.PublishAsync("DirectPayoutRequested", new JsonObject
        {
            ["reference"] = "refund/1", ["context"] = "refunds", ["poolId"] = 7, ["roundNumber"] = 501, ["winner"] = Players[0], ["amount"] = "10", ["currency"] = "XLM", ["reason"] = "traced too",
        }, Cancelled);
        await suite.SettledAsync("traced", Within, Cancelled);

        var ids = await Probe.Until("the direct payout is planned too", _ => PayoutIdsAsync(suite), x => x.Count == Players.Length + 1, Within, cancellationToken: Cancelled);
        var spans = await Probe.Until("all steps of all payouts have arrived", _ => Task.FromResult(collector.Spans), x => x.Count >= (Players.Length * Steps.Length) + DirectSteps.Length, Within, cancellationToken: Cancelled);
        spans.Select(x => x.TraceId).Distinct().Order(StringComparer.Ordinal).ShouldBe(ids.Select(x => $"{x:N}").Order(StringComparer.Ordinal));
        var direct = spans.GroupBy(x => x.TraceId).Single(trace => trace.All(x => x.Name != "round"));
        direct.Single(x => x.Name == "owed").Tags["direct.reference"].ShouldBe("refund/1");
        foreach (var trace in spans.GroupBy(x => x.TraceId))
        {
            var first = trace.Key == direct.Key ? "owed" : "round";
            trace.Select(x => $"{x.Service} {x.Name}").Order(StringComparer.Ordinal).ShouldBe(first == "round" ? Steps : DirectSteps);
            trace.ShouldAllBe(x => x.ParentId == trace.Key.Substring(16) && x.StartNs <= x.EndNs && x.Tags["payout.id"].Replace("-", "") == trace.Key);
            if (first == "round")
                trace.Single(x => x.Name == first).Tags["round.id"].ShouldBe("traced");
            trace.Single(x => x.Name == "transaction").Tags["stellar.transaction"].Length.ShouldBe(64);
            trace.Min(x => x.StartNs).ShouldBe(trace.Single(x => x.Name == first).StartNs, $"{first} is first");
            trace.Max(x => x.EndNs).ShouldBe(trace.Single(x => x.Name == "owed").EndNs, "the round's knowing is last");
        }

        foreach (var service in suite.Services.Values)
            LinesOf(service).Count.ShouldBeGreaterThan(0, service.Name);
        foreach (var name in new[] { "payout-signer", "local-signer" })
            LinesOf(suite[name]).Any(line => line.TryGetProperty("payoutId", out var id) && id.GetGuid() == ids[0]).ShouldBeTrue(name);
    }

    /// <summary>What each line of a process says, as members. The first line may be cut: a process's output is kept to a bound.</summary>
    private static List<JsonElement> LinesOf(ServiceProcess service) =>
        [.. service.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Skip(1)
            .Select(line => Should.NotThrow(() => JsonDocument.Parse(line), $"{service.Name}: {line}").RootElement.GetProperty("State"))];

    private static async Task<List<Guid>> PayoutIdsAsync(SuiteProcesses suite)
    {
        await using var connection = await suite.Database.OpenAsync(Cancelled);
        await using var command = connection.CreateCommand();
        command.CommandText = "select payout_id from payout_builder.payouts";
        await using var reader = await command.ExecuteReaderAsync(Cancelled);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(Cancelled))
            ids.Add(reader.GetGuid(0));
        return ids;
    }
}
