using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Payouts.Contracts;

/// <summary>
/// Names one debt. It is derived from the network, the contract and the contract's own idempotency key
/// (context, pool, round, winner), so the same debt can never get two ids, whoever announces it and however often.
/// </summary>
/// <param name="Value">A UUID version 5 (RFC 9562).</param>
[JsonConverter(typeof(PayoutIdJsonConverter))]
public readonly record struct PayoutId(Guid Value)
{
    private static ReadOnlySpan<byte> NonceDomain => "payout authorization nonce\n"u8;

    private static readonly Guid Namespace = Guid.Parse("6f2c1b1e-5d0a-4d0c-9a53-1f7a0b6f5c11");

    /// <summary>The id of the debt that the contract knows as (context, poolId, roundNumber, winner).</summary>
    public static PayoutId Derive(string networkPassphrase, string contractId, string context, uint poolId, uint roundNumber, string winner)
    {
        // A line feed cannot occur in any part, so no two keys share a text.
        var name = string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"{networkPassphrase}\n{contractId}\n{context}\n{poolId}\n{roundNumber}\n{winner}");
        var input = new byte[16 + Encoding.UTF8.GetByteCount(name)];
        Namespace.TryWriteBytes(input, bigEndian: true, out _);
        Encoding.UTF8.GetBytes(name, input.AsSpan(16));
        Span<byte> hash = stackalloc byte[20];
        SHA1.HashData(input, hash); // UUID version 5 is defined over SHA-1; the id is a name, not a proof.
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new PayoutId(new Guid(hash[..16], bigEndian: true));
    }

    /// <summary>
    /// The nonce of every authorization of this payout. The ledger takes an account's nonce once until the authorization's last ledger, so two of one
    /// payout exclude each other on whichever channels they come.
    /// </summary>
    public long AuthorizationNonce()
    {
        Span<byte> input = stackalloc byte[NonceDomain.Length + 16];
        NonceDomain.CopyTo(input);
        Value.TryWriteBytes(input[NonceDomain.Length..], bigEndian: true, out _);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }

    /// <summary>Reads the id's text form.</summary>
    /// <exception cref="FormatException">Not a UUID.</exception>
    public static PayoutId Parse(string text) => new(Guid.Parse(text));

    /// <inheritdoc />
    public override string ToString() => Value.ToString("D");
}

internal sealed class PayoutIdJsonConverter : JsonConverter<PayoutId>
{
    public override PayoutId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetGuid(out var id)
            ? new PayoutId(id)
            : throw new JsonException("a payout id is a UUID in quotes, such as \"0f8fad5b-d9cb-569f-a165-70867728950e\"");

    public override void Write(Utf8JsonWriter writer, PayoutId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
