using System.Buffers.Binary;
using System.Text;

namespace Payouts.Tests.EndToEnd.Tracing;

/// <summary>A span as it was exported.</summary>
internal sealed record CollectedSpan(string Service, string TraceId, string ParentId, string Name, ulong StartNs, ulong EndNs, IReadOnlyDictionary<string, string> Tags);

/// <summary>
/// Reads an ExportTraceServiceRequest, as far as these tests look: opentelemetry-proto's trace/v1/trace.proto names the numbers. Written down here,
/// because no package brings the generated classes without a whole collector.
/// </summary>
internal static class TraceExport
{
    public static IEnumerable<CollectedSpan> Read(byte[] request) =>
        from resourceSpans in Fields(request).Where(x => x.Number == 1).ToList()
        let service = Tags(Fields(Message(resourceSpans.Bytes, 1)), 1).GetValueOrDefault("service.name", "")
        from scopeSpans in Fields(resourceSpans.Bytes).Where(x => x.Number == 2)
        from span in Fields(scopeSpans.Bytes).Where(x => x.Number == 2)
        select SpanOf(service, [.. Fields(span.Bytes)]);

    private static CollectedSpan SpanOf(string service, List<Field> fields) => new(
        service, Hex(fields, 1), Hex(fields, 4), Encoding.UTF8.GetString(fields.Single(x => x.Number == 5).Bytes), Fixed(fields, 7), Fixed(fields, 8), Tags(fields, 9));

    private static Dictionary<string, string> Tags(IEnumerable<Field> fields, int number) => fields.Where(x => x.Number == number)
        .Select(x => Fields(x.Bytes).ToList())
        .ToDictionary(x => Encoding.UTF8.GetString(x.Single(y => y.Number == 1).Bytes), x => ValueOf(Message(x, 2)));

    // AnyValue: text is field 1, a whole number field 3.
    private static string ValueOf(byte[] value) => Fields(value).Select(x => x.Number == 1 ? Encoding.UTF8.GetString(x.Bytes) : $"{x.Value}").FirstOrDefault() ?? "";

    private static byte[] Message(byte[] message, int number) => Message(Fields(message), number);

    private static byte[] Message(IEnumerable<Field> fields, int number) => fields.FirstOrDefault(x => x.Number == number)?.Bytes ?? [];

    private static string Hex(List<Field> fields, int number) => Convert.ToHexStringLower(Message(fields, number));

    private static ulong Fixed(List<Field> fields, int number) => fields.Single(x => x.Number == number).Value;

    private static IEnumerable<Field> Fields(byte[] message)
    {
        for (var at = 0; at < message.Length;)
        {
            var (tag, number) = (Varint(message, ref at), 0);
            number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    yield return new Field(number, Varint(message, ref at), []);
                    break;
                case 1:
                    yield return new Field(number, BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(at)), []);
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    yield return new Field(number, 0, message[at..(at + length)]);
                    at += length;
                    break;
                case 5:
                    yield return new Field(number, BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(at)), []);
                    at += 4;
                    break;
                default:
                    throw new FormatException($"wire type {tag & 7} at {at}");
            }
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }

    private sealed record Field(int Number, ulong Value, byte[] Bytes);
}
