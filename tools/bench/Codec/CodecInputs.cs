using System.Text.Json;
using Payouts.Stellar;

namespace Payouts.Bench.Codec;

/// <summary>What both sides read: the committed vectors of tests/Stellar, from the folder of the script that measures the other side.</summary>
internal static class CodecInputs
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The folder of peer.mjs and its packages.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "codec-js");

    /// <summary>Signed envelopes of real networks.</summary>
    public static IReadOnlyList<EnvelopeVector> Envelopes { get; } = Read<EnvelopeVector[]>("tx-hash-vectors.json");

    /// <summary>Payouts and classic transactions as the devnet's ledger recorded them.</summary>
    public static IReadOnlyList<OutcomeVector> Outcomes { get; } = Read<OutcomeVector[]>("payout-outcomes.json");

    /// <summary>The accounts (G...) of SEP-23.</summary>
    public static string[] Accounts { get; } = [.. Read<StrKeyVector>("strkey-vectors.json").Valid.Where(text => text[0] == 'G')];

    /// <summary>The same key in every run.</summary>
    public static byte[] Seed { get; } = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private static T Read<T>(string file) =>
        JsonSerializer.Deserialize<T>(File.ReadAllText(Path.Combine(Folder, "vectors", file)), Json) ?? throw new InvalidDataException($"{file} is empty");
}

/// <summary>An envelope with the network it is of: PUBLIC or TESTNET.</summary>
internal sealed record EnvelopeVector(string Network, string Hash, string Envelope)
{
    public Network Where() => Network == "PUBLIC" ? Stellar.Network.Public : Stellar.Network.Testnet;
}

/// <summary>What a ledger recorded of a transaction, base64.</summary>
internal sealed record OutcomeVector(string Name, string Result, string Meta);

/// <summary>The valid addresses of SEP-23.</summary>
internal sealed record StrKeyVector(string[] Valid);
