using System.Text.Json;
using Payouts.Contracts;

namespace Payouts.Run.Play;

/// <summary>The file is not a round; the message says where and what would be right.</summary>
internal sealed class RoundFileException(string message) : Exception(message);

/// <summary>A round in a file, from opening to draw; samples/rounds/README.md describes it.</summary>
internal sealed record RoundFile
{
    /// <summary>The game's name of the round.</summary>
    public required string RoundId { get; init; }

    /// <summary>First part of the contract's key.</summary>
    public required string Context { get; init; }

    /// <summary>Second part of the contract's key.</summary>
    public required uint PoolId { get; init; }

    /// <summary>Third part of the contract's key.</summary>
    public required uint RoundNumber { get; init; }

    /// <summary>What stakes and prizes are counted in.</summary>
    public required string Currency { get; init; }

    /// <summary>Who put in what.</summary>
    public required IReadOnlyList<RoundEntry> Entries { get; init; }

    /// <summary>Who won what.</summary>
    public required RoundDraw Draw { get; init; }

    /// <summary>Reads the file.</summary>
    /// <exception cref="RoundFileException">Not there, or not a round.</exception>
    public static async Task<RoundFile> ReadAsync(FileInfo file, CancellationToken cancellationToken)
    {
        if (!file.Exists)
            throw new RoundFileException($"{file.FullName} does not exist; rounds to try are in samples/rounds");
        try
        {
            await using var stream = file.OpenRead();
            return await JsonSerializer.DeserializeAsync<RoundFile>(stream, ContractsJson.Options, cancellationToken)
                ?? throw new RoundFileException($"{file.Name} holds null instead of a round");
        }
        catch (JsonException wrong)
        {
            throw new RoundFileException($"{file.Name}: {wrong.Message}");
        }
    }
}

/// <summary>The draw of a round in a file.</summary>
internal sealed record RoundDraw
{
    /// <summary>Nobody: stakes are refunded.</summary>
    public required IReadOnlyList<RoundWinner> Winners { get; init; }

    /// <summary>What the house adds.</summary>
    public string? Yield { get; init; }
}
