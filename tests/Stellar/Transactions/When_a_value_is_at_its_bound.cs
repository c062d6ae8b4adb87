using System.Buffers.Binary;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Tests.Rpc;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Stellar.Tests.Transactions;

/// <summary>What the network, or this library for the sake of its memory, takes at most: that much, and not one more.</summary>
public sealed class When_a_value_is_at_its_bound
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void Should_have_100_operations()
    {
        Sample.Payment(operations: 100).Body.Operations.Count.ShouldBe(100);
        Should.Throw<InvalidOperationException>(() => Sample.Payment(operations: 101)).Message.ShouldContain("at most 100 operations, not 101");
    }

    [Fact]
    public void Should_bid_100_stroops_an_operation_at_least()
    {
        Sample.Payment(inclusionFeePerOperation: 100).Fee.ShouldBe(100u);
        Should.Throw<ArgumentOutOfRangeException>(() => Sample.Payment(inclusionFeePerOperation: 99));
    }

    [Fact]
    public void Should_carry_20_signatures()
    {
        var signed = Sample.Payment();
        for (var i = 0; i < 20; i++)
            signed = signed.Sign(Network.Testnet, Sample.Account(10 + i));
        signed.Signatures.Count.ShouldBe(20);
        Should.Throw<InvalidOperationException>(() => signed.Sign(Network.Testnet, Sample.Account(50))).Message.ShouldContain("at most 20 signatures");

        var bump = FeeBumpTransaction.Wrap(Sample.Payment().Sign(Network.Testnet, [Sample.Account(1)]), Sample.Account(9).AccountId, 1_000);
        for (var i = 0; i < 20; i++)
            bump = bump.Sign(Network.Testnet, Sample.Account(10 + i));
        Should.Throw<InvalidOperationException>(() => bump.Sign(Network.Testnet, Sample.Account(50))).Message.ShouldContain("at most 20 signatures");
    }

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    public void Should_name_a_symbol_with_32_characters(int length, bool right)
    {
        ScVal.IsSymbol(new string('s', length)).ShouldBe(right);
        if (!right)
            Should.Throw<ScValException>(() => ScVal.Symbol(new string('s', length))).Message.ShouldContain("at most 32");
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void Should_sign_a_payload_of_64_bytes(uint length, bool right)
    {
        var payload = new byte[36 + ((length + 3) & ~3u)];
        BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan(32), length);
        if (right)
            StrKey.Decode(StrKeyKind.SignedPayload, StrKey.Encode(StrKeyKind.SignedPayload, payload)).ShouldBe(payload);
        else
            Should.Throw<Exception>(() => StrKey.Encode(StrKeyKind.SignedPayload, payload)).Message.ShouldContain(length == 0 ? "bytes" : "1 to 64 bytes, not 65");
    }

    [Theory]
    [InlineData(120, "")]
    [InlineData(121, "...")]
    public void Should_repeat_120_characters_of_what_is_no_key(int length, string end) =>
        Should.Throw<FormatException>(() => AccountId.Parse(new string('k', length))).Message.ShouldStartWith($"'{new string('k', 120)}{end}'");

    [Fact]
    public void Should_be_nested_500_deep_and_have_32_megabytes()
    {
        XdrLimits.Default.ShouldBe(new XdrLimits(500, 32 * 1024 * 1024));
        var deepest = Enumerable.Range(1, 300).Last(levels => IsRead(Nested(levels), XdrLimits.Default));
        (deepest * 2).ShouldBeInRange(497, 500, "each vector is two levels, and what is in the last is one or two more");
        IsRead(Nested(deepest + 1), XdrLimits.Default).ShouldBeFalse();

        var eight = XdrCodec.ToBytes(ScVal.U32(7));
        eight.Length.ShouldBe(8);
        IsRead(eight, new XdrLimits(500, 8)).ShouldBeTrue();
        IsRead(eight, new XdrLimits(500, 7)).ShouldBeFalse();
        Should.Throw<XdrException>(() => XdrCodec.ToBytes(ScVal.U32(7), new XdrLimits(500, 7))).Kind.ShouldBe(XdrErrorKind.SizeExceeded);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(300, "")]
    [InlineData(301, "...")]
    public async Task Should_repeat_300_characters_of_a_servers_refusal(int length, string end)
    {
        var said = new string('x', length - "error -32600: ".Length);
        var rpc = new FakeRpc().Errors(FakeRpc.First, -32600, said);
        var error = await Should.ThrowAsync<SorobanRpcException>(() => rpc.Client().GetFeeStatsAsync(Cancelled));
        error.Message.ShouldContain($"error -32600: {said[..Math.Min(said.Length, 286)]}{end}");
        error.Message.ShouldNotContain(new string('x', 287));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Should_read_64_megabytes_of_an_answer(int beyond)
    {
        const int ResponseBytesMax = 64 * 1024 * 1024;
        new SorobanRpcOptions { Endpoints = [new Uri(FakeRpc.First)] }.ResponseBytesMax.ShouldBe(ResponseBytesMax);
        var (head, tail) = ("""{"jsonrpc":"2.0","id":1,"error":{"code":-32600,"message":"refused"},"more":" """.Trim(), "\"}");
        var rpc = new FakeRpc().Says(FakeRpc.First, head + new string('m', ResponseBytesMax + beyond - head.Length - tail.Length) + tail);
        var error = await Should.ThrowAsync<SorobanRpcException>(() => rpc.Client(readAttemptsMax: 1).GetFeeStatsAsync(Cancelled));
        error.Kind.ShouldBe(beyond == 0 ? SorobanRpcErrorKind.RpcError : SorobanRpcErrorKind.InvalidResponse);
    }

    private static bool IsRead(byte[] bytes, XdrLimits limits)
    {
        try
        {
            return XdrCodec.FromBytes<SCVal>(bytes, limits) is not null;
        }
        catch (XdrException beyond) when (beyond.Kind is XdrErrorKind.DepthExceeded or XdrErrorKind.SizeExceeded)
        {
            return false;
        }
    }

    /// <summary>Vectors of one vector each.</summary>
    private static byte[] Nested(int levels)
    {
        var bytes = new byte[(levels * 12) + 4];
        for (var level = 0; level < levels; level++)
            (bytes[(level * 12) + 3], bytes[(level * 12) + 7], bytes[(level * 12) + 11]) = (16, 1, 1);
        bytes[^1] = 1;
        return bytes;
    }
}
