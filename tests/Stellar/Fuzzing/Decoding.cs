using Payouts.Stellar.Tests.Judging;
using Payouts.Stellar.Xdr;
using Shouldly;

namespace Payouts.Stellar.Tests.Fuzzing;

/// <summary>One input decoded, with what it cost: it either fails with an <see cref="XdrException"/> or is what would be written again.</summary>
/// <param name="Error">Null: the bytes are a value of the type.</param>
/// <param name="AllocatedBytes">All that decoding allocated, the exception included.</param>
internal readonly record struct Decoding(XdrException? Error, long AllocatedBytes)
{
    // What an exception with its text and its stack trace takes, and then for each byte of input the objects that it may become: the
    // smallest union arm is 4 bytes on the wire, and here an object, its place in an array, and that array's smaller predecessors.
    private const int BaseBytes = 8 * 1024;
    private const int BytesPerByte = 32;

    /// <summary>The most that decoding so many bytes may allocate.</summary>
    public static long AllocatedBytesMax(int length) => BaseBytes + ((long)BytesPerByte * length);

    /// <param name="about">Which input this is, for the message of a failure.</param>
    public static Decoding Of(Input input, string about)
    {
        var decoding = Measure(input, about);
        // What a type allocates at its first use is not the input's: only what it costs again is.
        return Bounded(decoding.AllocatedBytes <= AllocatedBytesMax(input.Bytes.Length) ? decoding : Measure(input, about), input, about);
    }

    private static Decoding Measure(Input input, string about)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        IXdrValue value;
        try
        {
            value = XdrTypes.Decode(input.Type, input.Bytes);
        }
        catch (XdrException exception)
        {
            return new Decoding(exception, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{about}: {input}", exception);
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return XdrCodec.ToBytes(value).AsSpan().SequenceEqual(input.Bytes)
            ? new Decoding(null, allocated)
            : throw new ShouldAssertException($"{about}: read and written otherwise: {input}");
    }

    private static Decoding Bounded(Decoding decoding, Input input, string about) =>
        decoding.AllocatedBytes <= AllocatedBytesMax(input.Bytes.Length)
            ? decoding
            : throw new ShouldAssertException($"{about}: {input.Bytes.Length} bytes made {decoding.AllocatedBytes} bytes of memory, at most {AllocatedBytesMax(input.Bytes.Length)} are right: {input}");
}
