using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.EndToEnd;

/// <summary>SIGKILL at chosen moments of a round: it settles, paid = owed, nobody twice.</summary>
public sealed class When_a_service_is_killed(Servers servers)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(120);
    private static readonly string[] Players = [.. Enumerable.Range(100, 50).Select(SuiteKeys.Player)];

    /// <summary>The service, and the moment as the database shows it: the first row of the query that counts above zero.</summary>
    public static TheoryData<string, string, string> Moments => new()
    {
        { "rounds", "entries are stored", "select count(*) from rounds.rounds" },
        { "payout-builder", "payouts are planned", "select count(*) from payout_builder.payouts" },
        { "payout-builder", "some wait for their signature", "select count(*) from payout_builder.payouts where current_state = 'AwaitingSignature'" },
        { "payout-signer", "the first request is open", "select count(*) from payout_signer.sign_requests" },
        { "payout-submitter", "the first envelope is stored", "select count(*) from payout_submitter.submissions" },
        { "payout-submitter", "the first is accepted by the network", "select count(*) from payout_submitter.submissions where accepted_at is not null" },
        { "payout-builder", "the first is confirmed", "select count(*) from payout_builder.payouts where current_state = 'Confirmed'" },
        { "local-signer", "the first request is open", "select count(*) from payout_signer.sign_requests" },
    };

    [Theory(Timeout = 240_000)]
    [MemberData(nameof(Moments))]
    public async Task Should_settle_with_everybody_paid_once(string service, string moment, string query)
    {
        // Few channels make the round long: the moment is caught in its middle.
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions { Players = Players, Channels = 10 }, TestContext.Current.CancellationToken);
        await suite.Game.PlayAsync("killed", 1, Players, TestContext.Current.CancellationToken);
        await Probe.Until(moment, async token => await suite.Database.ReadAsync<long>(query, token), count => count > 0, Within, TimeSpan.FromMilliseconds(5), TestContext.Current.CancellationToken);

        await suite[service].CrashAndRestartAsync(TestContext.Current.CancellationToken);

        await suite.SettledAsync("killed", Within, TestContext.Current.CancellationToken);
        suite.ShouldHavePaidEachOnce(1, Players);
        (await suite.Database.ReadAsync<long>("select count(*) from payout_builder.payouts where current_state <> 'Confirmed'", TestContext.Current.CancellationToken)).ShouldBe(0);
    }

    [Fact(Timeout = 240_000)]
    public async Task Should_settle_when_all_four_are_killed_at_once()
    {
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions { Players = Players, Channels = 10 }, TestContext.Current.CancellationToken);
        await suite.Game.PlayAsync("all", 2, Players, TestContext.Current.CancellationToken);
        await Probe.Until("ten are confirmed", async token => await suite.Database.ReadAsync<long>("select count(*) from payout_builder.payouts where current_state = 'Confirmed'", token),
            count => count >= 10, Within, TimeSpan.FromMilliseconds(5), TestContext.Current.CancellationToken);

        await Task.WhenAll(suite.Services.Values.Select(service => service.KillAsync(TestContext.Current.CancellationToken)));
        await Task.WhenAll(suite.Services.Values.Select(service => service.StartAsync(TestContext.Current.CancellationToken)));

        await suite.SettledAsync("all", Within, TestContext.Current.CancellationToken);
        suite.ShouldHavePaidEachOnce(2, Players);
    }
}
