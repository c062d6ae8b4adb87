using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Payouts.Hosting.Configuration;
using Payouts.Hosting.Web;
using Payouts.Signers.Configuration;
using Payouts.Stellar;

namespace Payouts.Signers;

/// <summary>Gives a program the key of a provider.</summary>
public static class SigningKeyRegistration
{
    /// <summary>Registers <see cref="GuardedKey"/>, its proof at the start, and its health.</summary>
    /// <param name="services">The program's.</param>
    /// <param name="provider">As the settings say.</param>
    /// <param name="expected">The account whose key it must be.</param>
    /// <param name="setting">The setting that names that account, for whoever must mend it.</param>
    public static IServiceCollection AddSigningKey(this IServiceCollection services, SigningProvider provider, AccountId expected, string setting = SettingNames.SourceAccount)
    {
        services.AddSingleton(root => new GuardedKey(
            provider.Create(root.GetRequiredService<TimeProvider>()), provider.Name, expected, provider.Limits,
            root.GetRequiredService<TimeProvider>(), root.GetRequiredService<ILogger<GuardedKey>>()));
        services.TryAddSingleton<LateProblem>();
        services.AddSingleton(root => ActivatorUtilities.CreateInstance<KeyProof>(root, setting));
        // Before the check that migrates the database: another account's key changes nothing.
        services.Insert(0, ServiceDescriptor.Singleton<IStartCheck>(root => root.GetRequiredService<KeyProof>()));
        services.AddHostedService(root => root.GetRequiredService<KeyProof>());
        services.AddHealthChecks().AddCheck<KeyHealthCheck>("signing-key", tags: ["ready"]);
        return services;
    }
}
