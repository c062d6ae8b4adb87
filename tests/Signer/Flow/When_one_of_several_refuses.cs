using Payouts.Contracts;
using Payouts.Signer.Answers;
using Payouts.Signer.Requests;
using Payouts.Signer.Tests.Support;
using Payouts.Stellar;
using Payouts.Tests.Support;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Flow;

/// <summary>Three signers of one account, of whom two are enough: one no is not the end.</summary>
public sealed class When_one_of_several_refuses
{
    private readonly Installation _installation = Installation.WithSigners(2, 1, 1, 1);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private IReadOnlyList<KeyPair> Keys => _installation.SignerKeys;

    [Fact(Timeout = 60_000)]
    public async Task Should_go_on_when_one_says_no()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var request = await host.AskAsync(_installation);
        await host.SendAsync(No(request, Keys[2], "over my limit"));
        await KeptAsync(host, request, 1);
        await host.SendAsync(Installation.Answer(request, Keys[0]));
        await host.SendAsync(Installation.Answer(request, Keys[1]));
        ShouldBeSignedBy(await host.SignedAsync(request.PayoutId), request, [Keys[0], Keys[1]]);
        host.Witness.Failed.ShouldBeEmpty();
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_end_when_too_many_say_no()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var request = await host.AskAsync(_installation);
        await host.SendAsync(Installation.Answer(request, Keys[0]));
        await KeptAsync(host, request, 1);
        await host.SendAsync(No(request, Keys[1], "over my limit"));
        await KeptAsync(host, request, 2);
        await host.SendAsync(No(request, Keys[1], "said again"));
        host.Witness.Failed.ShouldBeEmpty();
        await host.SendAsync(No(request, Keys[2], "unknown winner"));
        var failed = await host.FailedAsync(request.PayoutId);
        failed.Code.ShouldBe(FailureCode.SignerRejected);
        failed.Detail.ShouldBe($"{Keys[1].AccountId}: over my limit; {Keys[2].AccountId}: unknown winner");
        await host.SendAsync(Installation.Answer(request, Keys[1]));
        await host.DrainAnswersAsync();
        host.Witness.Signed.ShouldBeEmpty("a rejection is final for its request");
    }

    /// <summary>A signature is proof, a no is not: who has signed cannot be made to have refused, and who signs after a no has signed.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_believe_a_signature_and_not_a_no_in_its_name()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var request = await host.AskAsync(_installation);
        await host.SendAsync(Installation.Answer(request, Keys[0]));
        await KeptAsync(host, request, 1);
        await host.SendAsync(No(request, Keys[0], "forged"));
        await host.SendAsync(No(request, Keys[1], "forged"));
        await KeptAsync(host, request, 2);
        await host.SendAsync(Installation.Answer(request, Keys[1]));
        ShouldBeSignedBy(await host.SignedAsync(request.PayoutId), request, [Keys[0], Keys[1]]);
        host.Witness.Failed.ShouldBeEmpty();
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Should_want_to_know_whose_no_it_is(bool strangers)
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var request = await host.AskAsync(_installation);
        await host.SendAsync(No(request, strangers ? _installation.StrangerKey : Keys[0], "no") with { PublicKey = strangers ? _installation.StrangerKey.AccountId.ToString() : null });
        await host.DeadLetterAsync(nameof(AnswerProblem.SignerUnknown));
        (await host.StoredAsync(request.PayoutId)).ShouldHaveSingleItem().State.ShouldBe(SignRequestState.Waiting);
    }

    private static SigningRejected No(SigningRequested request, KeyPair key, string reason) =>
        new() { RequestId = request.RequestId, Reason = reason, PublicKey = key.AccountId.ToString() };

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
