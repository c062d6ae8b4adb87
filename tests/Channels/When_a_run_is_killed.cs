using Payouts.Stellar;
using Payouts.Tests.Support;

namespace Payouts.Channels.Tests;

/// <summary>The real program, killed while an envelope is on its way: it has no memory, the ledger is its memory.</summary>
public sealed class When_a_run_is_killed
{
    private const long FeePerOperation = 100;
    private const long Balance = 50_000_000;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 300_000)]
    public async Task Should_make_the_rest_and_nothing_twice()
    {
        await using var network = await PoolNetwork.StartAsync(closeTimeMs: 400);
        await using (var first = Program(network, "create", "--count", "1000"))
        {
            await first.LaunchAsync();
            await Probe.Until("some are made", () => network.Existing() >= 200, TimeSpan.FromSeconds(90));
            await first.KillAsync(Cancelled);
        }

        var before = network.Existing();
        before.ShouldBeLessThan(1000, "it was killed in the middle");
        await using var second = Program(network, "create", "--count", "1000");
        await second.LaunchAsync();

        (await second.WaitForExitAsync(TimeSpan.FromSeconds(120), Cancelled)).ShouldBe(ExitCodes.Done, second.Output);

        network.Existing().ShouldBe(1000);
        network.Spent.ShouldBe(1000 * (Balance + FeePerOperation), "each account was made once, and no transaction failed");
    }

    /// <summary>Killed right after it sent, the next run begins while the queue still holds the first one's envelope.</summary>
    [Fact(Timeout = 300_000)]
    public async Task Should_not_pay_twice_what_an_earlier_envelope_still_pays()
    {
        await using var network = await PoolNetwork.StartAsync(closeTimeMs: 100);
        await network.DoneAsync("create", "--count", "30", "--balance", "2");
        var spent = network.Spent;
        var stall = network.Ledger.Faults.Add(new Devnet.Faults.FaultRule { Kind = Devnet.Faults.FaultKind.LedgerStall });
        await using (var first = Program(network, "fund", "--min", "5", "--to", "8"))
        {
            await first.LaunchAsync();
            await Probe.Until("its envelope is in the queue", () => network.Ledger.PendingTransactions == 1, TimeSpan.FromSeconds(90));
            await first.KillAsync(Cancelled);
        }

        var second = network.DoneAsync("fund", "--min", "5", "--to", "8");
        network.Ledger.Faults.Remove(stall);
        await second;

        Enumerable.Range(0, 30).ShouldAllBe(number => network.BalanceOf(number) == 90_000_000);
        network.Spent.ShouldBe(spent + (30 * (70_000_000 + FeePerOperation)));
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_tell_an_interrupted_one_to_go_on()
    {
        await using var network = await PoolNetwork.StartAsync(closeTimeMs: 100);
        network.Ledger.Faults.Add(new Devnet.Faults.FaultRule { Kind = Devnet.Faults.FaultKind.LedgerStall });
        await using var run = Program(network, "create", "--count", "2");
        await run.LaunchAsync();
        await Probe.Until("its envelope is in the queue", () => network.Ledger.PendingTransactions == 1, TimeSpan.FromSeconds(90));

        (await run.StopAsync(Cancelled)).ShouldBe(ExitCodes.Interrupted, run.Output);

        run.Output.ShouldContain("run the same command again");
    }

    private static ServiceProcess Program(PoolNetwork network, params string[] arguments) => new(new ServiceProcessOptions
    {
        Assembly = RepositoryRoot.AssemblyOf("tools/channels", "payouts-channels"),
        Arguments = arguments,
        Environment = network.Settings.ToDictionary(x => x.Key, x => x.Value!),
    });
}
