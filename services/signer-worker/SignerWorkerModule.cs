using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Payouts.Hosting.Configuration;
using Payouts.Hosting.Web;
using Payouts.Signers;
using Payouts.Signers.Requests;

namespace Payouts.SignerWorker;

/// <summary>
/// signer-worker: an external signer that is ready to run, next to the HSM or in the account of the KMS. It keeps no state and trusts nobody: it
/// checks every request by itself, and needs a broker and a key, no database.
/// </summary>
public sealed class SignerWorkerModule : IServiceModule
{
    /// <inheritdoc />
    public string Name => "signer-worker";

    /// <inheritdoc />
    public void AddServices(IServiceCollection services, Settings settings)
    {
        if (SignerWorkerSettings.Read(settings) is not { } read)
            return;
        services.AddSingleton(read);
        services.AddSigningKey(read.Provider, read.Policy.Key, settings.IsGiven(SettingNames.SignerAccount) ? SettingNames.SignerAccount : SettingNames.SourceAccount);
        services.AddSingleton(provider => new RequestAnswerer(read.Policy, provider.GetRequiredService<GuardedKey>()));
    }

    /// <inheritdoc />
    public void AddConsumers(IBusRegistrationConfigurator bus) => bus.AddConsumer<SigningRequestedConsumer, SigningRequestedConsumerDefinition>();

    /// <inheritdoc />
    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        // It answers messages only; health and metrics come with the host.
    }
}
