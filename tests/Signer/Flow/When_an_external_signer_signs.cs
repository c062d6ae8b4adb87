using Payouts.Contracts;
using Payouts.Signer.Requests;
using Payouts.Signer.Tests.Support;
using Payouts.Stellar;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Flow;

public sealed class When_an_external_signer_signs
{
    private static readonly DateTimeOffset ValidUntil = DateTimeOffset.FromUnixTimeSeconds(4_000_000_000);
    private readonly Installation _installation = new();

    [Fact(Timeout = 60_000)]
    public async Task Should_ask_it_and_hand_on_the_envelope_with_both_signatures()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var order = _installation.Order();
        var transaction = _installation.Build(order, ValidUntil);
        await host.SendAsync(_installation.Resolved(order));
        await host.SendAsync(_installation.Command(order, transaction));

        var request = await host.RequestAsync(_installation.IdOf(order));
        request.UnsignedXdr.ShouldBe(transaction.ToBase64());
        request.TransactionHash.ShouldBe(transaction.Hash(_installation.Network).ToString());
        request.NetworkPassphrase.ShouldBe(_installation.Network.Passphrase);
        request.Signers.ShouldBe([_installation.PayoutKey.AccountId.ToString()]);
        request.Deadline.ShouldBe(ValidUntil.AddSeconds(-10));
        request.Intent.ShouldBe(new SigningIntent
        {
            Contract = _installation.Contract.ToString(),
            Method = "distribute_winnings",
            Order = order,
            PayoutSource = _installation.PayoutKey.AccountId.ToString(),
            Channel = _installation.Channels[0].AccountId.ToString(),
            FeeStroops = transaction.Fee,
            ValidUntil = ValidUntil,
        });

        await host.SendAsync(Installation.Answer(request, _installation.PayoutKey));
        var signed = await host.SignedAsync(request.PayoutId);
        signed.Attempt.ShouldBe(1);
        signed.TransactionHash.ShouldBe(request.TransactionHash);
        new SignatureVerifier(_installation.Network)
            .Verify(signed.SignedXdr, TransactionHash.Parse(request.TransactionHash), [_installation.PayoutKey.AccountId, _installation.Channels[0].AccountId])
            .ShouldBeOfType<SignatureVerdict.Valid>();
        (await host.StoredAsync(request.PayoutId)).ShouldHaveSingleItem().State.ShouldBe(SignRequestState.Signed);
    }
}
