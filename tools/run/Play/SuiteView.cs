using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Payouts.Contracts;

namespace Payouts.Run.Play;

/// <summary>What the services say over HTTP, as any client hears it.</summary>
internal sealed class SuiteView(HttpClient http)
{
    /// <summary>Where a round stands; null before the service has heard of it.</summary>
    public async Task<RoundView?> RoundAsync(string roundId, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync($"/rounds/{Uri.EscapeDataString(roundId)}", cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return null;
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<RoundAnswer>(ContractsJson.Options, cancellationToken))!.Round;
    }

    /// <summary>Every payout of a round as the rounds service knows it.</summary>
    public async Task<List<PayoutView>> PayoutsAsync(string roundId, CancellationToken cancellationToken)
    {
        var all = new List<PayoutView>();
        string? after = null;
        do
        {
            var page = (await http.GetFromJsonAsync<PayoutsAnswer>(
                $"/rounds/{Uri.EscapeDataString(roundId)}/payouts?limit=1000{(after is null ? "" : $"&after={after}")}", ContractsJson.Options, cancellationToken))!;
            all.AddRange(page.Payouts);
            after = page.Next;
        }
        while (after is not null);
        return all;
    }

    /// <summary>Payouts of a round in a state, as payout-builder knows them.</summary>
    public async Task<List<HeldView>> InStateAsync(string roundId, string state, CancellationToken cancellationToken) =>
        (await http.GetFromJsonAsync<List<HeldView>>($"/payouts?round={Uri.EscapeDataString(roundId)}&state={state}&limit=1000", ContractsJson.Options, cancellationToken))!;

    /// <summary>Why an event of the round was refused, if one was.</summary>
    public async Task<string?> RefusalAsync(CancellationToken cancellationToken) =>
        (await http.GetFromJsonAsync<List<JsonElement>>("/rounds/dead-letters", ContractsJson.Options, cancellationToken))!
            .Select(letter => $"{letter.GetProperty("reason").GetString()}: {letter.GetProperty("detail").GetString()}").FirstOrDefault();

    private sealed record RoundAnswer(RoundView Round);

    private sealed record PayoutsAnswer(IReadOnlyList<PayoutView> Payouts, string? Next = null);
}

/// <summary>A round as GET /rounds/ID tells it.</summary>
internal sealed record RoundView(string State, int Payouts, int Confirmed, Stroops? Owed = null, Stroops? Paid = null);

/// <summary>A payout as GET /rounds/ID/payouts tells it.</summary>
internal sealed record PayoutView(string Winner, Stroops Amount, string Outcome, string? TransactionHash = null, uint? Ledger = null);

/// <summary>A payout as GET /payouts tells it.</summary>
internal sealed record HeldView(string Winner, string State, string? HoldCode = null, string? HoldDetail = null);
