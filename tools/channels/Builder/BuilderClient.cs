using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Payouts.Stellar;

namespace Payouts.Channels.Builder;

/// <summary>A channel as payout-builder has it.</summary>
/// <param name="Account">G...</param>
/// <param name="State">Free, Full, Resting, Unread, Removed, Retiring or Drained.</param>
/// <param name="NextSequence">The number that it leases next; null: not known.</param>
/// <param name="OpenSlots">Numbers that the ledger has not consumed yet.</param>
/// <param name="Listed">Whether its settings list it.</param>
public sealed record BuilderChannel(string Account, string State, long? NextSequence, int OpenSlots, bool Listed)
{
    /// <summary>Nothing of it is open, and nothing can be any more.</summary>
    public bool IsDrained => State == "Drained";
}

/// <summary>payout-builder's door for channels.</summary>
public sealed class BuilderClient : IDisposable
{
    private const int PageSize = 1000;

    private readonly HttpClient _http;

    /// <param name="address">Where it listens.</param>
    /// <param name="apiKey">A key or a token; null: it is on this host.</param>
    public BuilderClient(Uri address, string? apiKey)
    {
        _http = new HttpClient { BaseAddress = new Uri(address.ToString().TrimEnd('/') + "/"), Timeout = TimeSpan.FromSeconds(30) };
        if (apiKey is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    /// <summary>All its channels.</summary>
    /// <exception cref="CommandException">It does not answer, or refuses.</exception>
    public async Task<IReadOnlyDictionary<AccountId, BuilderChannel>> ListAsync(CancellationToken cancellationToken)
    {
        var all = new Dictionary<AccountId, BuilderChannel>();
        var after = "";
        while (true)
        {
            var page = await AskAsync<List<BuilderChannel>>(HttpMethod.Get, $"channels?limit={PageSize}{after}", null, cancellationToken);
            foreach (var channel in page!)
                all[AccountId.Parse(channel.Account)] = channel;
            if (page.Count < PageSize)
                return all;
            after = $"&after={page[^1].Account}";
        }
    }

    /// <summary>From now on the channel gets no new slot.</summary>
    /// <exception cref="CommandException">It does not answer, or refuses.</exception>
    public async Task<BuilderChannel> RetireAsync(AccountId account, string? by, string reason, CancellationToken cancellationToken) =>
        (await AskAsync<BuilderChannel>(HttpMethod.Post, $"channels/{account}/retire", new { by, reason }, cancellationToken))!;

    /// <summary>The channel is leased again.</summary>
    /// <param name="fromLedger">A ledger that shows its account.</param>
    /// <exception cref="CommandException">It does not answer, or refuses.</exception>
    public async Task<BuilderChannel> KeepAsync(AccountId account, string? by, string reason, uint fromLedger, CancellationToken cancellationToken) =>
        (await AskAsync<BuilderChannel>(HttpMethod.Post, $"channels/{account}/keep", new { by, reason, fromLedger }, cancellationToken))!;

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task<T?> AskAsync<T>(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
            using var answer = await _http.SendAsync(request, cancellationToken);
            if (answer.IsSuccessStatusCode)
                return await answer.Content.ReadFromJsonAsync<T>(cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            throw new CommandException(answer.StatusCode is HttpStatusCode.Conflict ? ExitCodes.Wrong : ExitCodes.Unfinished,
                $"payout-builder answers {(int)answer.StatusCode}: {DetailOf(text)}");
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException || (failure is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new CommandException(ExitCodes.Unfinished, $"payout-builder at {_http.BaseAddress} does not answer: {failure.Message}");
        }
    }

    /// <summary>The problem's detail, or what was sent instead of one.</summary>
    private static string DetailOf(string text)
    {
        try
        {
            using var problem = JsonDocument.Parse(text);
            return problem.RootElement.GetProperty("detail").GetString() ?? text;
        }
        catch (Exception noProblem) when (noProblem is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return text.Length <= 200 ? text : text[..200];
        }
    }
}
