using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Signer.Configuration;
using Payouts.Signer.Requests;
using Payouts.Signer.Tests.Support;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;
using Transaction = Payouts.Stellar.Transaction;

namespace Payouts.Signer.Tests.Intent;

/// <summary>A channel's own key signs a transaction that restores archived entries at a slot's number, and nothing that only claims to be one.</summary>
public sealed class When_entries_are_restored
{
    private const long ResourceFee = 90_000;

    private readonly Installation _installation = new();
    private readonly KeyPair _feeKey = KeyDerivation.Derive(Convert.FromHexString(Installation.ChannelSecretHex), ChannelKeys.FeeKeyNumber);

    [Fact]
    public void Should_sign_a_transaction_that_only_restores_and_takes_the_number()
    {
        var data = Restore(Data(1), Code(2));
        var command = Command(data);

        var burn = Burner().Sign(command);

        var envelope = XdrCodec.FromBase64<TransactionEnvelope>(burn.SignedXdr).ShouldBeOfType<TransactionEnvelope.Tx>().Value;
        var operation = envelope.Tx.Operations.ShouldHaveSingleItem();
        operation.Body.ShouldBeOfType<OperationBody.RestoreFootprint>();
        operation.SourceAccount.ShouldBeNull();
        (envelope.Tx.SeqNum, (long)envelope.Tx.Fee).ShouldBe((command.Slot.SequenceNumber, command.FeeStroops + ResourceFee));
        envelope.Tx.Ext.ShouldBeOfType<TransactionExt.V1>().Value.ShouldBe(data);
        envelope.Tx.Memo.ShouldBeOfType<Memo.None>();
        envelope.Tx.Cond.ShouldBeOfType<Preconditions.Time>().Value.MaxTime.ShouldBe((ulong)command.ValidUntil.ToUnixTimeSeconds());
        new SignatureVerifier(_installation.Network).Verify(burn.SignedXdr, TransactionHash.Parse(burn.TransactionHash), [_installation.Channels[0].AccountId])
            .ShouldBeOfType<SignatureVerdict.Valid>();
        Burner().Sign(command).SignedXdr.ShouldBe(burn.SignedXdr, "the same command gives the same bytes");
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "temporary", "temporary" },
        { "account", "of kind ACCOUNT" },
        { "trustline", "of kind TRUSTLINE" },
        { "ttl", "of kind TTL" },
        { "read only", "only reads 1" },
        { "nothing", "writes 0 entries" },
        { "twice", "stands twice" },
        { "too many", "writes 201 entries" },
        { "long key", "a key of 252 bytes" },
        { "instructions", "declares 1 instructions" },
        { "read bytes", "reads 200001 bytes" },
        { "write bytes", "writes 132097 bytes" },
        { "on the way", "restore on the way" },
        { "negative fee", "-1 stroops" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Should_refuse_any_other_declaration(string what, string why)
    {
        var good = Restore(Data(1));
        var data = what switch
        {
            "temporary" => Restore(Data(1), Data(2, ContractDataDurability.TEMPORARY)),
            "account" => Restore(Data(1), new LedgerKey.Account(new LedgerKeyAccount(_installation.Winner.ToXdr()))),
            "trustline" => Restore(new LedgerKey.Trustline(new LedgerKeyTrustLine(_installation.Winner.ToXdr(), new TrustLineAsset.Native()))),
            "ttl" => Restore(new LedgerKey.Ttl(new LedgerKeyTtl(Digest(1)))),
            "read only" => good with { Resources = good.Resources with { Footprint = new LedgerFootprint([Data(2)], good.Resources.Footprint.ReadWrite) } },
            "nothing" => Restore(),
            "twice" => Restore(Data(1), Code(2), Data(1)),
            "too many" => Restore([.. Enumerable.Range(0, 201).Select(i => Data((byte)i))]),
            "long key" => Restore(LongKey(252)),
            "instructions" => good with { Resources = good.Resources with { Instructions = 1 } },
            "read bytes" => good with { Resources = good.Resources with { DiskReadBytes = 200_001 } },
            "write bytes" => good with { Resources = good.Resources with { WriteBytes = 132_097 } },
            "on the way" => good with { Ext = new SorobanTransactionDataExt.V1(new SorobanResourcesExtV0([0])) },
            "negative fee" => good with { ResourceFee = -1 },
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };

        Should.Throw<RefusedMessageException>(() => Burner().Sign(Command(data))).ShouldSatisfyAllConditions(x => x.Code.ShouldBe("RestoreRefused"), x => x.Message.ShouldContain(why));
    }

    public static TheoryData<string> AtTheBound => ["as many", "key", "read bytes", "write bytes", "free"];

    [Theory]
    [MemberData(nameof(AtTheBound))]
    public void Should_sign_at_the_bound(string what)
    {
        var good = Restore(Data(1));
        var data = what switch
        {
            "as many" => Restore([.. Enumerable.Range(0, 200).Select(i => Data((byte)i))]),
            "key" => Restore(LongKey(248)),
            "read bytes" => good with { Resources = good.Resources with { DiskReadBytes = 200_000 } },
            "write bytes" => good with { Resources = good.Resources with { WriteBytes = 132_096 } },
            _ => good with { ResourceFee = 0 },
        };

        Burner().Sign(Command(data)).SignedXdr.ShouldNotBeEmpty();
    }

    /// <summary>The cap is over inclusion and resources together; the network's least inclusion fee is 100.</summary>
    [Theory]
    [InlineData(99, ResourceFee, false)]
    [InlineData(100, ResourceFee, true)]
    [InlineData(Installation.FeeStroopsMax - ResourceFee, ResourceFee, true)]
    [InlineData(Installation.FeeStroopsMax - ResourceFee + 1, ResourceFee, false)]
    [InlineData(100, Installation.FeeStroopsMax - 100, true)]
    [InlineData(100, Installation.FeeStroopsMax - 99, false)]
    [InlineData(100, long.MaxValue, false)]
    public void Should_keep_the_fee_within_its_bounds(long inclusion, long resources, bool taken)
    {
        var command = Command(Restore(Data(1)) with { ResourceFee = resources }) with { FeeStroops = inclusion };
        if (taken)
            Transaction.FromBase64(Burner().Sign(command).SignedXdr).Fee.ShouldBe((uint)(inclusion + resources));
        else
            Should.Throw<RefusedMessageException>(() => Burner().Sign(command)).ShouldSatisfyAllConditions(
                x => x.Code.ShouldBe("FeeOutOfRange"), x => x.Message.ShouldContain("PAYOUTS_MAX_GAS_STROOPS"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not base64")]
    [InlineData("a byte more")]
    [InlineData("too long")]
    [InlineData("an envelope")]
    public void Should_refuse_what_is_no_declaration(string what)
    {
        var good = Convert.FromBase64String(XdrCodec.ToBase64(Restore(Data(1))));
        var xdr = what switch
        {
            "a byte more" => Convert.ToBase64String([.. good, 0]),
            "too long" => new string('A', 176_132),
            "an envelope" => Burner().Sign(Command(Restore(Data(1)))).SignedXdr,
            _ => what,
        };

        Should.Throw<RefusedMessageException>(() => Burner().Sign(Command(Restore(Data(1))) with { RestoreXdr = xdr })).Code.ShouldBe("RestoreUnreadable");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Should_refuse_an_account_that_is_no_channel(bool payoutSource)
    {
        var account = (payoutSource ? _installation.PayoutKey : _installation.StrangerKey).AccountId.ToString();
        var burner = new SlotBurner(_installation.Policy, _installation.Keys(hot: true));
        Should.Throw<RefusedMessageException>(() => burner.Sign(Command(Restore(Data(1))) with { Slot = new SequenceSlot { Channel = account, SequenceNumber = 5 } }))
            .Code.ShouldBe("ForeignChannel");
    }

    [Fact]
    public void Should_have_its_fee_bumped()
    {
        var own = Own();
        Bumper().Sign(Bump(own, 120_000), request: null).FeeStroops.ShouldBe(120_000);
    }

    public static TheoryData<string> Tampered =>
    [
        "no signature", "two signatures", "another signature", "an operation source", "two operations", "ledger bounds", "a memo", "read-only keys", "a temporary entry",
        "another fee", "another number", "no end", "extend instead", "the payout source itself", "above the cap",
    ];

    /// <summary>A channel's own signature alone is no release: whatever this service would not make itself is not bumped.</summary>
    [Theory]
    [MemberData(nameof(Tampered))]
    public void Should_not_have_the_fee_bumped_of_what_only_looks_like_it(string what)
    {
        var own = Own();
        var body = own.Body;
        var channel = what == "the payout source itself" ? _installation.PayoutKey : _installation.Channels[0];
        var restore = ((TransactionExt.V1)body.Ext).Value;
        var footprint = restore.Resources.Footprint;
        var changed = what switch
        {
            "an operation source" => body with { Operations = [body.Operations[0] with { SourceAccount = _installation.PayoutKey.AccountId.ToMuxedAccount() }] },
            "two operations" => body with { Operations = [body.Operations[0], body.Operations[0]] },
            "ledger bounds" => body with { Cond = new Preconditions.V2(new PreconditionsV2(own.TimeBounds, new LedgerBounds(0, 9), null, 0, 0, [])) },
            "a memo" => body with { Memo = new Memo.Id(7) },
            "read-only keys" => With(restore with { Resources = restore.Resources with { Footprint = footprint with { ReadOnly = [Data(9)] } } }),
            "a temporary entry" => With(restore with { Resources = restore.Resources with { Footprint = footprint with { ReadWrite = [Data(1, ContractDataDurability.TEMPORARY)] } } }),
            "another fee" => body with { Fee = body.Fee + 1 },
            "another number" => body with { SeqNum = 0 },
            "no end" => body with { Cond = new Preconditions.Time(new TimeBounds(0, 0)) },
            "extend instead" => body with { Operations = [new Payouts.Stellar.Xdr.Operation(null, new OperationBody.ExtendFootprintTtl(new ExtendFootprintTTLOp(new ExtensionPoint.V0(), 5)))] },
            "the payout source itself" => body with { SourceAccount = channel.AccountId.ToMuxedAccount() },
            "above the cap" => body with { Fee = (uint)Installation.FeeStroopsMax + 1 },
            _ => body,
        };
        var unsigned = new Transaction(new TransactionV1Envelope(changed, []));
        var envelope = what switch
        {
            "no signature" => unsigned,
            "two signatures" => unsigned.Sign(_installation.Network, channel, channel),
            "another signature" => unsigned.Sign(_installation.Network, _installation.Channels[1]),
            // The bytes of another envelope under the signature of the right one.
            "another fee" => unsigned.AddSignature(own.Signatures[0]),
            _ => unsigned.Sign(_installation.Network, channel),
        };

        Should.Throw<RefusedMessageException>(() => Bumper().Sign(Bump(envelope, 120_000), request: null)).Code.ShouldBe("NotReleased");

        Payouts.Stellar.Xdr.Transaction With(SorobanTransactionData data) => body with { Ext = new TransactionExt.V1(data) };
    }

    private Transaction Own() => Transaction.FromBase64(Burner().Sign(Command(Restore(Data(1), Code(2)))).SignedXdr);

    private SigningKeys Keys() => new(null, _installation.Channels.ToDictionary(key => key.AccountId), _feeKey);

    private SlotBurner Burner() => new(_installation.Policy, Keys());

    private FeeBumper Bumper() => new(_installation.Policy, Keys(), Burner());

    private BurnSlot Command(SorobanTransactionData data)
    {
        var order = _installation.Order();
        return new BurnSlot
        {
            PayoutId = _installation.IdOf(order),
            Attempt = 2,
            Order = order,
            Slot = new SequenceSlot { Channel = _installation.Channels[0].AccountId.ToString(), SequenceNumber = 1_234_567 },
            Envelopes = [],
            FeeStroops = 10_000,
            ValidUntil = DateTimeOffset.FromUnixTimeSeconds(4_000_000_000),
            RestoreXdr = XdrCodec.ToBase64(data),
        };
    }

    private BumpFee Bump(Transaction envelope, long stroops) => new()
    {
        PayoutId = _installation.IdOf(_installation.Order()),
        Attempt = 2,
        TransactionHash = envelope.Hash(_installation.Network).ToString(),
        SignedXdr = envelope.ToBase64(),
        FeeStroops = stroops,
    };

    private static SorobanTransactionData Restore(params IEnumerable<LedgerKey> keys) => new(
        new SorobanTransactionDataExt.V0(), new SorobanResources(new LedgerFootprint([], keys.ToXdrArray()), 0, 4_000, 4_000), ResourceFee);

    private static LedgerKey.ContractData Data(byte contract, ContractDataDurability durability = ContractDataDurability.PERSISTENT) =>
        new(new LedgerKeyContractData(new ContractId([.. Enumerable.Repeat(contract, 32)]).ToScAddress(), new SCVal.LedgerKeyContractInstance(), durability));

    private static LedgerKey.ContractCode Code(byte number) => new(new LedgerKeyContractCode(Digest(number)));

    /// <summary>Bytes come in fours: 248 is the last length below the bound of 250, 252 the first above it.</summary>
    private static LedgerKey.ContractData LongKey(int length)
    {
        var around = XdrCodec.ToBytes(LongKeyOf([])).Length;
        var key = LongKeyOf(new byte[length - around]);
        XdrCodec.ToBytes(key).Length.ShouldBe(length);
        return key;
    }

    private static LedgerKey.ContractData LongKeyOf(byte[] bytes) =>
        new(new LedgerKeyContractData(new ContractId(new byte[32]).ToScAddress(), new SCVal.Bytes(new SCBytes(new XdrBytes(bytes))), ContractDataDurability.PERSISTENT));

    private static Hash Digest(byte number) => new(new XdrBytes([.. Enumerable.Repeat(number, 32)]));
}
