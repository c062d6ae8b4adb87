using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace Payouts.Signers.Tests;

/// <summary>Things to sign, and what the tests guard their keys with.</summary>
internal static class Hashes
{
    public static readonly AccountId Stranger = Named("stranger").AccountId;

    /// <summary>Short enough for tests that provoke every limit.</summary>
    public static readonly SigningLimits Limits = new() { TryTimeout = TimeSpan.FromSeconds(10), RetryDelay = TimeSpan.FromMilliseconds(1), TriesMax = 3 };

    public static TransactionHash Number(int number) => new(SHA256.HashData(Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture))));

    public static KeyPair Named(string name) => KeyPair.FromRawSeed(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    public static GuardedKey Guard(this ISigningKey key, AccountId expected, SigningLimits? limits = null, TimeProvider? time = null) =>
        new(key, "test", expected, limits ?? Limits, time ?? TimeProvider.System, NullLogger<GuardedKey>.Instance);

    public static async Task<SigningProblem> ProblemAsync(Func<Task> sign) => (await Should.ThrowAsync<SigningFailedException>(sign)).Problem;
}
