using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Payouts.Contracts;
using Payouts.Signer.Answers;
using Payouts.Signer.Intent;
using Payouts.Signer.Tests.Support;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Flow;

public sealed class When_the_signer_uses_http
{
    private readonly Installation _installation = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Should_list_what_waits_and_take_a_signature()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var heard = await host.AskAsync(_installation);
        var listed = (await host.Http.GetFromJsonAsync<JsonArray>("/sign-requests?state=waiting&limit=5", Cancelled)).ShouldNotBeNull().ShouldHaveSingleItem()!;
        var request = listed["request"].Deserialize<SigningRequested>(ContractsJson.Options).ShouldNotBeNull();
        request.Signers.ShouldBe(heard.Signers);
        (request with { Signers = heard.Signers }).ShouldBe(heard, "the same request as the message");
        var shown = await host.Http.GetFromJsonAsync<JsonObject>($"/sign-requests/{request.RequestId}", Cancelled);
        JsonNode.DeepEquals(shown, listed).ShouldBeTrue();

        var answer = Installation.Answer(request, _installation.PayoutKey);
        var body = new Answer { TransactionHash = answer.TransactionHash, Signatures = answer.Signatures };
        (await PostAsync(host, request.RequestId, "signatures", body)).ShouldBe((HttpStatusCode.OK, "Signed"));
        await host.SignedAsync(request.PayoutId);
        (await PostAsync(host, request.RequestId, "signatures", body)).ShouldBe((HttpStatusCode.OK, "Signed"));
        (await PostAsync(host, request.RequestId, "rejection", new Rejection { Reason = "too late" })).ShouldBe((HttpStatusCode.OK, "Signed"));
        (await host.Http.GetFromJsonAsync<JsonArray>("/sign-requests", Cancelled)).ShouldBeEmpty();
        (await host.Http.GetFromJsonAsync<JsonArray>("/sign-requests?state=signed", Cancelled)).ShouldNotBeNull().Count.ShouldBe(1);
        var ofPayout = (await host.Http.GetFromJsonAsync<JsonArray>($"/sign-requests?payout={request.PayoutId}", Cancelled)).ShouldNotBeNull();
        ofPayout.ShouldHaveSingleItem()!["state"]!.GetValue<string>().ShouldBe("Signed", "who asks about a payout wants to see what became of it");
        (await host.Http.GetFromJsonAsync<JsonArray>($"/sign-requests?payout={request.PayoutId}&state=waiting", Cancelled)).ShouldBeEmpty();
        (await host.Http.GetFromJsonAsync<JsonArray>($"/sign-requests?payout={Guid.NewGuid()}", Cancelled)).ShouldBeEmpty();
        (await host.Http.GetFromJsonAsync<JsonArray>("/sign-requests?state=all", Cancelled)).ShouldNotBeNull().Count.ShouldBe(1);
        host.Witness.Signed.ShouldHaveSingleItem();
        host.Witness.Failed.ShouldBeEmpty();
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_take_a_rejection()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var request = await host.AskAsync(_installation);
        (await PostAsync(host, request.RequestId, "rejection", new Rejection { Reason = "over the daily limit" })).ShouldBe((HttpStatusCode.OK, "Rejected"));
        (await host.FailedAsync(request.PayoutId)).Detail.ShouldBe("over the daily limit");
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_name_each_refusal()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var request = await host.AskAsync(_installation);
        var hash = request.TransactionHash;
        (await PostAsync(host, Guid.NewGuid(), "signatures", new Answer { TransactionHash = hash, SignedXdr = "AAAA" })).ShouldBe((HttpStatusCode.NotFound, "RequestUnknown"));
        (await PostAsync(host, request.RequestId, "signatures", new Answer { TransactionHash = hash })).ShouldBe((HttpStatusCode.UnprocessableEntity, "NoSignature"));
        (await PostAsync(host, request.RequestId, "signatures", new Answer { TransactionHash = hash, SignedXdr = request.UnsignedXdr }))
            .ShouldBe((HttpStatusCode.UnprocessableEntity, "SignatureMissing"));
        (await PostAsync(host, request.RequestId, "signatures", new { reason = "no hash" })).ShouldBe((HttpStatusCode.BadRequest, "BodyUnreadable"));
        (await PostAsync(host, request.RequestId, "rejection", new { because = "no reason" })).ShouldBe((HttpStatusCode.BadRequest, "BodyUnreadable"));
        (await PostAsync(host, request.RequestId, "signatures", new Answer { TransactionHash = hash, SignedXdr = new string('A', IntentCheck.XdrLengthMax + 4) }))
            .ShouldBe((HttpStatusCode.UnprocessableEntity, "AnswerTooLarge"));
        (await PostAsync(host, request.RequestId, "signatures", new Answer { TransactionHash = hash, SignedXdr = new string('A', 300_000) }))
            .ShouldBe((HttpStatusCode.RequestEntityTooLarge, "BodyUnreadable"));
        using var unknown = await host.Http.GetAsync("/sign-requests?state=lost", Cancelled);
        (unknown.StatusCode, (await unknown.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["code"]!.GetValue<string>()).ShouldBe((HttpStatusCode.BadRequest, "StateUnknown"));
        using var missing = await host.Http.GetAsync($"/sign-requests/{Guid.NewGuid()}", Cancelled);
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        host.Witness.Signed.ShouldBeEmpty();
    }

    private static async Task<(HttpStatusCode Status, string Said)> PostAsync(SignerHost host, Guid request, string what, object body)
    {
        using var content = new StringContent(JsonSerializer.Serialize(body, ContractsJson.Options), Encoding.UTF8, "application/json");
        using var answer = await host.Http.PostAsync($"/sign-requests/{request}/{what}", content, Cancelled);
        var json = (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancelled)).ShouldNotBeNull();
        answer.Content.Headers.ContentType!.MediaType.ShouldBe(answer.IsSuccessStatusCode ? "application/json" : "application/problem+json");
        return (answer.StatusCode, (json["code"] ?? json["state"])!.GetValue<string>());
    }
}
