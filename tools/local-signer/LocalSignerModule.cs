using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Payouts.Hosting.Configuration;
using Payouts.Hosting.Web;

namespace Payouts.LocalSigner;

/// <summary>Stands in for the KMS team's signer on development networks. Stateless: it needs a broker and a key, no database.</summary>
public sealed class LocalSignerModule(LocalSignerOptions? options = null) : IServiceModule
{
    /// <inheritdoc />
    public string Name => "local-signer";

    /// <inheritdoc />
    public void AddServices(IServiceCollection services, Settings settings)
    {
        if (LocalSignerSettings.Read(settings) is not { } read)
            return;
        services.AddSingleton(read);
        services.AddSingleton(options ?? new LocalSignerOptions());
    }

    /// <inheritdoc />
    public void AddConsumers(IBusRegistrationConfigurator bus) => bus.AddConsumer<SigningRequestedConsumer, SigningRequestedConsumerDefinition>();

    /// <inheritdoc />
    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        // It answers messages only; health and metrics come with the host.
    }
}
