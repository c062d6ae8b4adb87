using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Payouts.Signer.Requests;
using Payouts.Signer.Tests.Support;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Flow;

public sealed class When_the_doors_are_at_their_bounds
{
    private const int BodyBytesMax = 256 * 1024;
    private const string Pair = "\ud83d\ude00";
    private readonly Installation _installation = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Reasons => new()
    {
        { new string('r', 500), new string('r', 500) },
        { new string('r', 501), new string('r', 500) },
        { new string('r', 498) + Pair, new string('r', 498) + Pair },
        { new string('r', 499) + Pair, new string('r', 499) },
        { "two\nlines\0", "two lines" },
    };

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Reasons))]
    public async Task Should_keep_500_characters_of_a_rejection(string reason, string kept)
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var request = await host.AskAsync(_installation);
        (await PostAsync(host, request.RequestId, "rejection", new JsonObject { ["reason"] = reason }.ToJsonString())).ShouldBe(HttpStatusCode.OK);
        (await host.FailedAsync(request.PayoutId)).Detail.ShouldBe(kept);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0, HttpStatusCode.UnprocessableEntity)]
    [InlineData(1, HttpStatusCode.RequestEntityTooLarge)]
    public async Task Should_read_256_kilobytes_of_an_answer(int beyond, HttpStatusCode expected)
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var request = await host.AskAsync(_installation);
        var (head, tail) = ($$"""{"transactionHash":"{{request.TransactionHash}}","signedXdr":" """.Trim(), "\"}");

        (await PostAsync(host, request.RequestId, "signatures", head + new string('A', BodyBytesMax + beyond - head.Length - tail.Length) + tail)).ShouldBe(expected);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_list_200_requests_at_once()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        await host.ChangeAsync(db => db.SignRequests.AddRange(Enumerable.Range(1, 201).Select(round =>
        {
            var command = _installation.Command(_installation.Order((uint)round), _installation.Build(_installation.Order((uint)round), DateTimeOffset.FromUnixTimeSeconds(4_000_000_000)));
            var request = new SignRequest
            {
                RequestId = Guid.NewGuid(), PayoutId = command.PayoutId, Attempt = 1, TransactionHash = command.TransactionHash, UnsignedXdr = command.UnsignedXdr,
                Channel = command.Slot.Channel, SequenceNumber = command.Slot.SequenceNumber, ValidUntil = command.ValidUntil, Deadline = command.ValidUntil, AskedAt = DateTimeOffset.UnixEpoch,
            };
            request.Close(SignRequestState.Rejected, DateTimeOffset.UnixEpoch, "SignerRejected", "of the test");
            return request;
        })));

        foreach (var (limit, shown) in new[] { ("200", 200), ("201", 200), ("0", 1) })
            (await host.Http.GetFromJsonAsync<JsonArray>($"/sign-requests?state=rejected&limit={limit}", Cancelled)).ShouldNotBeNull().Count.ShouldBe(shown);
        (await host.Http.GetFromJsonAsync<JsonArray>("/sign-requests?state=rejected", Cancelled)).ShouldNotBeNull().Count.ShouldBe(50);
    }

    private static async Task<HttpStatusCode> PostAsync(SignerHost host, Guid request, string what, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await host.Http.PostAsync($"/sign-requests/{request}/{what}", content, Cancelled);
        return answer.StatusCode;
    }
}
