using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Signer.Configuration;
using Payouts.Signer.Requests;
using Payouts.Signer.Tests.Support;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;
using FeeBumpTransaction = Payouts.Stellar.FeeBumpTransaction;
using Transaction = Payouts.Stellar.Transaction;

namespace Payouts.Signer.Tests.Intent;

/// <summary>The fee account's key signs fee bumps of what this service released, and nothing else.</summary>
public sealed class When_a_fee_is_bumped
{
    private static readonly DateTimeOffset ValidUntil = DateTimeOffset.FromUnixTimeSeconds(4_000_000_000);

    private readonly Installation _installation = new();
    private readonly KeyPair _feeKey = KeyDerivation.Derive(Convert.FromHexString(Installation.ChannelSecretHex), ChannelKeys.FeeKeyNumber);

    [Fact]
    public void Should_wrap_the_released_envelope_as_it_is()
    {
        var (signed, request) = Released();
        var bumped = Bumper().Sign(Command(signed, 100_000), request);

        new SignatureVerifier(_installation.Network).VerifyFeeBump(
            XdrCodec.FromBase64<TransactionEnvelope>(bumped.SignedXdr), TransactionHash.Parse(bumped.BumpHash), [_feeKey.AccountId], [_installation.PayoutKey.AccountId, signed.Source])
            .ShouldBeOfType<SignatureVerdict.Valid>();
        var read = FeeBumpTransaction.FromEnvelope(XdrCodec.FromBase64<TransactionEnvelope>(bumped.SignedXdr));
        (read.Fee, read.FeeSource, read.Inner.ToBase64()).ShouldBe((100_000, _feeKey.AccountId, signed.ToBase64()));
        (bumped.PayoutId, bumped.TransactionHash, bumped.FeeStroops).ShouldBe((request.PayoutId, request.TransactionHash, 100_000));
        Bumper().Sign(Command(signed, 100_000), request).SignedXdr.ShouldBe(bumped.SignedXdr, "the same command gives the same bytes");
    }

    [Fact]
    public void Should_wrap_the_burn_of_a_slot()
    {
        var burn = Transaction.FromBase64(Burner().Sign(Burn()).SignedXdr);
        Bumper().Sign(Command(burn, 30_000), request: null).FeeStroops.ShouldBe(30_000);
    }

    /// <summary>Of several signers: exactly those whose signatures were released, whoever else may sign.</summary>
    [Theory]
    [InlineData("0 1", true)]
    [InlineData("1 0", true)]
    [InlineData("0 2", false)]
    [InlineData("0", false)]
    [InlineData("0 1 2", false)]
    [InlineData("0 0", false)]
    public void Should_wrap_the_released_set_of_several_signers_and_no_other(string signers, bool taken)
    {
        var several = Installation.WithSigners(2, 1, 1, 1);
        var (_, request) = Released();
        var body = Transaction.FromBase64(request.UnsignedXdr);
        request.Sign([several.SignerKeys[0].AccountId, several.SignerKeys[1].AccountId], DateTimeOffset.UnixEpoch);
        KeyPair[] keys = [.. signers.Split(' ').Select(at => several.SignerKeys[int.Parse(at, System.Globalization.CultureInfo.InvariantCulture)]), several.Channels[0]];
        var command = Command(body.Sign(_installation.Network, keys), 100_000);
        // The settings may name others by now: what was released stays what was released.
        foreach (var policy in new[] { several.Policy, _installation.Policy })
        {
            var bumper = new FeeBumper(policy, Keys(), Burner());
            if (taken)
                bumper.Sign(command, request).FeeStroops.ShouldBe(100_000);
            else
                Should.Throw<RefusedMessageException>(() => bumper.Sign(command, request)).Code.ShouldBe("NotReleased");
        }
    }

    public static TheoryData<string> Foreign =>
    [
        "no request", "still waiting", "another payout", "another body", "no signatures", "channel missing", "payout source missing", "a signature too many", "a stranger's signature",
    ];

    [Theory]
    [MemberData(nameof(Foreign))]
    public void Should_refuse_what_it_has_not_released(string what)
    {
        var (signed, request) = Released();
        var (body, channel) = (signed.WithoutSignatures(), _installation.Channels[0]);
        var (envelope, known) = what switch
        {
            "no request" => (signed, null),
            "still waiting" => (signed, RequestOf(body, SignRequestState.Waiting)),
            "another payout" => (signed, RequestOf(body, SignRequestState.Signed, payout: new PayoutId(Guid.NewGuid()))),
            "another body" => (signed, RequestOf(_installation.Build(_installation.Order(8), body), SignRequestState.Signed)),
            "no signatures" => (body, request),
            "channel missing" => (body.Sign(_installation.Network, _installation.PayoutKey), request),
            "payout source missing" => (body.Sign(_installation.Network, channel), request),
            "a signature too many" => (signed.Sign(_installation.Network, _installation.StrangerKey), request),
            "a stranger's signature" => (body.Sign(_installation.Network, _installation.PayoutKey, _installation.StrangerKey), request),
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };

        Should.Throw<RefusedMessageException>(() => Bumper().Sign(Command(envelope, 100_000), known)).Code.ShouldBe("NotReleased");
    }

    public static TheoryData<string> ForeignBurns => ["a payment of the channel", "two operations", "for the payout source", "another number to bump to", "ledger bounds", "the payout source itself"];

    /// <summary>A channel's own signature alone is no release: only the burn that this service makes is.</summary>
    [Theory]
    [MemberData(nameof(ForeignBurns))]
    public void Should_refuse_what_only_looks_like_a_burn(string what)
    {
        var channel = what == "the payout source itself" ? _installation.PayoutKey : _installation.Channels[0];
        var builder = new TransactionBuilder(channel.AccountId, 1_234_567).ValidUntil(ValidUntil).InclusionFeePerOperation(10_000);
        builder = what switch
        {
            "a payment of the channel" => builder.Add(new PaymentOperation(_installation.StrangerKey.AccountId, Payouts.Stellar.Asset.Native, 1)),
            "two operations" => builder.Add(new BumpSequenceOperation(0)).Add(new BumpSequenceOperation(0)),
            "for the payout source" => builder.Add(new BumpSequenceOperation(0) { Source = _installation.PayoutKey.AccountId }),
            "another number to bump to" => builder.Add(new BumpSequenceOperation(9_999_999)),
            "ledger bounds" => builder.Add(new BumpSequenceOperation(0)).ValidInLedgers(0, 5),
            _ => builder.Add(new BumpSequenceOperation(0)),
        };
        var signed = builder.Build().Sign(_installation.Network, channel);

        Should.Throw<RefusedMessageException>(() => Bumper().Sign(Command(signed, 100_000), request: null)).Code.ShouldBe("NotReleased");
    }

    /// <summary>The network's minimum for this envelope is 90,000 for its resources and twice its 100 for inclusion.</summary>
    [Theory]
    [InlineData(90_199, false)]
    [InlineData(90_200, true)]
    [InlineData(Installation.FeeStroopsMax, true)]
    [InlineData(Installation.FeeStroopsMax + 1, false)]
    public void Should_keep_the_fee_within_its_bounds(long stroops, bool taken)
    {
        var (signed, request) = Released();
        if (taken)
            Bumper().Sign(Command(signed, stroops), request).FeeStroops.ShouldBe(stroops);
        else
            Should.Throw<RefusedMessageException>(() => Bumper().Sign(Command(signed, stroops), request)).Code.ShouldBe("FeeOutOfRange");
    }

    [Fact]
    public void Should_refuse_another_envelope_than_the_one_named() => Should.Throw<RefusedMessageException>(() =>
        Bumper().Sign(Command(Released().Signed, 100_000) with { TransactionHash = new string('a', 64) }, Released().Request)).Code.ShouldBe("HashDiffers");

    [Theory]
    [InlineData("AAAA")]
    [InlineData("")]
    [InlineData("not base64")]
    public void Should_refuse_what_is_no_envelope(string xdr) => Should.Throw<RefusedMessageException>(() =>
        Bumper().Sign(Command(Released().Signed, 100_000) with { SignedXdr = xdr }, Released().Request)).Code.ShouldBe("EnvelopeUnreadable");

    [Fact]
    public void Should_say_so_when_there_is_no_fee_account()
    {
        var (signed, request) = Released();
        var bumper = new FeeBumper(_installation.Policy, _installation.Keys(), Burner());
        Should.Throw<RefusedMessageException>(() => bumper.Sign(Command(signed, 100_000), request)).ShouldSatisfyAllConditions(
            x => x.Code.ShouldBe("FeeBumpOff"), x => x.Message.ShouldContain("PAYOUT_FEE_ACCOUNT"));
    }

    private SigningKeys Keys() => new(null, _installation.Channels.ToDictionary(key => key.AccountId), _feeKey);

    private SlotBurner Burner() => new(_installation.Policy, Keys());

    private FeeBumper Bumper() => new(_installation.Policy, Keys(), Burner());

    private (Transaction Signed, SignRequest Request) Released()
    {
        var body = _installation.Build(_installation.Order(), ValidUntil);
        return (body.Sign(_installation.Network, _installation.PayoutKey, _installation.Channels[0]), RequestOf(body, SignRequestState.Signed));
    }

    private SignRequest RequestOf(Transaction body, SignRequestState state, PayoutId? payout = null)
    {
        var request = new SignRequest
        {
            RequestId = Guid.NewGuid(),
            PayoutId = payout ?? _installation.IdOf(_installation.Order()),
            Attempt = 1,
            TransactionHash = body.Hash(_installation.Network).ToString(),
            UnsignedXdr = body.ToBase64(),
            Channel = body.Source.ToString(),
            SequenceNumber = body.SequenceNumber,
            ValidUntil = ValidUntil,
            Deadline = ValidUntil,
        };
        request.MoveTo(state);
        return request;
    }

    private BumpFee Command(Transaction envelope, long stroops) => new()
    {
        PayoutId = _installation.IdOf(_installation.Order()),
        Attempt = 1,
        TransactionHash = envelope.Hash(_installation.Network).ToString(),
        SignedXdr = envelope.ToBase64(),
        FeeStroops = stroops,
    };

    private BurnSlot Burn() => new()
    {
        PayoutId = _installation.IdOf(_installation.Order()),
        Attempt = 1,
        Order = _installation.Order(),
        Slot = new SequenceSlot { Channel = _installation.Channels[0].AccountId.ToString(), SequenceNumber = 1_234_567 },
        Envelopes = [],
        FeeStroops = 10_000,
        ValidUntil = ValidUntil,
    };
}
