using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.EndToEnd;

/// <summary>One lane, and a signer that keeps the envelope of the payout at its head: four processes, RabbitMQ and PostgreSQL.</summary>
public sealed class When_a_signer_never_answers(Servers servers)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(90);
    private static readonly string[] Players = [.. Enumerable.Range(0, 3).Select(SuiteKeys.Player)];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The kept envelope is signed after all, when its slot is burned: it comes to nothing.</summary>
    [Fact(Timeout = 180_000)]
    public async Task Should_burn_the_slot_of_a_cancelled_payout_so_that_those_behind_it_move()
    {
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions { Players = Players, Signing = SigningMode.Nobody, Channels = 1 }, Cancelled);
        await suite.Game.PlayAsync("kept", 1, Players, Cancelled);
        var kept = await Probe.Until("an envelope waits at the signer", token => WaitingAsync(suite, token), waiting => waiting is not null, Within, cancellationToken: Cancelled);
        var keptPayout = kept!["payoutId"]!.GetValue<string>();

        using var cancelled = await suite["payout-builder"].Http.PostAsJsonAsync($"payouts/{keptPayout}/cancel", new { by = "an operator", reason = "owed to nobody" }, Cancelled);
        cancelled.IsSuccessStatusCode.ShouldBeTrue(await cancelled.Content.ReadAsStringAsync(Cancelled));

        await Probe.Until("the payout is cancelled", async token => (await PayoutAsync(suite, keptPayout, token))["state"]!.GetValue<string>(), state => state == "Cancelled", Within, cancellationToken: Cancelled);
        await HttpSigner.SignAllAsync(suite, Players.Length, Within, Cancelled);
        await Probe.Until("the others are paid", async token => await suite.PayoutStatesAsync("kept", token), states => states is ["Cancelled/Operator 1", "Confirmed 2"], Within, cancellationToken: Cancelled);
        suite.Devnet.Ledger.Payouts().Count.ShouldBe(Players.Length - 1);
    }

    /// <summary>One lane of three slots: the last is signed first, then the second; the head never is, until it has another slot.</summary>
    [Fact(Timeout = 180_000)]
    public async Task Should_burn_the_head_of_a_deep_lane_so_that_signed_payouts_behind_it_move()
    {
        var extra = new Dictionary<string, string> { ["PAYOUTS_LANE_DEPTH"] = "3", ["PAYOUTS_LANE_HEAD_WAIT_SECONDS"] = "3", ["PAYOUTS_CHANNEL_REST_SECONDS"] = "1" };
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions { Players = Players, Signing = SigningMode.Nobody, Channels = 1, Extra = extra }, Cancelled);
        await suite.Game.PlayAsync("deep", 3, Players, Cancelled);
        await Probe.Until("three envelopes wait at the signer", async token => (await HttpSigner.WaitingAsync(suite, token)).Count, count => count == Players.Length, Within, cancellationToken: Cancelled);
        var first = await suite.Database.ReadAsync<long>("select min(sequence_number) from payout_builder.slots", Cancelled);
        foreach (var number in (long[])[first + 2, first + 1])
        {
            var payout = await suite.Database.ReadAsync<Guid>($"select payout_id from payout_builder.slots where sequence_number = {number}", Cancelled);
            var request = (await HttpSigner.WaitingAsync(suite, Cancelled)).Single(x => x["payoutId"]!.GetValue<Guid>() == payout);
            await HttpSigner.SignAsync(suite, request, Cancelled);
        }

        await Probe.Until("the two behind the head are paid", async token => await suite.PayoutStatesAsync("deep", token), states => states.Contains("Confirmed 2"), Within, cancellationToken: Cancelled);

        // The burned envelope is still listed; its signature comes to nothing.
        await HttpSigner.SignAllAsync(suite, 2, Within, Cancelled);
        await suite.SettledAsync("deep", Within, Cancelled);
        suite.ShouldHavePaidEachOnce(3, Players);
    }

    /// <summary>The first envelopes expire at the signer. It answers the second request: same slots, new envelopes.</summary>
    [Fact(Timeout = 180_000)]
    public async Task Should_ask_again_on_the_same_slot_when_the_envelope_expired_at_the_signer()
    {
        var options = new SuiteOptions { Players = Players, Signing = SigningMode.Nobody, Channels = Players.Length, Extra = new Dictionary<string, string> { ["PAYOUTS_VALIDITY_SECONDS"] = "20" } };
        await using var suite = await SuiteProcesses.StartAsync(servers, options, Cancelled);
        long[] before = [.. Numbers(suite)];
        await suite.Game.PlayAsync("slow", 2, Players, Cancelled);
        await Probe.Until(
            "every payout is asked for a second time",
            async token => await suite.Database.ReadAsync<long>("select count(*) from payout_builder.payouts where attempt >= 2 and current_state = 'AwaitingSignature'", token),
            count => count == Players.Length, Within, cancellationToken: Cancelled);

        await HttpSigner.SignAllAsync(suite, Players.Length, Within, Cancelled);
        await suite.SettledAsync("slow", Within, Cancelled);

        suite.ShouldHavePaidEachOnce(2, Players);
        Numbers(suite).ShouldBe(before.Select(number => number + 1), "each channel spent one number, whatever was built on it");
    }

    private static IEnumerable<long> Numbers(SuiteProcesses suite) =>
        Enumerable.Range(0, Players.Length).Select(index => suite.Devnet.Ledger.SequenceNumber(SuiteKeys.Channel(index).AccountId)!.Value);

    private static async Task<JsonNode?> WaitingAsync(SuiteProcesses suite, CancellationToken cancellationToken) => (await HttpSigner.WaitingAsync(suite, cancellationToken)).FirstOrDefault();

    private static async Task<JsonNode> PayoutAsync(SuiteProcesses suite, string payoutId, CancellationToken cancellationToken) =>
        JsonNode.Parse(await suite["payout-builder"].Http.GetStringAsync($"payouts/{payoutId}", cancellationToken))!["payout"]!;
}
