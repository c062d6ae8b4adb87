using Microsoft.Extensions.Logging.Abstractions;
using Payouts.Builder.Balances;
using Payouts.Builder.Tests.Building;
using Payouts.Builder.Tests.Support;
using Payouts.Stellar;

namespace Payouts.Builder.Tests.Balances;

public sealed class When_balances_are_read
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Should_find_the_poorest_channel_of_many()
    {
        await using var network = await BuildingNetwork.StartAsync();
        var channels = Enumerable.Range(0, 201).Select(n => Sample.Key($"lane {n}").AccountId).ToList();
        foreach (var (channel, number) in channels.Select((channel, number) => (channel, number)))
            network.Ledger.Grant(channel, number == 200 ? 15_000_000 : 50_000_000);
        network.Ledger.Grant(Sample.Admin.AccountId, 77_000_000);
        var rpc = new WatchedRpc(network.Rpc);

        var (source, poorest) = await ReadAsync(rpc, channels);

        poorest.ShouldBe(15_000_000);
        ((Int128)source).ShouldBe(network.Ledger.Balance(Sample.Admin.AccountId.ToString())!.Value);
        rpc.KeysAsked.ShouldBe([1, 200, 1]);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_know_no_poorest_channel_where_none_exists()
    {
        await using var network = await BuildingNetwork.StartAsync();
        var (_, poorest) = await ReadAsync(new WatchedRpc(network.Rpc), [Sample.Key("nobody").AccountId]);
        poorest.ShouldBeNull();
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_say_0_of_a_source_that_does_not_exist()
    {
        await using var network = await BuildingNetwork.StartAsync();
        using var balances = new AccountBalances(network.Rpc, Sample.Options() with { SourceAccount = Sample.Key("nobody").AccountId }, TimeProvider.System, NullLogger<AccountBalances>.Instance);
        (await balances.ReadAsync(Cancelled)).Source.ShouldBe(0);
    }

    private static async Task<(long Source, long? PoorestChannel)> ReadAsync(WatchedRpc rpc, IReadOnlyList<AccountId> channels)
    {
        using var balances = new AccountBalances(rpc, Sample.Options(channels: channels), TimeProvider.System, NullLogger<AccountBalances>.Instance);
        return await balances.ReadAsync(Cancelled);
    }
}
