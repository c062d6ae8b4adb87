namespace Payouts.Tests.Deployment;

/// <summary>The compose file's own settings, on a real broker and a real database: a newcomer's first round is paid.</summary>
public sealed class When_the_compose_settings_pay_a_round(Servers servers)
{
    private const int Players = 50;

    [Fact(Timeout = 300_000)]
    public async Task Should_settle_fifty_players()
    {
        var database = await servers.CreateDatabaseAsync(cancellationToken: TestContext.Current.CancellationToken);
        await ComposeRound.PayAsync(servers, Players, _ => database.Url);
    }
}
