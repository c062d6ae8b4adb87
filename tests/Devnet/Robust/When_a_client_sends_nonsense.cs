using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Robust;

public sealed class When_a_client_sends_nonsense : NetworkTest
{
    [Theory(Timeout = TimeoutMs)]
    [InlineData("", -32700)]
    [InlineData("garbage", -32700)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":", -32700)]
    [InlineData("[]", -32600)]
    [InlineData("5", -32600)]
    [InlineData("{}", -32600)]
    [InlineData("{\"id\":1,\"method\":\"getHealth\"}", -32600)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":5}", -32600)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"getHealth\",\"params\":\"x\"}", -32600)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"noSuchMethod\"}", -32601)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"getTransaction\",\"params\":[\"x\"]}", -32602)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"getTransaction\",\"params\":{\"hash\":7}}", -32602)]
    public async Task Should_answer_with_the_named_error(string body, int code)
    {
        using var response = await Net.PostAsync(body);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadFromJsonAsync<JsonElement>(TestNetwork.Cancellation)).GetProperty("error").GetProperty("code").GetInt32().ShouldBe(code);
    }

    [Theory(Timeout = TimeoutMs)]
    [InlineData("sendTransaction", "{\"transaction\":\"AAAA\"}", -32602, "invalid_xdr")]
    [InlineData("sendTransaction", "{}", -32602, "invalid_xdr")]
    [InlineData("getTransaction", "{\"hash\":\"abc\"}", -32602, "unexpected hash length (3)")]
    [InlineData("getTransaction", "{\"hash\":\"zz00000000000000000000000000000000000000000000000000000000000000\"}", -32602, "incorrect hash")]
    [InlineData("getLedgerEntries", "{\"keys\":[\"AAAA\"]}", -32602, "cannot unmarshal key value AAAA at index 0")]
    [InlineData("getTransactions", "{\"startLedger\":999}", -32600, "startLedger must be within the ledger range")]
    [InlineData("getEvents", "{\"startLedger\":999}", -32600, "startLedger must be within the ledger range: 1 - 1")]
    [InlineData("getEvents", "{\"pagination\":{\"cursor\":\"x\"}}", -32602, "x")]
    [InlineData("getLatestLedger", "{\"xdrFormat\":\"json\"}", null, "")]
    [InlineData("getTransaction", "{\"xdrFormat\":\"json\",\"hash\":\"abc\"}", -32602, "json")]
    public async Task Should_use_the_servers_own_words(string method, string parameters, int? code, string words)
    {
        var answer = await Net.CallAsync(method, JsonSerializer.Deserialize<JsonElement>(parameters));

        if (code is null)
        {
            answer.TryGetProperty("result", out _).ShouldBeTrue(answer.ToString());
            return;
        }

        answer.GetProperty("error").GetProperty("code").GetInt32().ShouldBe(code.Value, answer.ToString());
        answer.GetProperty("error").GetProperty("message").GetString().ShouldNotBeNull().ShouldContain(words);
    }

    [Theory(Timeout = TimeoutMs)]
    [InlineData("{\"transaction\":\"AAAA\"}", "Could not unmarshal transaction")]
    [InlineData("{}", "Could not unmarshal transaction")]
    public async Task Should_answer_a_simulation_with_a_result_whatever_comes(string parameters, string error)
    {
        var result = (await Net.CallAsync("simulateTransaction", JsonSerializer.Deserialize<JsonElement>(parameters))).GetProperty("result");

        result.GetProperty("error").GetString().ShouldBe(error);
        result.GetProperty("latestLedger").GetInt32().ShouldBe(0);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_answer_NOT_FOUND_with_every_zero_value()
    {
        var result = (await Net.CallAsync("getTransaction", new { hash = new string('0', 64) })).GetProperty("result");

        result.EnumerateObject().Select(property => property.Name).ShouldBe(
            ["status", "latestLedger", "latestLedgerCloseTime", "oldestLedger", "oldestLedgerCloseTime", "txHash", "applicationOrder", "feeBump", "events", "ledger", "createdAt"]);
        (result.GetProperty("applicationOrder").GetInt32(), result.GetProperty("feeBump").GetBoolean(), result.GetProperty("ledger").GetInt32()).ShouldBe((0, false, 0));
        (result.GetProperty("createdAt").GetString(), result.GetProperty("events").ToString()).ShouldBe(("0", "{}"));
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_refuse_huge_bodies_and_other_verbs_and_keep_serving()
    {
        using var huge = await Net.PostAsync(new string(' ', 600 * 1024));
        huge.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        using var get = await Net.GetAsync("/");
        get.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        using var deep = await Net.PostAsync(string.Concat(Enumerable.Repeat("[", 100_000)));
        deep.StatusCode.ShouldBe(HttpStatusCode.OK);

        (await Net.Rpc.GetHealthAsync(TestNetwork.Cancellation)).LatestLedger.ShouldBe(1u);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_answer_batches_and_stay_silent_on_notifications()
    {
        using var batch = await Net.PostAsync("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"getHealth\"},{\"jsonrpc\":\"2.0\",\"method\":\"getHealth\"},{\"jsonrpc\":\"2.0\",\"id\":\"b\",\"method\":\"x\"}]");
        var answers = await batch.Content.ReadFromJsonAsync<JsonElement>(TestNetwork.Cancellation);
        answers.EnumerateArray().Select(answer => answer.GetProperty("id").ToString()).ShouldBe(["1", "b"]);

        using var notification = await Net.PostAsync("{\"jsonrpc\":\"2.0\",\"method\":\"getHealth\"}");
        notification.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }
}
