using System.Text.Json;

namespace Payouts.Stellar.Tests;

/// <summary>Envelopes of real networks with the hashes that their ledgers recorded.</summary>
public sealed record HashVector(string Network, string Hash, string Envelope, bool FeeBump, string? InnerHash);

/// <summary>Envelope, result and meta of a transaction as the devnet's ledger recorded them, base64.</summary>
public sealed record OutcomeVector(string Name, string Envelope, string Result, string Meta);

/// <summary>The valid and invalid addresses of SEP-23.</summary>
public sealed record StrKeyVectors(string[] Valid, string[] Invalid);

public static class Vectors
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static IReadOnlyList<HashVector> Hashes { get; } = Read<HashVector[]>("tx-hash-vectors.json");

    public static IReadOnlyList<OutcomeVector> Outcomes { get; } = Read<OutcomeVector[]>("payout-outcomes.json");

    public static StrKeyVectors StrKeys { get; } = Read<StrKeyVectors>("strkey-vectors.json");

    private static T Read<T>(string file) =>
        JsonSerializer.Deserialize<T>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", file)), Options)
        ?? throw new InvalidDataException($"{file} is empty");
}
