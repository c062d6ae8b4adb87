using System.Text.Json;
using Payouts.Tests.Support;

namespace Payouts.Channels.Tests;

/// <summary>What channels are for: the ledger takes one transaction of an account, so as many payouts fit a ledger as there are channels.</summary>
public sealed class When_there_are_more_channels
{
    private const int Payouts = 32;

    /// <summary>
    /// Judged by the ledger alone: one is closed only when every channel that can have a payout has one in the queue, so the count of ledgers does not
    /// depend on how fast this machine is.
    /// </summary>
    [Theory(Timeout = 300_000)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(16)]
    public async Task Should_take_as_many_payouts_a_ledger(int channels)
    {
        await using var suite = await RunningSuite.StartAsync(channels, Payouts);
        var round = await suite.OweAsync(Payouts);

        for (var left = Payouts; left > 0; left -= channels)
        {
            var together = Math.Min(channels, left);
            await Probe.Until($"{together} payouts are in the queue, {left} are left", () => suite.Ledger.PendingTransactions == together, TimeSpan.FromSeconds(60));
            suite.Ledger.CloseLedger();
        }

        await suite.PaidAsync(round, Payouts);
        var paid = await suite.PayoutsAsync(round);
        var ledgers = paid.GroupBy(x => x.GetProperty("ledger").GetInt64()).ToList();
        ledgers.Count.ShouldBe(Payouts / channels);
        ledgers.ShouldAllBe(ledger => ledger.Count() == channels);
        paid.Select(x => (Text(x, "channel"), x.GetProperty("ledger").GetInt64())).ShouldBeUnique("one transaction of an account a ledger");
        suite.Ledger.Payouts().Count.ShouldBe(Payouts);
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
