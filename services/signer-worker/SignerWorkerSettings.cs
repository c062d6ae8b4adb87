using Payouts.Hosting.Configuration;
using Payouts.Signers.Configuration;
using Payouts.Signers.Requests;
using Payouts.Stellar;

namespace Payouts.SignerWorker;

/// <summary>What the worker signs for, and who keeps its key.</summary>
public sealed record SignerWorkerSettings(RequestPolicy Policy, SigningProvider Provider)
{
    /// <summary>Reads the settings; null when one is wrong, which stops the start.</summary>
    public static SignerWorkerSettings? Read(Settings settings)
    {
        var network = new Network(settings.Required(SettingNames.NetworkPassphrase, "the network's passphrase, such as \"Test SDF Network ; September 2015\""));
        var account = settings.Parsed(SettingNames.SourceAccount, text => AccountId.Parse(text), "the payout source account, G..., whose key the provider keeps");
        var contract = settings.Parsed(SettingNames.ContractId, text => ContractId.Parse(text), "the one contract whose calls are signed, C...");
        var name = settings.Parsed(SettingNames.SignerProvider, ProviderName, "the provider that keeps the key");
        if (name is null || SigningProviders.Read(settings, name, $"{SettingNames.SignerProvider} is {name}") is not { } provider)
            return null;
        return new SignerWorkerSettings(new RequestPolicy(network, account, contract), provider);
    }

    private static string ProviderName(string text) => SigningProviders.Names.Contains(text) ? text
        : throw new FormatException($"one of {string.Join(", ", SigningProviders.Names)} is right");
}
