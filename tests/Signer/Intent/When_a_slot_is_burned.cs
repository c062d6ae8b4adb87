using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Signer.Requests;
using Payouts.Signer.Tests.Support;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Intent;

public sealed class When_a_slot_is_burned
{
    private readonly Installation _installation = new();

    [Fact]
    public void Should_sign_a_transaction_that_only_takes_the_number()
    {
        var command = Command();
        var burn = Burner().Sign(command);

        var envelope = XdrCodec.FromBase64<TransactionEnvelope>(burn.SignedXdr).ShouldBeOfType<TransactionEnvelope.Tx>().Value;
        envelope.Tx.SeqNum.ShouldBe(command.Slot.SequenceNumber);
        envelope.Tx.Fee.ShouldBe((uint)command.FeeStroops);
        envelope.Tx.Operations.ShouldHaveSingleItem().Body.ShouldBeOfType<OperationBody.BumpSequence>().Value.BumpTo.ShouldBe(0);
        envelope.Tx.Operations[0].SourceAccount.ShouldBeNull();
        new SignatureVerifier(_installation.Network).Verify(burn.SignedXdr, TransactionHash.Parse(burn.TransactionHash), [_installation.Channels[0].AccountId])
            .ShouldBeOfType<SignatureVerdict.Valid>();
        (burn.PayoutId, burn.Slot, burn.ValidUntil).ShouldBe((command.PayoutId, command.Slot, command.ValidUntil));
        burn.Envelopes.ShouldBe(command.Envelopes);
    }

    [Fact]
    public void Should_give_the_same_bytes_for_the_same_command() =>
        Burner().Sign(Command()).SignedXdr.ShouldBe(Burner().Sign(Command()).SignedXdr);

    /// <summary>The payout source's key moves money: it burns nothing, even when it is here.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Should_refuse_an_account_that_is_no_channel(bool payoutSource)
    {
        var account = (payoutSource ? _installation.PayoutKey : _installation.StrangerKey).AccountId.ToString();
        var burner = new SlotBurner(_installation.Policy, _installation.Keys(hot: true));
        Should.Throw<RefusedMessageException>(() => burner.Sign(Command() with { Slot = new SequenceSlot { Channel = account, SequenceNumber = 5 } }))
            .ShouldSatisfyAllConditions(x => x.Code.ShouldBe("ForeignChannel"), x => x.Message.ShouldContain(account));
    }

    [Theory]
    [InlineData(99, false)]
    [InlineData(100, true)]
    [InlineData(Installation.FeeStroopsMax, true)]
    [InlineData(Installation.FeeStroopsMax + 1, false)]
    public void Should_keep_the_fee_within_its_bounds(long stroops, bool taken)
    {
        var command = Command() with { FeeStroops = stroops };
        if (taken)
            Burner().Sign(command).SignedXdr.ShouldNotBeEmpty();
        else
            Should.Throw<RefusedMessageException>(() => Burner().Sign(command)).Code.ShouldBe("FeeOutOfRange");
    }

    private SlotBurner Burner() => new(_installation.Policy, _installation.Keys());

    private BurnSlot Command()
    {
        var order = _installation.Order();
        return new BurnSlot
        {
            PayoutId = _installation.IdOf(order),
            Attempt = 2,
            Order = order,
            Slot = new SequenceSlot { Channel = _installation.Channels[0].AccountId.ToString(), SequenceNumber = 1_234_567 },
            Envelopes = [new string('a', 64), new string('b', 64)],
            FeeStroops = 10_000,
            ValidUntil = DateTimeOffset.FromUnixTimeSeconds(4_000_000_000),
        };
    }
}
