using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Stellar.Tests.Xdr;

/// <summary>
/// Reading and writing allocate for the values themselves, never for a primitive on the way. Counted by the runtime, to the byte, after the
/// compiler has done its work.
/// </summary>
public sealed class When_primitives_are_read_and_written
{
    private const int WarmUps = 200;
    private const int Times = 1000;
    private static readonly XdrBytes Payload = new(new byte[37]);
    private static readonly byte[] Written = WriteAll(new byte[256]);

    [Fact(Timeout = 30_000)]
    public void Should_read_without_allocating() => AllocatedBytes(static () => ReadNumbers(Written)).ShouldBe(0);

    [Fact(Timeout = 30_000)]
    public void Should_write_without_allocating()
    {
        var buffer = new byte[256];

        AllocatedBytes(() => WriteNumbersAndBytes(buffer)).ShouldBe(0);
    }

    [Fact(Timeout = 30_000)]
    public void Should_allocate_for_opaque_bytes_only_the_bytes_themselves()
    {
        // An array: 24 bytes of header and length, its content rounded up to eight.
        const int ArrayBytes = 24 + 40;

        AllocatedBytes(static () => ReadOpaque(Written)).ShouldBe(ArrayBytes * Times);
    }

    [Fact(Timeout = 30_000)]
    public void Should_count_what_is_allocated()
    {
        // The measure itself: what allocates must show, or the zeros above say nothing.
        AllocatedBytes(static () => GC.KeepAlive(new byte[8])).ShouldBe(32 * Times);
    }

    private static long AllocatedBytes(Action action)
    {
        for (var i = 0; i < WarmUps; i++)
        {
            action();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Times; i++)
        {
            action();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void ReadNumbers(byte[] bytes)
    {
        var reader = new XdrReader(bytes, XdrLimits.Default, "primitives");
        var outer = reader.Enter("struct");
        Require(reader.ReadInt32() == -7);
        Require(reader.ReadUInt32() == uint.MaxValue);
        Require(reader.ReadInt64() == long.MinValue);
        Require(reader.ReadUInt64() == ulong.MaxValue);
        Require(reader.ReadBool());
        Require(!reader.ReadBool());
        Require(SCValTypeXdr.Read(ref reader) == SCValType.SCV_MAP);
        Require(reader.ReadFixedOpaque(0).Length == 0);
        reader.Leave(outer);
    }

    private static void ReadOpaque(byte[] bytes)
    {
        // Behind the numbers that ReadNumbers reads: 4 + 4 + 8 + 8 + 4 + 4 + 4.
        var reader = new XdrReader(bytes.AsSpan(36), XdrLimits.Default, "opaque");
        Require(reader.ReadVarOpaque(uint.MaxValue).Length == 37);
        reader.RequireEnd();
    }

    private static void WriteNumbersAndBytes(byte[] buffer)
    {
        var writer = new XdrWriter(XdrLimits.Default, buffer);
        Write(ref writer);
        Require(writer.Written.SequenceEqual(Written));
    }

    private static byte[] WriteAll(byte[] buffer)
    {
        var writer = new XdrWriter(XdrLimits.Default, buffer);
        Write(ref writer);
        return writer.Written.ToArray();
    }

    private static void Write(ref XdrWriter writer)
    {
        var outer = writer.Enter("struct");
        writer.WriteInt32(-7);
        writer.WriteUInt32(uint.MaxValue);
        writer.WriteInt64(long.MinValue);
        writer.WriteUInt64(ulong.MaxValue);
        writer.WriteBool(true);
        writer.WriteBool(false);
        SCValTypeXdr.Write(ref writer, SCValType.SCV_MAP);
        writer.WriteVarOpaque(Payload, uint.MaxValue);
        writer.Leave(outer);
    }

    // No Shouldly inside the count: it allocates.
    private static void Require(bool holds)
    {
        if (!holds)
        {
            throw new ShouldAssertException("read or written otherwise than expected");
        }
    }
}
