using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Payouts.Contracts;
using Payouts.Submitter.Tests.Support;
using Payouts.Tests.Support;

namespace Payouts.Submitter.Tests.Confirming;

/// <summary>
/// What it costs to bring a payout from its envelope to its confirmation: calls of the RPC, and rows that PostgreSQL really read, scans
/// included. Ten in flight, a hundred, a thousand: the cost of each is the same.
/// </summary>
public sealed class When_thousands_are_confirmed(Servers servers, ITestOutputHelper output)
{
    private const int TicksPerLedger = 10;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 240_000)]
    public async Task Should_cost_each_the_same_however_many_are_in_flight()
    {
        var costs = new List<Cost>();
        foreach (var inFlight in new[] { 10, 100, 1000 })
        {
            costs.Add(await MeasureAsync(inFlight));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{inFlight} in flight: {costs[^1].CallsEach:0.00} calls and {costs[^1].RowsEach:0.0} rows each"));
        }

        costs[2].CallsEach.ShouldBeLessThanOrEqualTo(costs[0].CallsEach, "scans are shared, questions by hash are one or two each");
        costs[2].RowsEach.ShouldBeLessThanOrEqualTo(1.25 * costs[1].RowsEach, "no statement goes through what it does not take");
    }

    private async Task<Cost> MeasureAsync(int inFlight)
    {
        await using var network = await SubmittingNetwork.StartAsync(ledgerScale: 10);
        var database = await servers.CreateDatabaseAsync("submitter", Cancelled);
        var rpc = new WatchedRpc(network.Rpc);
        var payments = new List<SubmitPayout>();
        for (var number = 0; number < inFlight; number++)
            payments.Add(await network.SignedAsync($"channel {number}", (uint)number));
        await using (var store = await SubmitterStore.OpenAsync(database.Url, rpc, network.Options))
        {
            using var pump = store.Pump();
            using var checker = store.Checker();
            using var follower = store.Follower();
            await follower.StepOnceAsync(Cancelled);
            await store.StoreAsync(payments);
            for (var ledger = 0; ledger < 2; ledger++)
            {
                for (var tick = 0; tick < TicksPerLedger; tick++)
                {
                    store.Clock.Advance(network.Options.PollInterval);
                    foreach (var loop in new Payouts.Hosting.Background.BackgroundLoop[] { pump, checker, follower })
                    {
                        while (await loop.StepOnceAsync(Cancelled))
                        {
                            // There is more to do at once.
                        }
                    }
                }

                network.Close();
            }

            (await store.SaidAsync<PayoutConfirmed>()).Select(x => x.TransactionHash).ShouldBe(payments.Select(x => x.TransactionHash), ignoreOrder: true);
        }

        // A session tells what it read when it ends.
        NpgsqlConnection.ClearAllPools();
        await Probe.Until("all sessions have ended", async token => await database.ReadAsync<long>(
            "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'", token) == 0);
        var rows = await database.ReadAsync<decimal>(
            "select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) from pg_stat_user_tables where schemaname = 'payout_submitter' and relname in ('submissions', 'fee_bumps', 'ledger_cursors')", Cancelled);
        return new Cost((double)rpc.Calls() / inFlight, (double)rows / inFlight);
    }

    private sealed record Cost(double CallsEach, double RowsEach);
}
