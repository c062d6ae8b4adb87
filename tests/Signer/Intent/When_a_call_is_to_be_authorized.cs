using Payouts.Contracts;
using Payouts.Signer.Intent;
using Payouts.Signer.Requests;
using Payouts.Signer.Tests.Support;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Intent;

public sealed class When_a_call_is_to_be_authorized
{
    private readonly Installation _installation = new();

    public static TheoryData<string> Tamperings => [.. AuthorizationTampering.All.Select(x => x.Name)];

    [Fact]
    public void Should_find_what_payout_builder_asks_for_sound()
    {
        var command = _installation.Authorize(_installation.Order());
        var sound = Check(command).ShouldBeOfType<IntentVerdict.SoundAuthorization>();
        sound.Hash.ToString().ShouldBe(command.AuthorizationHash);
        sound.Intent.ShouldBe(new SigningIntent
        {
            Contract = _installation.Contract.ToString(),
            Method = "distribute_winnings",
            Order = command.Order,
            PayoutSource = _installation.PayoutKey.AccountId.ToString(),
            ValidUntil = command.ValidUntil,
            ExpirationLedger = 5_000,
            Nonce = command.PayoutId.AuthorizationNonce().ToString(System.Globalization.CultureInfo.InvariantCulture),
        });
    }

    [Theory]
    [MemberData(nameof(Tamperings))]
    public void Should_refuse_what_is_wrong_in_one_way(string name)
    {
        var tampering = AuthorizationTampering.All.Single(x => x.Name == name);
        var refused = Check(tampering.Command(_installation)).ShouldBeOfType<IntentVerdict.Refused>();
        refused.Problem.ShouldBe(tampering.Problem, refused.Detail);
        refused.Detail.ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public void Should_take_an_envelope_around_it_without_asking_anybody() =>
        new IntentCheck(_installation.Policy).Check(CarriedTampering.Sound(_installation)).ShouldBeOfType<IntentVerdict.Authorized>();

    /// <summary>Two of three suffice, and one alone does not.</summary>
    [Fact]
    public void Should_count_the_weights_of_several_signers_in_it()
    {
        var several = Installation.WithSigners(threshold: 2, 1, 1, 1);
        var order = several.Order();
        var hash = Stellar.SorobanAuthorization.Hash(several.Authorization(order), several.Network).Value;
        SignPayout Carrying(params int[] signers) => several.Command(order, several.BuildAuthorized(order,
            [Stellar.SorobanAuthorization.WithSignatures(several.Authorization(order), [.. signers.Select(i => KeyValuePair.Create(several.SignerKeys[i].AccountId, several.SignerKeys[i].Sign(hash.Span)))])]));
        var check = new IntentCheck(several.Policy);
        check.Check(Carrying(0, 2)).ShouldBeOfType<IntentVerdict.Authorized>();
        check.Check(Carrying(1)).ShouldBeOfType<IntentVerdict.Refused>().Problem.ShouldBe(IntentProblem.AuthorizationUnsigned);
    }

    /// <summary>It is the name of a debt: it must never change.</summary>
    [Fact]
    public void Should_know_a_payout_by_one_nonce_for_ever() =>
        PayoutId.Parse("4c4a6742-8d0f-5868-8259-7a1fba867a4b").AuthorizationNonce().ShouldBe(-4975118607048307758);

    private IntentVerdict Check(AuthorizePayout command) => new IntentCheck(_installation.Policy).Check(SignOrder.Of(command));
}
