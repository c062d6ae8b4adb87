using System.Globalization;
using Payouts.Devnet.Options;
using Payouts.Devnet.Queue;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Throughput;

/// <summary>
/// A measurement, run on demand: what one payout costs at each step, in processor time of this process, so that other load on the machine
/// does not count. Simulations go through the client and HTTP; submission and closing are the ledger's own work.
/// </summary>
public sealed class When_many_payouts_are_applied : NetworkTest
{
    private const int Payouts = 2_000;

    protected override Func<DevnetOptions, DevnetOptions> Change => options => options with { CapacitySoroban = Payouts, LedgerScale = 20 };

    [Fact(Explicit = true, Timeout = 120_000)]
    public async Task Should_apply_a_thousand_a_second_on_one_core()
    {
        // The first few warm the code up.
        await RunAsync("warm", 200);
        var figures = await RunAsync("timed", Payouts);

        TestContext.Current.SendDiagnosticMessage(figures.ToString());
        figures.AppliedPerSecond.ShouldBeGreaterThan(1_000, figures.ToString());
    }

    private async Task<Figures> RunAsync(string name, int count)
    {
        var channels = Enumerable.Range(0, count).Select(i => Net.Account(string.Create(CultureInfo.InvariantCulture, $"{name} channel {i}"))).ToList();
        var winners = Enumerable.Range(0, count).Select(i => Net.Account(string.Create(CultureInfo.InvariantCulture, $"{name} winner {i}"))).ToList();
        var clock = ProcessorTime();
        var payouts = new List<Transaction>();
        for (var i = 0; i < count; i++)
        {
            payouts.Add(await Net.PayoutAsync(channels[i], Net.Order(winners[i], round: (uint)i)));
        }

        var simulated = ProcessorTime() - clock;
        clock = ProcessorTime();
        foreach (var payout in payouts)
        {
            // As it comes off the wire: decoded, hashed and verified again.
            Net.Ledger.Submit(Stellar.Xdr.XdrCodec.FromBase64<Stellar.Xdr.TransactionEnvelope>(payout.ToBase64())).ShouldBeOfType<QueueAnswer.Pending>();
        }

        var sent = ProcessorTime() - clock;
        clock = ProcessorTime();
        Net.CloseLedger();
        var closed = ProcessorTime() - clock;
        (await Net.FindAsync(payouts[^1].Hash(Net.Network))).ShouldNotBeNull().Status.ShouldBe(TransactionStatus.SUCCESS);
        return new Figures(count / simulated.TotalSeconds, count / sent.TotalSeconds, count / closed.TotalSeconds, count / (sent + closed).TotalSeconds);
    }

    private static TimeSpan ProcessorTime() => Environment.CpuUsage.TotalTime;

    private sealed record Figures(double SimulatedPerSecond, double SentPerSecond, double ClosedPerSecond, double AppliedPerSecond);
}
