using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Payouts.Hosting.Access;

namespace Payouts.Channels.Tests;

/// <summary>payout-builder takes no other name than the one that it knows by the key, so the command says none.</summary>
public sealed class When_the_key_has_a_name
{
    [Fact(Timeout = 60_000)]
    public async Task Should_leave_to_the_key_who_decides()
    {
        await using var network = await PoolNetwork.StartAsync();
        DeciderOf(network, ApiKey.New()).ShouldBeNull("a named key");
        DeciderOf(network, "header.payload.signature").ShouldBeNull("a token");
        DeciderOf(network, PoolNetwork.ApiKey).ShouldBe(Environment.UserName, "the key of a development network");
        DeciderOf(network, null).ShouldBe(Environment.UserName, "this host");
    }

    private static string? DeciderOf(PoolNetwork network, string? key)
    {
        network.Settings["HTTP_API_KEY"] = key;
        var (settings, keys, _) = ToolSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(network.Settings).Build(), new ServiceCollection(), needsFunder: false);
        keys.Dispose();
        return settings.Decider;
    }
}
