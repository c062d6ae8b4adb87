using Payouts.Contracts;
using Payouts.Hosting.Configuration;
using Payouts.LocalSigner;
using Payouts.Signer.Answers;
using Payouts.Signer.Requests;
using Payouts.Signer.Tests.Support;
using Payouts.Signers.Requests;
using Payouts.Stellar;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Flow;

public sealed class When_the_local_signer_is_near
{
    private readonly Installation _installation = new();

    [Fact(Timeout = 60_000)]
    public async Task Should_sign_in_the_same_process()
    {
        await using var host = await StartAsync(new LocalSignerOptions { AnswerDelay = TimeSpan.FromMilliseconds(20) });
        var request = await host.AskAsync(_installation);
        (await host.SignedAsync(request.PayoutId)).TransactionHash.ShouldBe(request.TransactionHash);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_be_silent_when_told_to()
    {
        await using var host = await StartAsync(new LocalSignerOptions { Answer = (_, _) => null });
        var request = await host.AskAsync(_installation);
        await host.DrainAnswersAsync();
        (await host.StoredAsync(request.PayoutId)).ShouldHaveSingleItem().State.ShouldBe(SignRequestState.Waiting);
        host.Witness.Signed.ShouldBeEmpty();
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_lie_when_told_to()
    {
        await using var host = await StartAsync(new LocalSignerOptions { Answer = (_, right) => right with { Signatures = null, SignedXdr = "AAAA" } });
        await host.AskAsync(_installation);
        await host.DeadLetterAsync(nameof(AnswerProblem.EnvelopeUnreadable));
        host.Witness.Signed.ShouldBeEmpty();
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_reject_a_request_whose_intent_lies()
    {
        await using var host = await StartAsync(new LocalSignerOptions());
        var request = await host.AskAsync(_installation);
        var policy = new RequestPolicy(_installation.Network, _installation.PayoutKey.AccountId);
        RequestCheck.WhyNot(request, policy).ShouldBeNull();
        RequestCheck.WhyNot(request, policy with { Contract = _installation.Contract }).ShouldBeNull();
        RequestCheck.WhyNot(request, policy with { Contract = _installation.Token }).ShouldNotBeNull("another contract than this signer's");
        var intent = request.Intent;
        SigningRequested[] lies =
        [
            request with { NetworkPassphrase = Network.Public.Passphrase },
            request with { TransactionHash = new string('0', 64) },
            request with { UnsignedXdr = "AAAA" },
            request with { Signers = [_installation.StrangerKey.AccountId.ToString()] },
            request with { Intent = intent with { Channel = intent.PayoutSource } },
            request with { Intent = intent with { PayoutSource = intent.Channel! } },
            request with { Intent = intent with { FeeStroops = 1 } },
            request with { Intent = intent with { ValidUntil = intent.ValidUntil.AddSeconds(1) } },
            request with { Intent = intent with { Contract = _installation.Token.ToString() } },
            request with { Intent = intent with { Method = "refund" } },
            request with { Intent = intent with { Order = intent.Order with { Amount = new Stroops(1) } } },
            request with { Intent = intent with { Order = intent.Order with { Winner = _installation.StrangerKey.AccountId.ToString() } } },
            request with { Intent = intent with { Order = intent.Order with { Currency = "USDC" } } },
        ];
        foreach (var lie in lies)
            RequestCheck.WhyNot(lie, policy).ShouldNotBeNull();

        // Over the bus as well, for a request that payout-signer never made.
        await host.SendAsync(lies[^1] with { RequestId = Guid.NewGuid() });
        (await host.DeadLetterAsync(nameof(AnswerProblem.RequestUnknown))).Queue.ShouldBe("payout-signer.signing-rejected");
    }

    private Task<SignerHost> StartAsync(LocalSignerOptions options) => SignerHost.StartAsync(
        _installation, settings => settings[LocalSignerSettings.SecretName] = _installation.PayoutKey.ExportSecretSeed(), others: new LocalSignerModule(options));
}
