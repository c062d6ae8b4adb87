using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Stellar.Tests.Transactions;

public sealed class When_a_signed_envelope_is_verified
{
    private static readonly Network Net = Network.Testnet;
    private static readonly SignatureVerifier Verifier = new(Net);
    private static readonly KeyPair Channel = Sample.Account(1);
    private static readonly KeyPair Admin = Sample.Account(2);
    private static readonly KeyPair Stranger = Sample.Account(77);
    private static readonly AccountId[] Expected = [Channel.AccountId, Admin.AccountId];

    private readonly Transaction _built = Sample.Payout();

    [Fact]
    public void Should_accept_exactly_the_expected_signatures_in_any_order()
    {
        Verify(_built.Sign(Net, Channel, Admin)).ShouldBeOfType<SignatureVerdict.Valid>();
        Verify(_built.Sign(Net, Admin, Channel)).ShouldBeOfType<SignatureVerdict.Valid>();
    }

    [Fact]
    public void Should_name_the_key_that_did_not_sign() =>
        Verify(_built.Sign(Net, Channel)).ShouldBe(new SignatureVerdict.MissingSignature(Admin.AccountId));

    [Fact]
    public void Should_refuse_a_surplus_signature()
    {
        Verify(_built.Sign(Net, Channel, Admin, Stranger)).ShouldBe(new SignatureVerdict.ExtraSignature(3));
        Verify(_built.Sign(Net, Channel, Channel, Admin)).ShouldBe(new SignatureVerdict.ExtraSignature(2));
    }

    [Fact]
    public void Should_refuse_a_signature_for_another_network() =>
        Verify(_built.Sign(Net, Channel).AddSignature(Admin.SignDecorated(_built.Hash(Network.Public))))
            .ShouldBe(new SignatureVerdict.BadSignature(Admin.AccountId));

    [Fact]
    public void Should_refuse_a_signature_under_another_keys_hint()
    {
        var foreign = new DecoratedSignature(Admin.AccountId.SignatureHint, new Signature(new XdrBytes(Stranger.Sign(_built.Hash(Net).Bytes))));

        Verify(_built.Sign(Net, Channel).AddSignature(foreign)).ShouldBe(new SignatureVerdict.BadSignature(Admin.AccountId));
    }

    [Fact]
    public void Should_refuse_a_truncated_signature() =>
        Verify(_built.Sign(Net, Channel).AddSignature(Admin.AccountId, Admin.Sign(_built.Hash(Net).Bytes)[..63]))
            .ShouldBe(new SignatureVerdict.BadSignature(Admin.AccountId));

    [Fact]
    public void Should_refuse_another_body_however_well_it_is_signed()
    {
        var other = new Transaction(new TransactionV1Envelope(_built.Body with { Fee = _built.Fee + 1 }, [])).Sign(Net, Channel, Admin);

        Verify(other).ShouldBe(new SignatureVerdict.BodyDiffers(_built.Hash(Net), other.Hash(Net)));
    }

    [Fact]
    public void Should_refuse_a_version_0_envelope_although_its_hash_is_the_same()
    {
        var built = Sample.Payment();
        var body = built.Body;
        var v0 = new TransactionEnvelope.TxV0(new TransactionV0Envelope(
            new TransactionV0(
                ((MuxedAccount.Ed25519)body.SourceAccount).Value, body.Fee, body.SeqNum, built.TimeBounds, body.Memo, body.Operations, new TransactionV0Ext.V0()),
            built.Sign(Net, Channel).Signatures));

        EnvelopeHash.Of(v0, Net).ShouldBe(built.Hash(Net));
        Verifier.Verify(v0, built.Hash(Net), [Channel.AccountId]).ShouldBeOfType<SignatureVerdict.WrongEnvelopeType>();
    }

    [Fact]
    public void Should_refuse_what_is_no_envelope() =>
        Verifier.Verify("AAAA", _built.Hash(Net), Expected).ShouldBeOfType<SignatureVerdict.NotAnEnvelope>();

    [Fact]
    public void Should_refuse_to_expect_nobody() =>
        Should.Throw<ArgumentException>(() => Verifier.Verify(_built.ToEnvelope(), _built.Hash(Net), []));

    [Fact]
    public void Should_verify_both_layers_of_a_fee_bump()
    {
        var fee = Sample.Account(9);
        var bump = FeeBumpTransaction.Wrap(_built.Sign(Net, Channel, Admin), fee.AccountId, 10_000);
        var stripped = FeeBumpTransaction.Wrap(_built.Sign(Net, Channel), fee.AccountId, 10_000).Sign(Net, fee);

        Bump(bump.Sign(Net, fee)).ShouldBeOfType<SignatureVerdict.Valid>();
        Bump(bump).ShouldBe(new SignatureVerdict.MissingSignature(fee.AccountId));
        Verifier.VerifyFeeBump(stripped.ToEnvelope(), stripped.Hash(Net), [fee.AccountId], Expected)
            .ShouldBe(new SignatureVerdict.MissingSignature(Admin.AccountId));

        SignatureVerdict Bump(FeeBumpTransaction b) => Verifier.VerifyFeeBump(b.ToEnvelope(), bump.Hash(Net), [fee.AccountId], Expected);
    }

    private SignatureVerdict Verify(Transaction signed) => Verifier.Verify(signed.ToBase64(), _built.Hash(Net), Expected);
}
