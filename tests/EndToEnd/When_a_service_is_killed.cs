using System.Globalization;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.EndToEnd;

/// <summary>
/// SIGKILL at chosen moments of a round, each in a round of its own: it settles, paid = owed, nobody twice. A run draws two of the moments.
/// </summary>
public sealed class When_a_service_is_killed(Servers servers)
{
    private const string Payout = "payout_builder.payouts p where p.round_id = '{0}'";
    private const string Request = "payout_signer.sign_requests join payout_builder.payouts p using (payout_id) where p.round_id = '{0}'";
    private const string Envelope = "payout_submitter.submissions s join payout_builder.payouts p using (payout_id) where p.round_id = '{0}'";
    private const int PlayersEach = 20;
    private const int DeathsDrawn = 2;
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(120);

    /// <summary>Who dies, and when: as soon as the round has rows there. Nobody: all four die at once.</summary>
    private static readonly (string? Service, string Moment, string Rows)[] Deaths =
    [
        ("rounds", "the round is stored", "rounds.rounds where id = '{0}'"),
        ("payout-builder", "payouts are planned", Payout),
        ("payout-builder", "some wait for their signature", Payout + " and p.current_state = 'AwaitingSignature'"),
        ("payout-signer", "the first request is open", Request),
        ("payout-submitter", "the first envelope is stored", Envelope),
        ("payout-submitter", "the first is accepted by the network", Envelope + " and s.accepted_at is not null"),
        ("payout-builder", "the first is confirmed", Payout + " and p.current_state = 'Confirmed'"),
        ("local-signer", "the first request is open", Request),
        (null, "the first is confirmed", Payout + " and p.current_state = 'Confirmed'"),
    ];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 900_000)]
    public async Task Should_settle_with_everybody_paid_once()
    {
        // Few channels make each round long: the moment is caught in its middle.
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions { Players = [.. Deaths.Index().SelectMany(death => PlayersOf(death.Index))], Channels = 10 }, Cancelled);
        foreach (var (index, death) in Drawn.Of(Deaths, DeathsDrawn).Index())
        {
            var (round, number) = (string.Create(CultureInfo.InvariantCulture, $"killed-{index}"), (uint)index + 1);
            var query = string.Format(CultureInfo.InvariantCulture, "select count(*) from " + death.Rows, round);
            await suite.Game.PlayAsync(round, number, PlayersOf(index), Cancelled);
            await Probe.Until($"{round}: {death.Moment}", token => suite.Database.ReadAsync<long>(query, token), count => count > 0, Within, TimeSpan.FromMilliseconds(5), Cancelled);

            if (death.Service is { } service)
                await suite[service].CrashAndRestartAsync(Cancelled);
            else
                await KillAllAsync(suite);

            await suite.SettledAsync(round, Within, Cancelled);
            suite.ShouldHavePaidEachOnce(number, PlayersOf(index));
        }

        (await suite.Database.ReadAsync<long>("select count(*) from payout_builder.payouts where current_state <> 'Confirmed'", Cancelled)).ShouldBe(0);
    }

    private static string[] PlayersOf(int death) => [.. Enumerable.Range(1000 + (death * PlayersEach), PlayersEach).Select(SuiteKeys.Player)];

    private static async Task KillAllAsync(SuiteProcesses suite)
    {
        await Task.WhenAll(suite.Services.Values.Select(service => service.KillAsync(Cancelled)));
        await Task.WhenAll(suite.Services.Values.Select(service => service.StartAsync(Cancelled)));
    }
}
