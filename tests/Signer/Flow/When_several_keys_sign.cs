using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Payouts.Contracts;
using Payouts.Signer.Answers;
using Payouts.Signer.Requests;
using Payouts.Signer.Tests.Answers;
using Payouts.Signer.Tests.Support;
using Payouts.Stellar;
using Payouts.Tests.Support;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Flow;

/// <summary>Three signers of one account, of whom two are enough.</summary>
public sealed class When_several_keys_sign
{
    private readonly Installation _installation = Installation.WithSigners(2, 1, 1, 1);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private IReadOnlyList<KeyPair> Keys => _installation.SignerKeys;

    [Fact(Timeout = 60_000)]
    public async Task Should_ask_all_of_them_and_say_how_much_is_needed()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var request = await host.AskAsync(_installation);
        request.Signers.ShouldBe(Keys.Take(3).Select(key => key.AccountId.ToString()));
        request.Threshold.ShouldBe(2);
        request.Weights.ShouldBe([1, 1, 1]);
        request.Intent.PayoutSource.ShouldBe(_installation.PayoutKey.AccountId.ToString());
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    public async Task Should_wait_for_the_second_whichever_it_is(int first, int second)
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var request = await host.AskAsync(_installation);
        await host.SendAsync(Installation.Answer(request, Keys[first]));
        await KeptAsync(host, request, 1);
        host.Witness.Signed.ShouldBeEmpty();
        await host.SendAsync(Installation.Answer(request, Keys[second]));

        ShouldBeSignedBy(await host.SignedAsync(request.PayoutId), request, [Keys[first], Keys[second]]);
        var stored = (await host.StoredAsync(request.PayoutId)).ShouldHaveSingleItem();
        stored.SignedBy!.Split(',').ShouldBe([Keys[first].AccountId.ToString(), Keys[second].AccountId.ToString()], ignoreOrder: true);
    }

    /// <summary>All three have answered before anybody looked: the third's signature would be one too many on the ledger.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_put_no_signature_too_many_on_the_envelope()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var request = await host.AskAsync(_installation);
        await host.SendAsync(By(request, Keys[0], Keys[1], Keys[2]));
        var signed = await host.SignedAsync(request.PayoutId);
        Transaction.FromBase64(signed.SignedXdr).Signatures.Count.ShouldBe(3, "two of the source and the channel's");
        await host.SendAsync(Installation.Answer(request, Keys[2]));
        await host.DrainAnswersAsync();
        host.Witness.Signed.ShouldHaveSingleItem();
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_count_a_heavy_key_alone_and_two_light_ones_together()
    {
        var weighted = Installation.WithSigners(3, 3, 2, 1);
        await using var host = await SignerHost.StartAsync(weighted);
        var heavy = await host.AskAsync(weighted, round: 1);
        await host.SendAsync(Installation.Answer(heavy, Keys[0]));
        ShouldBeSignedBy(await host.SignedAsync(heavy.PayoutId), heavy, [Keys[0]]);
        // The light one was first: with the heavy one it would be one too many.
        var mixed = await host.AskAsync(weighted, round: 2);
        await host.SendAsync(Installation.Answer(mixed, Keys[2]));
        await KeptAsync(host, mixed, 1);
        await host.SendAsync(By(mixed, Keys[1]));
        ShouldBeSignedBy(await host.SignedAsync(mixed.PayoutId), mixed, [Keys[1], Keys[2]]);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_take_signed_envelopes_as_well()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var request = await host.AskAsync(_installation);
        foreach (var key in Keys.Take(2))
        {
            var signed = Transaction.FromBase64(request.UnsignedXdr).Sign(_installation.Network, key);
            await host.SendAsync(new SigningCompleted { RequestId = request.RequestId, TransactionHash = request.TransactionHash, SignedXdr = signed.ToBase64() });
        }

        ShouldBeSignedBy(await host.SignedAsync(request.PayoutId), request, [Keys[0], Keys[1]]);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_count_the_same_signer_once()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var request = await host.AskAsync(_installation);
        for (var i = 0; i < 3; i++)
            await host.SendAsync(Installation.Answer(request, Keys[0]));
        await host.SendAsync(By(request, Keys[0], Keys[0]));
        await host.DeadLetterAsync(nameof(AnswerProblem.ExtraSignature));
        await host.DrainAnswersAsync();
        (await host.StoredAsync(request.PayoutId)).ShouldHaveSingleItem().AnswerCount.ShouldBe(1);
        host.Witness.Signed.ShouldBeEmpty();
    }

    /// <summary>Two signers may choose the same id for their messages, or one the other's on purpose: neither answer may pass for a repeat.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_not_lose_an_answer_to_another_signers_message_id()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var request = await host.AskAsync(_installation);
        var id = Guid.NewGuid();
        await host.SendAsync(Installation.Answer(request, Keys[0]), id);
        await KeptAsync(host, request, 1);
        await host.SendAsync(Installation.Answer(request, Keys[1]), id);
        ShouldBeSignedBy(await host.SignedAsync(request.PayoutId), request, [Keys[0], Keys[1]]);
    }

    public static TheoryData<string> Lies => ["another request's signature", "a stranger's key", "a signature of another key under this one", "a stranger beside a good one", "garbage", "the source's own key"];

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Lies))]
    public async Task Should_keep_what_is_good_when_one_lies(string lie)
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var other = await host.AskAsync(_installation, round: 8);
        var request = await host.AskAsync(_installation);
        await host.SendAsync(Installation.Answer(request, Keys[0]));
        await KeptAsync(host, request, 1);

        await host.SendAsync(Lie(lie, request, other));
        await Probe.Until("the lie is put aside", host.LettersAsync, letters => letters.Count == 1);
        (await host.StoredAsync(request.PayoutId)).ShouldHaveSingleItem().AnswerCount.ShouldBe(1);
        host.Witness.Signed.ShouldBeEmpty();

        await host.SendAsync(Installation.Answer(request, Keys[2]));
        ShouldBeSignedBy(await host.SignedAsync(request.PayoutId), request, [Keys[0], Keys[2]]);
    }

    /// <summary>The point of order one verifies every message with S = 0 in a lax library: anybody could sign for such a key.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_not_take_a_forgery_for_a_key_of_small_order()
    {
        var identity = new byte[32];
        identity[0] = 1;
        var small = new AccountId(identity);
        var weak = new Installation { Signers = ($"{new Installation().Weighted(1)},{small}=1", 2) };
        await using var host = await SignerHost.StartAsync(weak);
        var request = await host.AskAsync(weak);
        await host.SendAsync(Installation.Answer(request, Keys[0]));
        await KeptAsync(host, request, 1);
        var forged = new SignatureByKey { PublicKey = small.ToString(), Signature = Convert.ToBase64String([.. identity, .. new byte[32]]) };
        await host.SendAsync(By(request) with { Signatures = [forged] });
        await host.DeadLetterAsync(nameof(AnswerProblem.SignatureInvalid));
        host.Witness.Signed.ShouldBeEmpty();
    }

    /// <summary>The envelope expired and was built again to the byte: whoever signed it has signed it.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_keep_the_signatures_of_an_envelope_that_is_asked_for_again()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var first = await host.AskAsync(_installation);
        await host.SendAsync(Installation.Answer(first, Keys[0]));
        await KeptAsync(host, first, 1);

        var again = await host.AskAsync(_installation, attempt: 2);
        again.RequestId.ShouldNotBe(first.RequestId);
        again.TransactionHash.ShouldBe(first.TransactionHash);
        await host.SendAsync(Installation.Answer(again, Keys[1]));
        var signed = await host.SignedAsync(first.PayoutId);
        signed.Attempt.ShouldBe(2);
        ShouldBeSignedBy(signed, again, [Keys[0], Keys[1]]);

        // And when enough have signed, nobody is asked.
        var order = _installation.Order();
        await host.SendAsync(_installation.Command(order, Transaction.FromBase64(first.UnsignedXdr), attempt: 3));
        await Probe.Until("the third is signed at once", () => host.Witness.Signed.Any(x => x.Attempt == 3), cancellationToken: Cancelled);
        host.Witness.Requests.ShouldNotContain(x => x.Attempt == 3);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_forget_the_signatures_when_the_envelope_is_another()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var first = await host.AskAsync(_installation);
        await host.SendAsync(Installation.Answer(first, Keys[0]));
        await KeptAsync(host, first, 1);
        var second = await host.AskAsync(_installation, attempt: 2, validUntil: DateTimeOffset.FromUnixTimeSeconds(4_000_000_300));
        await host.SendAsync(Installation.Answer(second, Keys[1]));
        await Probe.Until("it is kept", async _ => (await host.StoredAsync(first.PayoutId)).Last().AnswerCount, count => count == 1, cancellationToken: Cancelled);
        host.Witness.Signed.ShouldBeEmpty();
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_show_over_http_what_was_gathered()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var request = await host.AskAsync(_installation);
        var answer = Installation.Answer(request, Keys[1]);
        using (var posted = await host.Http.PostAsJsonAsync($"/sign-requests/{request.RequestId}/signatures", new Answer { TransactionHash = answer.TransactionHash, Signatures = answer.Signatures }, Cancelled))
            JsonNode.Parse(await posted.Content.ReadAsStringAsync(Cancelled))!.ToJsonString().ShouldContain("\"state\":\"Waiting\",\"changed\":true");
        using (var refused = await host.Http.PostAsJsonAsync($"/sign-requests/{request.RequestId}/rejection", new Rejection { Reason = "whose?" }, Cancelled))
            refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        using (var rejected = await host.Http.PostAsJsonAsync($"/sign-requests/{request.RequestId}/rejection", new Rejection { Reason = "no", PublicKey = Keys[2].AccountId.ToString() }, Cancelled))
            rejected.StatusCode.ShouldBe(HttpStatusCode.OK);

        var gathered = (await host.Http.GetFromJsonAsync<JsonArray>("/sign-requests", Cancelled))!.ShouldHaveSingleItem()!["gathered"]!;
        gathered["threshold"]!.GetValue<int>().ShouldBe(2);
        gathered["weight"]!.GetValue<int>().ShouldBe(1);
        gathered["keys"]!.AsArray().Select(x => (x!["publicKey"]!.GetValue<string>(), x["signedAt"] is not null, x["rejection"]?.GetValue<string>())).ShouldBe(
            [(Keys[0].AccountId.ToString(), false, null), (Keys[1].AccountId.ToString(), true, null), (Keys[2].AccountId.ToString(), false, "no")]);
        gathered.ToJsonString().ShouldNotContain(answer.Signatures![0].Signature);
    }

    /// <summary>A row that somebody changed must not reach the ledger, nor a key that signs no more.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_not_use_a_stored_signature_that_does_not_verify()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var request = await host.AskAsync(_installation);
        await host.ChangeAsync(db => db.SourceSignatures.Add(new SourceSignature
        {
            TransactionHash = request.TransactionHash, PublicKey = Keys[0].AccountId.ToString(), Signature = new byte[64], RequestId = request.RequestId, At = DateTimeOffset.UnixEpoch,
        }));
        await host.ChangeAsync(db => db.SourceSignatures.Add(new SourceSignature
        {
            TransactionHash = request.TransactionHash, PublicKey = _installation.StrangerKey.AccountId.ToString(), Signature = _installation.StrangerKey.Sign(Convert.FromHexString(request.TransactionHash)),
            RequestId = request.RequestId, At = DateTimeOffset.UnixEpoch,
        }));
        await host.SendAsync(Installation.Answer(request, Keys[1]));
        await KeptAsync(host, request, 1);
        host.Witness.Signed.ShouldBeEmpty();
        await host.SendAsync(Installation.Answer(request, Keys[2]));
        ShouldBeSignedBy(await host.SignedAsync(request.PayoutId), request, [Keys[1], Keys[2]]);
    }

    private SigningCompleted Lie(string lie, SigningRequested request, SigningRequested other) => lie switch
    {
        "another request's signature" => Installation.Answer(request, Keys[1]) with { Signatures = Installation.Answer(other, Keys[1]).Signatures },
        "a stranger's key" => Installation.Answer(request, _installation.StrangerKey),
        "a signature of another key under this one" => Installation.Answer(request, Keys[2]) with
        {
            Signatures = [Installation.Answer(request, Keys[2]).Signatures![0] with { PublicKey = Keys[1].AccountId.ToString() }],
        },
        "a stranger beside a good one" => By(request, Keys[1], _installation.StrangerKey),
        "garbage" => Installation.Answer(request, Keys[1]) with { Signatures = null, SignedXdr = "AAAA" },
        "the source's own key" => Installation.Answer(request, _installation.PayoutKey),
        _ => throw new ArgumentOutOfRangeException(nameof(lie), lie, "unknown"),
    };

    private static SigningCompleted By(SigningRequested request, params KeyPair[] keys) => new()
    {
        RequestId = request.RequestId,
        TransactionHash = request.TransactionHash,
        Signatures = [.. keys.Select(key => WrongAnswer.By(key, TransactionHash.Parse(request.TransactionHash)))],
    };

    private static Task KeptAsync(SignerHost host, SigningRequested request, int answers) => Probe.Until(
        $"{answers} answers are kept", async _ => (await host.StoredAsync(request.PayoutId)).Single(x => x.RequestId == request.RequestId).AnswerCount, count => count == answers, cancellationToken: Cancelled);

    private void ShouldBeSignedBy(PayoutSigned signed, SigningRequested request, IEnumerable<KeyPair> signers)
    {
        signed.TransactionHash.ShouldBe(request.TransactionHash);
        new SignatureVerifier(_installation.Network)
            .Verify(signed.SignedXdr, TransactionHash.Parse(request.TransactionHash), [.. signers.Select(key => key.AccountId), AccountId.Parse(request.Intent.Channel!)])
            .ShouldBeOfType<SignatureVerdict.Valid>();
    }
}
