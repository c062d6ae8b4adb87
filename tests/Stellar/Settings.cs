using System.Globalization;

namespace Payouts.Stellar.Tests;

/// <summary>What a longer run is told through the environment; tests/Stellar/README.md lists the names.</summary>
internal static class Settings
{
    /// <summary>Where the corpus is to be written anew or extended; null: it is only read.</summary>
    public static string? CorpusFolder { get; } = Environment.GetEnvironmentVariable("STELLAR_CORPUS_FOLDER") is { Length: > 0 } folder ? folder : null;

    public static int Number(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
