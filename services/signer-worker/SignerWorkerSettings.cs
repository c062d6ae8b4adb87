using Payouts.Hosting.Configuration;
using Payouts.Signers.Configuration;
using Payouts.Signers.Requests;
using Payouts.Stellar;

namespace Payouts.SignerWorker;

/// <summary>What the worker signs for, who keeps its key, and where its requests wait.</summary>
public sealed record SignerWorkerSettings(RequestPolicy Policy, SigningProvider Provider, string Queue)
{
    private const string QueuePrefix = "signer-worker.";
    private const int QueueLengthMax = 255;

    /// <summary>Reads the settings; null when one is wrong, which stops the start.</summary>
    public static SignerWorkerSettings? Read(Settings settings)
    {
        var network = new Network(settings.Required(SettingNames.NetworkPassphrase, "the network's passphrase, such as \"Test SDF Network ; September 2015\""));
        var account = settings.Parsed(SettingNames.SourceAccount, text => AccountId.Parse(text), "the payout source account, G...");
        var key = settings.Optional(SettingNames.SignerAccount) is null ? account : settings.Parsed(SettingNames.SignerAccount, text => AccountId.Parse(text), "the account of the provider's key, G...");
        var queue = settings.Parsed(SettingNames.SignerQueue, QueueName, "a queue of this program's own", QueuePrefix + "signing-requested");
        var contract = settings.Parsed(SettingNames.ContractId, text => ContractId.Parse(text), "the one contract whose calls are signed, C...");
        var name = settings.Parsed(SettingNames.SignerProvider, ProviderName, "the provider that keeps the key");
        if (name is null || SigningProviders.Read(settings, name, $"{SettingNames.SignerProvider} is {name}") is not { } provider)
            return null;
        return new SignerWorkerSettings(new RequestPolicy(network, key, contract, account), provider, queue);
    }

    // What its user of the broker may declare (docs/security.md), and as long as AMQP takes it.
    private static string QueueName(string text) => text.StartsWith(QueuePrefix, StringComparison.Ordinal) && text.Length > QueuePrefix.Length && text.Length <= QueueLengthMax
        ? text : throw new FormatException($"its name begins with {QueuePrefix} and has at most {QueueLengthMax} characters");

    private static string ProviderName(string text) => SigningProviders.Names.Contains(text) ? text
        : throw new FormatException($"one of {string.Join(", ", SigningProviders.Names)} is right");
}
