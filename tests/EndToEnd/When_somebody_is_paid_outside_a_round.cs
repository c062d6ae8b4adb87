using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;
using RabbitMQ.Client;

namespace Payouts.Tests.EndToEnd;

/// <summary>A refund by message and one over HTTP, through the four processes as their broker's users, beside a round; and one that only payout-builder knows of.</summary>
public sealed class When_somebody_is_paid_outside_a_round(Servers servers)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(90);
    private static readonly string[] Players = [.. Enumerable.Range(0, 5).Select(SuiteKeys.Player)];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 300_000)]
    public async Task Should_be_paid_once_and_never_on_the_builders_word_alone()
    {
        await using var suite = await SuiteProcesses.StartAsync(
            servers, new SuiteOptions { Players = Players, Channels = 6, Extra = new Dictionary<string, string> { ["PAYOUTS_DIRECT_PAYOUTS"] = "true" } }, Cancelled);
        await using var game = await GameClient.ConnectAsync(suite.BrokerUsers["game"], Cancelled);
        await using var ears = await new ConnectionFactory { Uri = new Uri(suite.BrokerUsers["game"]) }.CreateConnectionAsync(Cancelled);
        await using var channel = await ears.CreateChannelAsync(cancellationToken: Cancelled);
        await channel.QueueDeclareAsync("game.settled", durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: Cancelled);
        await channel.QueueBindAsync("game.settled", "Payouts.Contracts:PayoutSettled", "", cancellationToken: Cancelled);

        // By message, twice, with a wrong one between.
        await game.PublishAsync("DirectPayoutRequested", Request("refund/1", 501, Players[0]), Cancelled);
        await game.PublishAsync("DirectPayoutRequested", With(Request("refund/bad", 555, Players[0]), "amount", "0"), Cancelled);
        await game.PublishAsync("DirectPayoutRequested", Request("refund/1", 501, Players[0]), Cancelled);
        // Over HTTP, twice, and once otherwise.
        var (first, body) = await PostAsync(suite, Request("prize/2", 502, Players[1]), "key-2");
        first.ShouldBe(HttpStatusCode.Accepted, body);
        (await PostAsync(suite, Request("prize/2", 502, Players[1]), "key-2")).ShouldBe((first, body));
        var (conflict, why) = await PostAsync(suite, With(Request("prize/2", 502, Players[1]), "amount", "11"), "key-2");
        (conflict, JsonNode.Parse(why)!["code"]!.GetValue<string>()).ShouldBe((HttpStatusCode.UnprocessableEntity, "IdempotencyKeyReused"));
        await suite.Game.PlayAsync("beside", 3, [Players[2], Players[3]], Cancelled);

        await suite.SettledAsync("beside", Within, Cancelled);
        foreach (var reference in new[] { "refund/1", "prize/2" })
            await Probe.Until($"{reference} is confirmed", async token => (await ReadAsync(suite, "rounds", $"direct-payouts/{Uri.EscapeDataString(reference)}", token))["outcome"]!.GetValue<string>(), x => x == "Confirmed", Within, cancellationToken: Cancelled);
        suite.ShouldHavePaidEachOnce(501, [Players[0]]);
        suite.ShouldHavePaidEachOnce(502, [Players[1]]);
        suite.ShouldHavePaidEachOnce(3, [Players[2], Players[3]]);
        var shown = (await ReadAsync(suite, "payout-builder", "payouts?direct=true", Cancelled)).AsArray();
        shown.Select(x => (x!["reference"]!.GetValue<string>(), x["reason"]!.GetValue<string>(), x["state"]!.GetValue<string>())).Order()
            .ShouldBe([("prize/2", "the table broke down", "Confirmed"), ("refund/1", "the table broke down", "Confirmed")]);
        await Probe.Until("the books have it", async token => (await ReadAsync(suite, "payout-builder", "reconciliation/rounds/direct:refund%2F1", token))["settled"]!.GetValue<bool>(), Within, cancellationToken: Cancelled);
        var heard = new List<string?>();
        await Probe.Until("the game hears of all four", async _ =>
        {
            while (await channel.BasicGetAsync("game.settled", autoAck: true, Cancelled) is { } message)
                heard.Add(JsonNode.Parse(message.Body.Span)!["reference"]?.GetValue<string>());
            return heard.Count == 4;
        }, Within, cancellationToken: Cancelled);
        heard.Order().ShouldBe([null, null, "prize/2", "refund/1"]);
        (await suite.OpenLettersAsync(Cancelled)).ShouldHaveSingleItem().ShouldStartWith("rounds.direct-payout-requested: AmountInvalid: amount: is zero");

        // A break-in at payout-builder: it plans what nobody ordered, and asks to have it signed.
        await using var owner = await GameClient.ConnectAsync(suite.Broker, Cancelled);
        await owner.PublishToQueueAsync("payout-builder.direct-payout-ordered", "DirectPayoutOrdered", Request("invented", 504, Players[4]), Cancelled);
        await Probe.Until("payout-signer has no order for it", token => suite.Database.ReadAsync<long>("select count(*) from payout_signer.sign_requests where state = 'AwaitingOrder'", token), x => x == 1, Within, cancellationToken: Cancelled);
        (await suite.Database.ReadAsync<long>("select count(*) from payout_signer.orders", Cancelled)).ShouldBe(4);
        suite.Devnet.Ledger.Payouts().Count(x => x.RoundId == 504).ShouldBe(0);
        suite.Devnet.Ledger.Payouts().Count().ShouldBe(4);
    }

    private static JsonObject Request(string reference, uint number, string winner) => new()
    {
        ["reference"] = reference, ["context"] = "refunds", ["poolId"] = 7, ["roundNumber"] = number, ["winner"] = winner, ["amount"] = "10", ["currency"] = "XLM", ["reason"] = "the table broke down",
    };

    private static JsonObject With(JsonObject request, string member, string value)
    {
        request[member] = value;
        return request;
    }

    private static async Task<(HttpStatusCode Status, string Body)> PostAsync(SuiteProcesses suite, JsonObject request, string key)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "payouts") { Content = new StringContent(request.ToJsonString(), Encoding.UTF8, "application/json"), Headers = { { "Idempotency-Key", key } } };
        using var answer = await suite["rounds"].Http.SendAsync(message, Cancelled);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
    }

    private static async Task<JsonNode> ReadAsync(SuiteProcesses suite, string service, string path, CancellationToken cancellationToken)
    {
        using var answer = await suite[service].Http.GetAsync(path, cancellationToken);
        var body = await answer.Content.ReadAsStringAsync(cancellationToken);
        answer.IsSuccessStatusCode.ShouldBeTrue($"{path}: {body}");
        return JsonNode.Parse(body)!;
    }
}
