using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using NSec.Cryptography;
using Payouts.Signers;
using Payouts.Signers.Local;
using Payouts.Signers.Pkcs11;
using Payouts.Stellar;
using Payouts.Tests.Signers;

namespace Payouts.Bench.Signers;

/// <summary>
/// Signatures a second of each provider behind the guard, which verifies every one, beside bare NSec in the same run. The clouds' rows are
/// doubles on this host: what the client itself costs, without the network's and the cloud's time.
/// </summary>
internal static class SignersBench
{
    private const int HashesMax = 1024;
    private const int RepeatsMax = 10;
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(500);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private static readonly TransactionHash[] Hashes = [.. Enumerable.Range(0, HashesMax).Select(number => new TransactionHash(SHA256.HashData(BitConverter.GetBytes(number))))];

    public static async Task<int> RunAsync(TimeSpan time, int atOnce, FileInfo? json, CancellationToken cancellationToken)
    {
        using var hsm = new SoftHsm();
        using var pair = KeyPair.FromRawSeed(SHA256.HashData("a key of the benchmark"u8));
        var rows = new List<SignersRow>();
        using var bare = Key.Import(SignatureAlgorithm.Ed25519, SHA256.HashData("a key of the benchmark"u8), KeyBlobFormat.RawPrivateKey);
        var sign = await RateAsync((hash, _) => Task.FromResult(SignatureAlgorithm.Ed25519.Sign(bare, hash.Bytes)), 1, time, cancellationToken);
        var signAndVerify = await RateAsync((hash, _) =>
        {
            var signature = SignatureAlgorithm.Ed25519.Sign(bare, hash.Bytes);
            return SignatureAlgorithm.Ed25519.Verify(bare.PublicKey, hash.Bytes, signature) ? Task.FromResult(signature) : throw new InvalidOperationException("NSec refuses its own signature.");
        }, 1, time, cancellationToken);

        await AddAsync("hot key", "in this process", new LocalKey(pair), pair.AccountId);
        var token = hsm.CreateToken();
        var account = token.GenerateKey("bench");
        await AddAsync("pkcs11", "SoftHSM2", new Pkcs11Key(token.Options("bench", atOnce)), account);
        foreach (var (name, provider) in new (string, ProviderDouble)[] { ("vault", new VaultDouble()), ("aws-kms", new AwsKmsDouble()), ("gcp-kms", new GoogleKmsDouble()) })
        {
            await using (provider)
            {
                await provider.StartAsync(cancellationToken);
                await AddAsync(name, "local double: the client's own cost", provider.CreateKey(), provider.Key.AccountId);
            }
        }

        var result = new SignersResult(TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Environment.ProcessorCount, atOnce, sign, signAndVerify, rows);
        Print(result);
        if (json is not null)
            await File.WriteAllTextAsync(json.FullName, JsonSerializer.Serialize(result, Json), cancellationToken);
        return 0;

        async Task AddAsync(string name, string what, ISigningKey adapter, AccountId expected)
        {
            await using var key = new GuardedKey(adapter, name, expected, new SigningLimits { ConcurrencyMax = atOnce }, TimeProvider.System, NullLogger<GuardedKey>.Instance);
            if (await key.ProveAsync(cancellationToken) is not KeyState.Proven)
                throw new InvalidOperationException($"{name}: {key.State}");
            rows.Add(new SignersRow(name, what, await RateAsync(key.SignAsync, 1, time, cancellationToken), await RateAsync(key.SignAsync, atOnce, time, cancellationToken)));
        }
    }

    /// <summary>
    /// Signatures a second with so many under way at once: the fastest repeat, because other work on the machine can only make one slower; and the
    /// processor time of this process for each, which other work hardly touches.
    /// </summary>
    private static async Task<Rate> RateAsync(Func<TransactionHash, CancellationToken, Task<byte[]>> sign, int atOnce, TimeSpan time, CancellationToken cancellationToken)
    {
        await RunAsync(WarmUp);
        var (fastest, done, before) = (0d, 0L, Environment.CpuUsage.TotalTime);
        for (var repeat = 0; repeat < RepeatsMax; repeat++)
        {
            var (count, seconds) = await RunAsync(time / RepeatsMax);
            (fastest, done) = (Math.Max(fastest, count / seconds), done + count);
        }

        return new Rate(fastest, (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / done);

        async Task<(long Count, double Seconds)> RunAsync(TimeSpan within)
        {
            var count = 0L;
            var clock = Stopwatch.StartNew();
            await Task.WhenAll(Enumerable.Range(0, atOnce).Select(worker => Task.Run(async () =>
            {
                for (var i = worker; clock.Elapsed < within; i++)
                {
                    await sign(Hashes[i % HashesMax], cancellationToken);
                    Interlocked.Increment(ref count);
                }
            }, cancellationToken)));
            return (count, clock.Elapsed.TotalSeconds);
        }
    }

    private static void Print(SignersResult result)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Cores} cores; each signature is verified as the ledger does it"));
        Console.WriteLine();
        Console.WriteLine($"| provider | what | one at a time, /s | CPU us each | {result.AtOnce} at once, /s | CPU us each |");
        Console.WriteLine("|---|---|---|---|---|---|");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| NSec | sign alone, one thread | {result.NSecSign.PerSecond:0} | {result.NSecSign.CpuMicroseconds:0} | | |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| NSec | sign and verify, one thread | {result.NSecSignAndVerify.PerSecond:0} | {result.NSecSignAndVerify.CpuMicroseconds:0} | | |"));
        foreach (var row in result.Rows)
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {row.Provider} | {row.What} | {row.OneAtATime.PerSecond:0} | {row.OneAtATime.CpuMicroseconds:0} | {row.ManyAtOnce.PerSecond:0} | {row.ManyAtOnce.CpuMicroseconds:0} |"));
    }
}

/// <summary>Signatures a second, and the processor time of one in microseconds.</summary>
internal sealed record Rate(double PerSecond, double CpuMicroseconds);

/// <summary>One provider.</summary>
internal sealed record SignersRow(string Provider, string What, Rate OneAtATime, Rate ManyAtOnce);

/// <summary>The results as JSON.</summary>
internal sealed record SignersResult(string Date, int Cores, int AtOnce, Rate NSecSign, Rate NSecSignAndVerify, IReadOnlyList<SignersRow> Rows);
