using System.Globalization;
using Payouts.Devnet;
using Payouts.Devnet.Options;

namespace Payouts.Tests.Deployment;

/// <summary>The images have no curl: their health checks run the program itself with --health-check.</summary>
public sealed class When_a_program_is_asked_for_its_health
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Components.ImagesData), MemberType = typeof(Components))]
    public async Task Should_exit_with_1_when_nothing_listens(Component component)
    {
        await using var asking = Ask(component, FreePort.Next());
        await asking.LaunchAsync();
        (await asking.WaitForExitAsync(Within, TestContext.Current.CancellationToken)).ShouldBe(1, asking.Output);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_exit_with_0_when_the_devnet_listens()
    {
        await using var devnet = await DevnetHost.StartAsync(new DevnetOptions { Port = 0 }, cancellation: TestContext.Current.CancellationToken);
        await using var asking = Ask(Components.All.Single(component => component.Name == "devnet"), devnet.Address.Port);
        await asking.LaunchAsync();
        (await asking.WaitForExitAsync(Within, TestContext.Current.CancellationToken)).ShouldBe(0, asking.Output);
    }

    /// <summary>The program, about to ask whoever listens on a port of this host.</summary>
    internal static ServiceProcess Ask(Component component, int port) => new(new ServiceProcessOptions
    {
        Assembly = RepositoryRoot.AssemblyOf(component.Folder, component.Assembly),
        Arguments = ["--health-check"],
        Environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = string.Create(CultureInfo.InvariantCulture, $"http://+:{port}"),
            ["DEVNET_PORT"] = port.ToString(CultureInfo.InvariantCulture),
        },
    });
}
