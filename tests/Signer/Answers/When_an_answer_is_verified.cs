using Payouts.Signer.Answers;
using Payouts.Signer.Requests;
using Payouts.Signer.Tests.Support;
using Payouts.Stellar;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Answers;

public sealed class When_an_answer_is_verified
{
    private static readonly DateTimeOffset ValidUntil = DateTimeOffset.FromUnixTimeSeconds(4_000_000_000);
    private readonly Installation _installation = new();

    public static TheoryData<string> WrongAnswers => [.. WrongAnswer.All.Select(x => x.Name)];

    [Theory]
    [MemberData(nameof(WrongAnswers))]
    public void Should_refuse_what_is_wrong_in_one_way(string name)
    {
        var wrong = WrongAnswer.All.Single(x => x.Name == name);
        var asked = _installation.Build(_installation.Order(), ValidUntil);
        var refused = Verify(asked, wrong.Make(_installation, asked)).ShouldBeOfType<AnswerVerdict.Refused>();
        refused.Problem.ShouldBe(wrong.Problem, refused.Detail);
    }

    [Fact]
    public void Should_have_a_case_for_every_refusal() =>
        // Whether the request exists and was asked is known before verification: tests/Attacks. Whose a rejection is: When_several_keys_sign. What an authorization is
        // answered with: When_a_call_is_to_be_authorized.
        Enum.GetValues<AnswerProblem>().Except(WrongAnswer.All.Select(x => x.Problem))
            .ShouldBe([AnswerProblem.RequestUnknown, AnswerProblem.RequestNotAsked, AnswerProblem.NotAnEnvelope, AnswerProblem.SignerUnknown], ignoreOrder: true);

    [Fact]
    public void Should_take_a_bare_signature_and_add_the_channels()
    {
        var asked = _installation.Build(_installation.Order(), ValidUntil);
        ShouldBeComplete(asked, WrongAnswer.Of(_installation, asked, null, WrongAnswer.By(_installation.PayoutKey, asked.Hash(_installation.Network))), _installation.PayoutKey, _installation.Channels[0]);
    }

    [Fact]
    public void Should_take_a_signed_envelope_and_add_the_channels()
    {
        var asked = _installation.Build(_installation.Order(), ValidUntil, _installation.Channels[1].AccountId);
        ShouldBeComplete(asked, WrongAnswer.Of(_installation, asked, asked.Sign(_installation.Network, _installation.PayoutKey).ToBase64()), _installation.PayoutKey, _installation.Channels[1]);
    }

    [Fact]
    public void Should_want_one_signature_only_when_the_payout_source_is_the_channel()
    {
        var asked = _installation.Build(_installation.Order(), ValidUntil, _installation.PayoutKey.AccountId);
        ShouldBeComplete(asked, WrongAnswer.Of(_installation, asked, asked.Sign(_installation.Network, _installation.PayoutKey).ToBase64()), _installation.PayoutKey);
    }

    private void ShouldBeComplete(Transaction asked, Answer answer, params KeyPair[] signers)
    {
        var good = Verify(asked, answer).ShouldBeOfType<AnswerVerdict.Good>();
        new SignatureVerifier(_installation.Network).Verify(good.Envelope.ShouldNotBeNull().SignedXdr, asked.Hash(_installation.Network), [.. signers.Select(key => key.AccountId)])
            .ShouldBeOfType<SignatureVerdict.Valid>();
        Transaction.FromBase64(good.Envelope!.SignedXdr).WithoutSignatures().ToBase64().ShouldBe(asked.ToBase64());
        good.ToString().ShouldNotContain(good.Envelope.SignedXdr);
    }

    private AnswerVerdict Verify(Transaction asked, Answer answer)
    {
        var request = new SignRequest
        {
            TransactionHash = asked.Hash(_installation.Network).ToString(),
            UnsignedXdr = asked.ToBase64(),
            Channel = asked.Source.ToString(),
            SequenceNumber = asked.SequenceNumber,
        };
        return new AnswerCheck(_installation.Policy, _installation.Keys()).Check(request, answer);
    }
}
