using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Stellar.Tests.Xdr;

public sealed class When_bytes_are_not_what_the_type_allows
{
    [Theory]
    // SCVal: u32 without its value, then with too many bytes.
    [InlineData("00000003", XdrErrorKind.Truncated, 4)]
    [InlineData("", XdrErrorKind.Truncated, 0)]
    [InlineData("000000030000000100", XdrErrorKind.TrailingBytes, 8)]
    // Bytes of length 1 whose padding holds a one.
    [InlineData("0000000d00000001ff000001", XdrErrorKind.NonZeroPadding, 9)]
    // A symbol of 33 characters.
    [InlineData("0000000f00000021", XdrErrorKind.OverLength, 4)]
    [InlineData("00000063", XdrErrorKind.UnknownEnumValue, 0)]
    [InlineData("0000000000000002", XdrErrorKind.InvalidBool, 4)]
    // A vector that promises four thousand million elements, and one that promises one more than can be there.
    [InlineData("0000001000000001ffffffff", XdrErrorKind.Truncated, 12)]
    [InlineData("000000100000000100000001", XdrErrorKind.Truncated, 12)]
    [InlineData("0000000dffffffff", XdrErrorKind.Truncated, 8)]
    public void Should_say_what_is_wrong_and_where(string hex, XdrErrorKind kind, int offset)
    {
        var error = Should.Throw<XdrException>(() => XdrCodec.FromBytes<SCVal>(Convert.FromHexString(hex)));

        (error.Kind, error.Offset).ShouldBe((kind, offset));
        error.TypeName.ShouldStartWith("SC");
    }

    [Fact]
    public void Should_refuse_a_known_constant_that_has_no_arm()
    {
        // ENVELOPE_TYPE_SCP is an envelope type, but no transaction envelope.
        var error = Should.Throw<XdrException>(() => XdrCodec.FromBytes<TransactionEnvelope>([0, 0, 0, 1]));

        (error.Kind, error.TypeName, error.Message).ShouldBe(
            (XdrErrorKind.UnknownUnionArm, "TransactionEnvelope", "XDR TransactionEnvelope, byte 0: TransactionEnvelope has no arm for 1"));
    }

    [Fact]
    public void Should_bound_the_depth()
    {
        // Vectors of one vector each; every level is an SCVal in an SCVec.
        var deep = Nested(249);
        XdrCodec.FromBytes<SCVal>(deep).ShouldNotBeNull();

        Should.Throw<XdrException>(() => XdrCodec.FromBytes<SCVal>(Nested(260))).Kind.ShouldBe(XdrErrorKind.DepthExceeded);
        Should.Throw<XdrException>(() => XdrCodec.FromBytes<SCVal>(Nested(1_000_000))).Kind.ShouldBe(XdrErrorKind.DepthExceeded);
        Should.Throw<XdrException>(() => XdrCodec.FromBytes<SCVal>(deep, new XdrLimits(100, 1_000_000))).Kind.ShouldBe(XdrErrorKind.DepthExceeded);
    }

    [Fact]
    public void Should_bound_the_size()
    {
        var limits = new XdrLimits(500, 8);

        Should.Throw<XdrException>(() => XdrCodec.FromBytes<SCVal>(new byte[12], limits)).Kind.ShouldBe(XdrErrorKind.SizeExceeded);
        Should.Throw<XdrException>(() => XdrCodec.FromBase64<SCVal>(new string('A', 1 << 20), limits)).Kind.ShouldBe(XdrErrorKind.SizeExceeded);
        Should.Throw<XdrException>(() => XdrCodec.ToBytes(ScVal.Bytes(new byte[9]), limits)).Kind.ShouldBe(XdrErrorKind.SizeExceeded);
    }

    [Theory]
    [InlineData("AAAAAQ")]
    [InlineData("AAAAAQ=")]
    [InlineData("AAAA AQ==")]
    [InlineData("AAAAAR==")]
    [InlineData("AAAAAQ==\n")]
    [InlineData("!")]
    public void Should_take_only_canonical_base64(string text) =>
        Should.Throw<XdrException>(() => XdrCodec.FromBase64<SCVal>(text)).Kind.ShouldBe(XdrErrorKind.InvalidBase64);

    [Fact]
    public void Should_not_allocate_what_a_length_only_promises()
    {
        // Levels of vectors that each promise as many elements as bytes are left.
        var bytes = new byte[1 << 20];
        for (var at = 0; at + 12 <= 240 * 12; at += 12)
        {
            bytes[at + 3] = 16;
            bytes[at + 7] = 1;
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(at + 8), (bytes.Length - at - 12) / 4);
        }

        bytes[(240 * 12) + 3] = 99;
        var before = GC.GetAllocatedBytesForCurrentThread();
        Should.Throw<XdrException>(() => XdrCodec.FromBytes<SCVal>(bytes)).Kind.ShouldBe(XdrErrorKind.UnknownEnumValue);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(4 * bytes.Length);
    }

    [Fact]
    public void Should_not_write_what_it_would_not_read()
    {
        Kind(new SCVal.Symbol(new SCSymbol(new string('a', 33)))).ShouldBe(XdrErrorKind.OverLength);
        Kind(new Hash(new XdrBytes(new byte[31]))).ShouldBe(XdrErrorKind.WrongLength);
        Kind(new SCVal.Error(new SCError.Auth((SCErrorCode)77))).ShouldBe(XdrErrorKind.UnknownEnumValue);

        static XdrErrorKind Kind(IXdrValue value) => Should.Throw<XdrException>(() => XdrCodec.ToBytes(value)).Kind;
    }

    [Fact]
    public void Should_compare_values_by_content()
    {
        var one = ScVal.Map(("a", ScVal.Bytes([1, 2])), ("b", ScVal.Vec(ScVal.U32(1))));
        var same = ScVal.Map(("b", ScVal.Vec(ScVal.U32(1))), ("a", ScVal.Bytes([1, 2])));
        var other = ScVal.Map(("a", ScVal.Bytes([1, 3])), ("b", ScVal.Vec(ScVal.U32(1))));

        one.ShouldBe(same);
        one.GetHashCode().ShouldBe(same.GetHashCode());
        one.ShouldNotBe(other);
    }

    private static byte[] Nested(int levels)
    {
        var bytes = new byte[(levels * 12) + 4];
        for (var level = 0; level < levels; level++)
        {
            bytes[(level * 12) + 3] = 16;
            bytes[(level * 12) + 7] = 1;
            bytes[(level * 12) + 11] = 1;
        }

        bytes[^1] = 1;
        return bytes;
    }
}
