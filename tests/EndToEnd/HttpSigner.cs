using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.EndToEnd;

/// <summary>A KMS team without a broker: lists what waits, signs the hash, posts the signature.</summary>
internal static class HttpSigner
{
    public static async Task SignAllAsync(SuiteProcesses suite, int requests, TimeSpan within, CancellationToken cancellationToken)
    {
        var signed = new HashSet<string>(StringComparer.Ordinal);
        await Probe.Until($"{requests} requests are signed", async token =>
        {
            foreach (var request in await WaitingAsync(suite, token))
            {
                await SignAsync(suite, request, token);
                signed.Add(request["transactionHash"]!.GetValue<string>());
            }

            return signed.Count;
        }, count => count >= requests, within, cancellationToken: cancellationToken);
    }

    public static async Task<IReadOnlyList<JsonNode>> WaitingAsync(SuiteProcesses suite, CancellationToken cancellationToken) =>
        [.. JsonNode.Parse(await suite["payout-signer"].Http.GetStringAsync("sign-requests?limit=200", cancellationToken))!.AsArray().Select(x => x!)];

    public static async Task SignAsync(SuiteProcesses suite, JsonNode request, CancellationToken cancellationToken)
    {
        var hash = request["transactionHash"]!.GetValue<string>();
        var answer = new
        {
            transactionHash = hash,
            signatures = new[]
            {
                new
                {
                    publicKey = SuiteKeys.PayoutSource.AccountId.ToString(),
                    signature = Convert.ToBase64String(SuiteKeys.PayoutSource.Sign(Convert.FromHexString(hash))),
                },
            },
        };
        using var posted = await suite["payout-signer"].Http.PostAsJsonAsync($"sign-requests/{request["requestId"]!.GetValue<string>()}/signatures", answer, cancellationToken);
        posted.IsSuccessStatusCode.ShouldBeTrue(await posted.Content.ReadAsStringAsync(cancellationToken));
    }
}
