using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.EndToEnd;

/// <summary>Another program paid one of the winners before the suite heard of the round: four processes, RabbitMQ and PostgreSQL.</summary>
public sealed class When_somebody_else_paid(Servers servers)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(90);
    private static readonly string[] Players = [.. Enumerable.Range(0, 5).Select(SuiteKeys.Player)];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 180_000)]
    public async Task Should_find_that_payment_and_settle()
    {
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions { Players = Players, Signing = SigningMode.HotKey }, Cancelled);
        var hash = await AdminByHand.PayAsync(suite, roundNumber: 9, Players[0], Cancelled);

        await suite.Game.PlayAsync("twice", 9, Players, Cancelled);
        await suite.SettledAsync("twice", Within, Cancelled);

        suite.ShouldHavePaidEachOnce(9, Players);
        var found = await suite.Database.ReadAsync<string>($"select transaction_hash from payout_builder.payouts where winner = '{Players[0]}'", Cancelled);
        found.ShouldBe(hash);
    }
}
