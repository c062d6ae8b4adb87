using System.Globalization;
using System.Text.Json.Nodes;
using Payouts.Tests.Support;
using Shouldly;

namespace Payouts.Tests.Suite;

/// <summary>Judges a round on the devnet's ledger and on what the services say; every verdict names what it found.</summary>
public static class LedgerJudge
{
    private const long StroopsEach = 100_000_000;

    /// <summary>Waits until the rounds service says SETTLED.</summary>
    public static Task SettledAsync(this SuiteProcesses suite, string roundId, TimeSpan within, CancellationToken cancellationToken) =>
        suite.InStateAsync(roundId, "SETTLED", within, cancellationToken);

    /// <summary>Waits until the rounds service says <paramref name="state"/>.</summary>
    public static async Task InStateAsync(this SuiteProcesses suite, string roundId, string state, TimeSpan within, CancellationToken cancellationToken)
    {
        try
        {
            await Probe.Until($"round {roundId} is {state}", async token => await suite.RoundStateAsync(roundId, token), seen => seen == state, within, cancellationToken: cancellationToken);
        }
        catch (ProbeTimeoutException late)
        {
            var states = string.Join(", ", await suite.PayoutStatesAsync(roundId, cancellationToken));
            throw new ProbeTimeoutException($"{late.Message}{Environment.NewLine}payouts: {states}{Environment.NewLine}{suite.Outputs}", late);
        }
    }

    /// <summary>The round's state in the service's own word.</summary>
    public static async Task<string> RoundStateAsync(this SuiteProcesses suite, string roundId, CancellationToken cancellationToken)
    {
        using var answer = await suite["rounds"].Http.GetAsync($"rounds/{roundId}", cancellationToken);
        if (!answer.IsSuccessStatusCode)
            return answer.StatusCode.ToString();
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken))!["round"]!["state"]!.GetValue<string>();
    }

    /// <summary>How many payouts of the round are in which state.</summary>
    public static async Task<IReadOnlyList<string>> PayoutStatesAsync(this SuiteProcesses suite, string roundId, CancellationToken cancellationToken)
    {
        await using var connection = await suite.Database.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "select current_state || coalesce('/' || hold_code, '') || ' ' || count(*) from payout_builder.payouts where round_id = $1 group by current_state, hold_code";
        command.Parameters.Add(new() { Value = roundId });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var states = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            states.Add(reader.GetString(0));
        return states;
    }

    /// <summary>Messages that wait in the outboxes of the four services.</summary>
    public static Task<long> OutboxAsync(this SuiteProcesses suite, CancellationToken cancellationToken) => suite.Database.ReadAsync<long>(
        "select (select count(*) from rounds.outbox) + (select count(*) from payout_builder.outbox) + (select count(*) from payout_signer.outbox) + (select count(*) from payout_submitter.outbox)",
        cancellationToken);

    /// <summary>Dead letters of the four services that nobody replayed: queue, reason and detail.</summary>
    public static async Task<IReadOnlyList<string>> OpenLettersAsync(this SuiteProcesses suite, CancellationToken cancellationToken)
    {
        await using var connection = await suite.Database.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = string.Join(" union all ", new[] { "rounds", "payout_builder", "payout_signer", "payout_submitter" }
            .Select(schema => $"select queue || ': ' || reason || ': ' || detail from {schema}.dead_letters where replayed_at is null"));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var letters = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            letters.Add(reader.GetString(0));
        return letters;
    }

    /// <summary>Every player was paid his 10 exactly once: by the contract's own record and by his balance.</summary>
    public static void ShouldHavePaidEachOnce(this SuiteProcesses suite, uint roundNumber, IReadOnlyList<string> players, long balanceBefore = 100_000_000_000)
    {
        var records = suite.Devnet.Ledger.Payouts().Where(x => x.RoundId == roundNumber).ToList();
        records.Select(x => x.Winner).Order(StringComparer.Ordinal).ShouldBe(players.Order(StringComparer.Ordinal));
        suite.ShouldHaveReceivedEachOnce(players, balanceBefore);
    }

    /// <summary>The same by balances alone, where the contract keeps no record of each winner.</summary>
    public static void ShouldHaveReceivedEachOnce(this SuiteProcesses suite, IReadOnlyList<string> players, long balanceBefore = 100_000_000_000)
    {
        foreach (var player in players)
        {
            var received = suite.Devnet.Ledger.Balance(player)!.Value - balanceBefore;
            received.ShouldBe((Int128)StroopsEach, string.Create(CultureInfo.InvariantCulture, $"{player} received {received} stroops instead of {StroopsEach}"));
        }
    }
}
