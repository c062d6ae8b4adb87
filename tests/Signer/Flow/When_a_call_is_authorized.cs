using Payouts.Contracts;
using Payouts.Signer.Requests;
using Payouts.Signer.Tests.Support;
using Payouts.Stellar;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Flow;

/// <summary>The signer authorizes the payout's call once; every envelope around it is then signed by its channel alone.</summary>
public sealed class When_a_call_is_authorized
{
    private readonly Installation _installation = new();

    [Fact(Timeout = 60_000)]
    public async Task Should_ask_once_and_sign_every_envelope_around_it_without_asking_again()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var order = _installation.Order();
        await host.SendAsync(_installation.Resolved(order));
        await host.SendAsync(_installation.Authorize(order));
        var request = await host.RequestAsync(_installation.IdOf(order));
        (request.Form, request.TransactionHash).ShouldBe((SigningForm.Authorization, _installation.Authorize(order).AuthorizationHash));
        (request.Intent.Channel, request.Intent.FeeStroops).ShouldBe((null, null), "who brings it to the ledger is left open");

        await host.SendAsync(Installation.Answer(request, _installation.PayoutKey));
        var authorized = await host.AuthorizedAsync(request.PayoutId);
        var entry = PayoutAuthorization.FromBase64(authorized.AuthorizationXdr);
        SorobanAuthorization.Verify(entry, _installation.Authorization(order), _installation.Network, _installation.PayoutKey.AccountId).ShouldBeOfType<AuthorizationVerdict.Valid>();

        var envelope = _installation.BuildAuthorized(order, [entry]);
        await host.SendAsync(_installation.Command(order, envelope, attempt: 2));
        var signed = await host.SignedAsync(request.PayoutId);
        new SignatureVerifier(_installation.Network).Verify(signed.SignedXdr, envelope.Hash(_installation.Network), [_installation.Channels[0].AccountId]).ShouldBeOfType<SignatureVerdict.Valid>();
        host.Witness.Requests.Count.ShouldBe(1, "nobody is asked for the envelope");
        (await host.StoredAsync(request.PayoutId)).Select(x => (x.Form, x.State, x.Decision)).ShouldBe([(SigningForm.Authorization, SignRequestState.Signed, "Signed"), (SigningForm.Envelope, SignRequestState.Signed, "Authorized")]);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_gather_the_signatures_of_two_of_three()
    {
        var several = Installation.WithSigners(threshold: 2, 1, 1, 1);
        await using var host = await SignerHost.StartAsync(several);
        var order = several.Order();
        await host.SendAsync(several.Resolved(order));
        await host.SendAsync(several.Authorize(order));
        var request = await host.RequestAsync(several.IdOf(order));

        await host.SendAsync(Installation.Answer(request, several.SignerKeys[2]));
        await host.SendAsync(Installation.Answer(request, several.SignerKeys[0]));
        var authorized = await host.AuthorizedAsync(request.PayoutId);
        await host.SendAsync(several.Command(order, several.BuildAuthorized(order, [PayoutAuthorization.FromBase64(authorized.AuthorizationXdr)]), attempt: 2));
        await host.SignedAsync(request.PayoutId);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_say_no_in_the_words_of_its_own_form()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var order = _installation.Order();
        await host.SendAsync(_installation.Resolved(order));
        await host.SendAsync(_installation.Authorize(order));
        var request = await host.RequestAsync(_installation.IdOf(order));
        await host.SendAsync(new SigningRejected { RequestId = request.RequestId, Reason = "not today" });
        var failed = await host.NotAuthorizedAsync(request.PayoutId);
        (failed.Code, failed.Detail, failed.Attempt).ShouldBe((FailureCode.SignerRejected, "not today", 1));

        // Asked for again after a human's retry: the same authorization, a new request.
        await host.SendAsync(_installation.Authorize(order, attempt: 2));
        (await host.RequestAsync(request.PayoutId, attempt: 2)).TransactionHash.ShouldBe(request.TransactionHash);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_authorize_with_the_hot_key_as_well()
    {
        await using var host = await SignerHost.StartAsync(_installation, settings =>
        {
            settings["PAYOUTS_SIGN_WITH_HOT_KEY"] = "true";
            settings["PAYOUT_HOT_SIGNER_SECRET"] = _installation.PayoutKey.ExportSecretSeed();
        });
        var order = _installation.Order();
        await host.SendAsync(_installation.Resolved(order));
        await host.SendAsync(_installation.Authorize(order));
        var authorized = await host.AuthorizedAsync(_installation.IdOf(order));
        SorobanAuthorization.Verify(PayoutAuthorization.FromBase64(authorized.AuthorizationXdr), _installation.Authorization(order), _installation.Network, _installation.PayoutKey.AccountId)
            .ShouldBeOfType<AuthorizationVerdict.Valid>();
    }

    /// <summary>What was let go counts once; a person's stop holds the channel's key back all the same.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_hold_an_authorized_envelope_back_whose_currency_is_stopped()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var order = _installation.Order();
        await host.SendAsync(_installation.Resolved(order));
        await host.SendAsync(_installation.Authorize(order));
        var request = await host.RequestAsync(_installation.IdOf(order));
        await host.SendAsync(Installation.Answer(request, _installation.PayoutKey));
        var entry = PayoutAuthorization.FromBase64((await host.AuthorizedAsync(request.PayoutId)).AuthorizationXdr);

        using var stopped = await host.Http.PostAsync("policy/XLM/stop", new StringContent("""{"by":"Ana","reason":"the issuer is down"}""", System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        stopped.IsSuccessStatusCode.ShouldBeTrue();
        await host.SendAsync(_installation.Command(order, _installation.BuildAuthorized(order, [entry]), attempt: 2));
        await Payouts.Tests.Support.Probe.Until("the envelope is held", async _ => (await host.StoredAsync(request.PayoutId)).Count(x => x.State == SignRequestState.Held) == 1);
        host.Witness.Signed.ShouldBeEmpty();
    }
}
