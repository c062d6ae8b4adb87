using Payouts.Contracts;
using Payouts.Signer.Intent;
using Payouts.Signer.Requests;
using Payouts.Signer.Tests.Support;
using Payouts.Stellar;
using Payouts.Tests.Support;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Flow;

public sealed class When_the_hot_key_is_on
{
    private static readonly DateTimeOffset ValidUntil = DateTimeOffset.FromUnixTimeSeconds(4_000_000_000);
    private readonly Installation _installation = new();

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Should_sign_itself_whichever_comes_first(bool orderFirst)
    {
        await using var host = await StartAsync();
        var order = _installation.Order();
        var command = _installation.Command(order, _installation.Build(order, ValidUntil));
        if (orderFirst)
        {
            await host.SendAsync(_installation.Resolved(order));
            await Probe.Until("the order is kept", async _ => await host.CountOrdersAsync() == 1);
            await host.SendAsync(command);
        }
        else
        {
            await host.SendAsync(command);
            await host.StoredAsync(command.PayoutId, SignRequestState.AwaitingOrder);
            host.Witness.Signed.ShouldBeEmpty();
            await host.SendAsync(_installation.Resolved(order));
        }

        var signed = await host.SignedAsync(command.PayoutId);
        new SignatureVerifier(_installation.Network)
            .Verify(signed.SignedXdr, TransactionHash.Parse(command.TransactionHash), [_installation.PayoutKey.AccountId, _installation.Channels[0].AccountId])
            .ShouldBeOfType<SignatureVerdict.Valid>();
        (await host.StoredAsync(command.PayoutId, SignRequestState.Signed)).Decision.ShouldBe("HotKey");
        host.Witness.Requests.ShouldBeEmpty();
        host.LogLines.ShouldContain(line => line.Contains("hot-key mode", StringComparison.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_sign_nothing_that_differs_from_the_order()
    {
        await using var host = await StartAsync();
        var wrong = _installation.Order(amount: "12.5000001");
        await host.SendAsync(_installation.Resolved(_installation.Order()));
        await Probe.Until("the order is kept", async _ => await host.CountOrdersAsync() == 1);
        await host.SendAsync(_installation.Command(wrong, _installation.Build(wrong, ValidUntil)));
        var failed = await host.FailedAsync(_installation.IdOf(wrong));
        failed.Code.ShouldBe(FailureCode.IntentMismatch);
        failed.Detail.ShouldStartWith(nameof(IntentProblem.OrderDiffers));
        host.Witness.Signed.ShouldBeEmpty();
    }

    private Task<SignerHost> StartAsync() => SignerHost.StartAsync(_installation, settings =>
    {
        settings["PAYOUTS_SIGN_WITH_HOT_KEY"] = "true";
        settings["PAYOUT_HOT_SIGNER_SECRET"] = _installation.PayoutKey.ExportSecretSeed();
    });
}
