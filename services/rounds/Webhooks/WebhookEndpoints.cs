using Payouts.Hosting.Configuration;
using Payouts.Stellar;

namespace Payouts.Rounds.Webhooks;

/// <summary>The endpoints as the file says them now; none without a file.</summary>
internal sealed class WebhookEndpoints(WatchedFile<IReadOnlyList<WebhookEndpoint>>? file)
{
    public IReadOnlyList<WebhookEndpoint> Current => file?.Current ?? [];

    public WebhookEndpoint? Find(string name) => Current.FirstOrDefault(x => x.Name == name);

    /// <summary>The path of the file, or null: nobody is told over HTTP. What is wrong with it is collected in <paramref name="settings"/>.</summary>
    public static string? PathOf(Settings settings) => settings.File(SettingNames.RoundsWebhooks, ParserFor(settings));

    /// <summary>Reads the file as this network has it.</summary>
    public static Func<byte[], IReadOnlyList<WebhookEndpoint>> ParserFor(Settings settings)
    {
        // Which network it is must be said, not assumed: what a webhook says there is about money.
        var plainHttp = settings.Optional(SettingNames.NetworkPassphrase) is { } passphrase && passphrase != Network.Public.Passphrase;
        return json => WebhooksFile.Parse(json, plainHttp);
    }
}
