using System.Globalization;
using System.Text.Json.Nodes;

namespace Payouts.Tests.Compose;

/// <summary>What the network says, asked at the devnet's published door: the judge of who was paid.</summary>
internal sealed class LedgerDoor(Func<Task<Uri>> findDoor) : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>Gives an account its first balance.</summary>
    public async Task FundAsync(string account)
    {
        using var answer = await _http.GetAsync(new Uri(await findDoor(), $"friendbot?addr={account}"), TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>An account's balance in stroops.</summary>
    public async Task<long> BalanceAsync(string account) =>
        long.Parse((await GetAsync($"admin/ledger/balance?holder={account}"))["stroops"]!.GetValue<string>(), CultureInfo.InvariantCulture);

    /// <summary>Whom the contract has paid in a round, once for each payout.</summary>
    public async Task<IReadOnlyList<string>> WinnersOfAsync(uint round) => [.. (await GetAsync("admin/ledger/payouts")).AsArray()
        .Where(payout => payout!["roundId"]!.GetValue<uint>() == round).Select(payout => payout!["winner"]!.GetValue<string>())];

    public void Dispose() => _http.Dispose();

    private async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await _http.GetStringAsync(new Uri(await findDoor(), path), TestContext.Current.CancellationToken))!;
}
