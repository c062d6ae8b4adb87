using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Payouts.Hosting.Tests.Support;

namespace Payouts.Hosting.Tests.Web;

public sealed class When_a_service_is_built
{
    /// <summary>The library would report its users over the network; a payment system reports nothing to strangers.</summary>
    [Theory]
    [InlineData("inmemory")]
    [InlineData("amqp://guest:guest@127.0.0.1:1/")]
    public async Task Should_have_the_librarys_telemetry_off(string broker)
    {
        await using var host = SampleHost.Build("sqlite:unused.db", broker);
        host.App.Services.GetRequiredService<IOptions<UsageTelemetryOptions>>().Value.Enabled.ShouldBeFalse();
    }
}
